//! The dataset's files.

pub mod catalogue;
mod claim;
pub mod folder;
pub mod tiles;
