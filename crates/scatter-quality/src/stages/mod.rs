//! A module a stage: what is measured of it, and the bound it has to hold.

pub mod descriptors;
pub mod front_end;
pub mod maps;
pub mod measures;
pub mod naming;
pub mod neighbours;
pub mod originals;
pub mod principal_axes;
pub mod small_model;
pub mod tsne;
