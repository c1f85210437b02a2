//! The real binary on real files: every test runs it in a fresh folder, and reads back what it wrote.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise, its helpers too")]

mod dataset;
mod failures;
mod fetch;
mod hostile;
mod isolation;
#[path = "../../../scatter-embed/tests/made_weights/mod.rs"]
mod made_weights;
mod mini;
mod model;
mod other_model;
mod publish;
mod real;
mod resume;
mod serve;
mod server;
mod support;
mod writing;
