//! What the measuring programs have in common: ears that hear as `scatter-prep` does, and labelled sets to map.
//!
//! `scatter-quality` compares every stage with its reference, `scatter-speed` times the model and the maps. Both are
//! run by `cargo xtask`, which brings what they need. Nothing of the product may import this.

pub mod hearing;
pub mod sets;
