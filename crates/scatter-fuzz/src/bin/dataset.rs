//! The target `dataset` with its engine; `cargo xtask fuzz` runs it.

#![no_main]

use std::alloc::System;

use cap::Cap;
use libfuzzer_sys::fuzz_target;
use scatter_fuzz::{MEMORY_BYTES, Target};

/// Beyond it an allocation fails, which is a find.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, MEMORY_BYTES);

fuzz_target!(init: Target::Dataset.begin(), |bytes: &[u8]| Target::Dataset.run(bytes));
