//! The dataset's sound, of which a page fetches only what it plays. Pure: bytes and places in, bytes and places out.

pub mod frames;
pub mod head;
pub mod orders;
pub mod part;
pub mod seek;
pub mod sparse;
pub mod tape;
pub mod tiles;
