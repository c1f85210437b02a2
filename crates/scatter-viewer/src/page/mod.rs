//! What touches the browser: elements, network, pictures, sound, events.

mod answers;
mod app;
mod clips;
mod controls;
mod drawing;
mod elements;
mod events;
mod fetch;
mod info;
mod keys;
mod legend;
mod load;
mod loudspeakers;
mod moving;
mod player;
mod player_picture;
mod probe;
mod recovery;
mod sound;
mod soundbar;
mod start;
mod stroke;
mod theme;
mod tile;
mod timeline;
mod timeline_events;
