//! What touches the browser: elements, network, pictures, sound, events.

mod answers;
mod app;
mod controls;
mod elements;
mod events;
mod fetch;
mod info;
mod keys;
mod load;
mod probe;
mod sound;
mod start;
