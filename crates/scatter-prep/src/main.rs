//! `scatter-prep`: a folder of clips, or one long recording, becomes a map that can be heard.
//!
//! Arguments are parsed ([`cli`]), resolved ([`settings`]), and carried out ([`prepare`], [`serve`], [`publish`], [`model`]). Data flows
//! source → clip → patch → embedding → projection → dataset; [`pipeline`] does all up to the embeddings and keeps them
//! ([`heard`]), [`assembly`] takes them from there, [`map`] makes the projections, [`output`] the files.

mod arrangement;
mod assembly;
mod cache;
mod charting;
mod checksum;
mod cli;
mod events;
mod heard;
mod interrupt;
mod isolation;
mod labels;
mod lock;
mod map;
mod metadata;
mod model;
mod output;
mod pipeline;
mod prepare;
mod progress;
mod publish;
mod remedy;
mod report;
mod runtime;
mod serve;
mod settings;
mod shown;
mod stage;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use cli::{Cli, Command, PrepareArgs};
use events::{Event, Events};
use progress::Progress;
use settings::Settings;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Printing fails only when nobody reads; the exit code still tells.
            let _ = error.print();
            let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match cli.command {
        Some(Command::Serve(args)) => finish(serve::run(&args)),
        Some(Command::Publish(args)) => finish(publish::run(&args)),
        Some(Command::Model(command)) => finish(model::run(&command)),
        Some(Command::Cache(command)) => finish(cache::run(&command)),
        Some(Command::Reader(args)) => finish(isolation::worker::run(&args)),
        None => prepare_map(cli.prepare),
    }
}

fn prepare_map(args: PrepareArgs) -> ExitCode {
    let events = if args.json { Events::Printed } else { Events::Untold };
    let failed = |error: &anyhow::Error, code| {
        events.tell(&Event::Failed { error: &format!("{error:#}"), exit_code: code });
        fail(error, code)
    };
    let settings = match Settings::resolve(args) {
        Ok(settings) => settings,
        Err(error) => return failed(&error, 2),
    };
    match prepare::run(&settings, Progress::new(events)) {
        Ok(report) => {
            events.tell(&Event::Finished { report: &report });
            if events == Events::Untold {
                // The map is made, whether or not anybody reads the report to its end.
                let _ = writeln!(std::io::stdout(), "{report}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => failed(&error, 1),
    }
}

fn finish(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, 1),
    }
}

fn fail(error: &anyhow::Error, code: u8) -> ExitCode {
    // Names of files stand in it.
    eprintln!("scatter-prep: {}", shown::lines(&format!("{error:#}")));
    if let Some(remedy) = remedy::of(error) {
        eprintln!("{remedy}");
    }
    ExitCode::from(code)
}
