//! `scatter-prep`: a folder of clips, or one long recording, becomes a map that can be heard.
//!
//! Arguments are parsed ([`cli`]), resolved ([`settings`]), and carried out ([`prepare`], [`serve`], [`model`]). Data flows
//! source → clip → patch → embedding → projection → dataset; [`pipeline`] does all up to the embeddings, [`map`]
//! the projections, [`output`] the files.

mod checksum;
mod cli;
mod interrupt;
mod labels;
mod map;
mod metadata;
mod model;
mod output;
mod pipeline;
mod prepare;
mod progress;
mod report;
mod serve;
mod settings;
mod shown;
mod stage;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use cli::{Cli, Command};
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
        Some(Command::Model(command)) => finish(model::run(&command)),
        None => {
            let json = cli.prepare.json;
            match Settings::resolve(cli.prepare) {
                Err(error) => fail(&error, 2),
                Ok(settings) => finish(prepare::run(&settings, &Progress).and_then(|report| {
                    let text = if json { serde_json::to_string_pretty(&report)? } else { report.to_string() };
                    // The map is made, whether or not anybody reads the report to its end.
                    let _ = writeln!(std::io::stdout(), "{text}");
                    Ok(())
                })),
            }
        }
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
    ExitCode::from(code)
}
