//! The target `decode` with its engine; `cargo xtask fuzz` runs it.

#![no_main]

use std::alloc::System;

use cap::Cap;
use libfuzzer_sys::fuzz_target;
use scatter_fuzz::{MEMORY_BYTES, Target};

/// Beyond it an allocation fails, which is a find.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, MEMORY_BYTES);

fuzz_target!(init: Target::Decode.begin(), |bytes: &[u8]| Target::Decode.run(bytes));
