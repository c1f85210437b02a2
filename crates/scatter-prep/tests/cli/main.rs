//! The real binary on real files: every test runs it in a fresh folder, and reads back what it wrote.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise, its helpers too")]

mod dataset;
mod failures;
mod model;
mod real;
mod serve;
mod support;
