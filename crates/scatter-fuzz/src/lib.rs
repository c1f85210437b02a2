//! Fuzz targets: what hostile bytes must not do to the readers.
//!
//! In: any bytes, as a file might hold them. Out: nothing, or a panic, which a fuzzing engine reports as a find. Each
//! [`Target`] hands the bytes to a reader of the product as a user's file would reach it, and holds what is accepted
//! against what the reader promises. [`Target::seeds`] are small valid files to begin from, made here.
//!
//! `cargo xtask fuzz` builds the programs in `src/bin` with coverage counters and runs them. Nothing imports this crate.

mod dataset;
mod decode;
mod hdf5;
mod scratch;
mod seeds;
mod target;

pub use target::{MEMORY_BYTES, Seed, Target};
