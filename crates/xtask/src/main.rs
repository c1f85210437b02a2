//! `cargo xtask …`: what a contributor or CI runs.
//!
//! `setup` brings what a fresh machine lacks, `web` builds the page, `synth` makes sounds, `synth-map` maps of any size, `demo` goes from nothing to
//! a map in the browser, `test` runs every test there is, `quality` measures every stage against its reference, `memory`
//! proves that memory is bounded, `bench` how fast it is, `baseline` how fast the original was, `viewer-bench` how fast
//! the page draws, `fuzz` feeds hostile bytes
//! to the readers. Nothing here is part of the product; no crate may import it, and of them it imports the rule for
//! datasets' names alone.

mod bench;
mod demo;
mod fuzz;
mod memory;
mod process;
mod python;
mod quality;
mod setup;
mod synth;
mod synth_map;
mod table;
mod test;
mod watch;
mod wav;
mod web;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use setup::Scope;
use workspace::Workspace;

/// What a contributor or CI runs.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install everything a fresh machine lacks; does nothing the second time
    Setup,
    /// Build the page's WebAssembly into web/pkg
    Web,
    /// Make a collection of labelled sounds
    Synth(synth::Arguments),
    /// Make a map of any number of points, without sounds or a model
    SynthMap(synth_map::Arguments),
    /// Set up, prepare a collection (made here, unless one is named) and serve its map
    Demo(demo::Arguments),
    /// Measure every stage against its reference implementation, and print the tables
    Quality(quality::Arguments),
    /// Measure whether memory is bounded: ten hours of sound, and 100,000 files
    Memory(memory::Arguments),
    /// Measure how fast scatter-prep is, against the model's inference alone, and add the result to docs/bench.md
    Bench(bench::Arguments),
    /// Measure how fast the original project's libraries are with the same clips
    Baseline(bench::baseline::Arguments),
    /// Measure the page's frames a second beside scatter-gl's, and add the result to docs/bench.md
    ViewerBench(bench::viewer::Arguments),
    /// Feed hostile bytes to the readers for a while, and report what they broke
    Fuzz(fuzz::Arguments),
    /// Run every test: format, lints, native, wasm and browser
    Test(test::Arguments),
}

fn main() -> ExitCode {
    let done = Workspace::find().and_then(|workspace| run(&workspace, Arguments::parse().task));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(workspace: &Workspace, task: Task) -> Result<ExitCode> {
    match task {
        Task::Setup => setup::run(workspace, Scope::Everything).map(|()| ExitCode::SUCCESS),
        Task::Web => web::build(workspace).map(|_| ExitCode::SUCCESS),
        Task::Synth(arguments) => synth::run(workspace, &arguments).map(|()| ExitCode::SUCCESS),
        Task::SynthMap(arguments) => synth_map::run(workspace, &arguments).map(|()| ExitCode::SUCCESS),
        Task::Demo(arguments) => demo::run(workspace, &arguments).map(|()| ExitCode::SUCCESS),
        Task::Quality(arguments) => quality::run(workspace, &arguments),
        Task::Memory(arguments) => memory::run(workspace, &arguments),
        Task::Bench(arguments) => bench::run(workspace, &arguments),
        Task::Baseline(arguments) => bench::baseline::run(workspace, &arguments),
        Task::ViewerBench(arguments) => bench::viewer::run(workspace, &arguments),
        Task::Fuzz(arguments) => fuzz::run(workspace, &arguments),
        Task::Test(arguments) => test::run(workspace, &arguments),
    }
}
