//! The dataset's files.

pub mod catalogue;
pub mod folder;
pub mod tiles;
