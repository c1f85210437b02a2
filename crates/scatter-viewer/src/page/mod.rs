//! What touches the browser: elements, network, pictures, sound, events.

mod answers;
mod app;
mod clips;
mod controls;
mod elements;
mod events;
mod fetch;
mod info;
mod keys;
mod load;
mod loudspeakers;
mod probe;
mod sound;
mod soundbar;
mod start;
mod stroke;
