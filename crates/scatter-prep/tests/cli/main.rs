//! The real binary on real files: every test runs it in a fresh folder, and reads back what it wrote.

mod dataset;
mod failures;
mod real;
mod serve;
mod support;
