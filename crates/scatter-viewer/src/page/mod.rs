//! What touches the browser: elements, network, pictures, sound, events.

mod answers;
mod app;
mod clips;
mod controls;
mod drawing;
mod elements;
mod events;
mod fetch;
mod history;
mod info;
mod keys;
mod legend;
mod load;
mod loudspeakers;
mod moving;
mod names;
mod probe;
mod recovery;
mod sound;
mod soundbar;
mod start;
mod stroke;
mod theme;
