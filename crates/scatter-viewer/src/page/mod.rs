//! What touches the browser: elements, network, pictures, sound, events.

mod answers;
mod app;
mod controls;
mod drawing;
mod elements;
mod events;
mod fetch;
mod info;
mod keys;
mod legend;
mod load;
mod moving;
mod names;
mod probe;
mod recovery;
mod sound;
mod start;
mod theme;
