//! Every stage against its reference, in tables: `cargo xtask quality` runs it with what it needs.
//!
//! Real audio, weights and reference outputs come from the folders that the tests use (`SCATTER_MODELS`,
//! `SCATTER_TEST_AUDIO`, `SCATTER_TEST_REFERENCE`); what cannot be measured without them is said. The exit code is 1 when
//! a figure is not as wanted.

mod fixture;
mod oracle;
mod stages;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use scatter_quality::hearing::{self, Ear};
use scatter_quality::sets::{self, LabelledSet};

use oracle::Oracle;
use table::Table;

/// Measures every stage against its reference, and prints one table a stage.
#[derive(Debug, Parser)]
struct Arguments {
    /// Python with the packages of oracle/requirements.txt
    #[arg(long, value_name = "FILE")]
    python: PathBuf,
    /// Folder for arrays that pass between programs
    #[arg(long, value_name = "FOLDER")]
    work: PathBuf,
    /// Folder of made sounds, a class a folder
    #[arg(long, value_name = "FOLDER")]
    synth: Option<PathBuf>,
    /// Folder of spoken words, a word a folder
    #[arg(long, value_name = "FOLDER")]
    spoken: Option<PathBuf>,
    /// Leave out the sets of 20,000 points and more, which take minutes
    #[arg(long)]
    quick: bool,
    /// Only the small model beside YAMNet
    #[arg(long)]
    mini: bool,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let folder = |variable: &str| {
        let folder = std::env::var_os(variable).map(PathBuf::from);
        if folder.is_none() {
            eprintln!("quality: {variable} is not set: what needs it is left out");
        }
        folder
    };
    let (models, audio, reference) =
        (folder("SCATTER_MODELS"), folder("SCATTER_TEST_AUDIO"), folder("SCATTER_TEST_REFERENCE"));
    let ear = Ear::find();
    if let Err(error) = &ear {
        eprintln!("quality: embeddings are left out: {error:#}");
    }
    let ear = ear.ok();

    let mut tables: Vec<Table> = Vec::new();
    if let Some(ear) = &ear {
        let folders = stages::small_model::Folders {
            audio: audio.clone(),
            made: arguments.synth.clone(),
            spoken: arguments.spoken.clone(),
        };
        tables.extend(stages::small_model::measure(ear, &folders)?);
    }
    if !arguments.mini {
        tables.extend(against_references(ear.as_ref(), [models, audio, reference], &arguments)?);
    }

    for table in &tables {
        println!("{table}");
    }
    let failed: usize = tables.iter().map(Table::failed).sum();
    eprintln!("quality: {failed} figures are not as wanted");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every stage against its reference.
fn against_references(
    ear: Option<&Ear>,
    [models, audio, reference]: [Option<PathBuf>; 3],
    arguments: &Arguments,
) -> Result<Vec<Table>> {
    let oracle = Oracle::new(arguments.python.clone(), &arguments.work)?;
    let mut tables = Vec::new();
    if let (Some(ear), Some(reference)) = (&ear, &reference) {
        tables.push(stages::front_end::measure(ear, models.as_deref(), reference)?);
    }
    if let (Some(ear), Some(audio)) = (&ear, &audio) {
        tables.push(stages::originals::measure(ear, audio)?);
    }
    if let Some(audio) = &audio {
        tables.push(stages::descriptors::measure(audio)?);
    }
    let mut sets = real_sets(ear, audio, arguments)?;
    tables.push(stages::naming::measure(&sets));
    sets.push(sets::generated(2_000));
    if !arguments.quick {
        sets.push(sets::generated(20_000));
    }
    tables.push(stages::principal_axes::measure(&sets, &oracle)?);
    tables.push(stages::measures::measure(&sets, &oracle)?);
    tables.extend(stages::maps::measure(&sets, &oracle)?);
    tables.push(stages::tsne::measure(&sets, &oracle)?);
    if !arguments.quick {
        tables.push(stages::neighbours::measure()?);
    }
    Ok(tables)
}

/// The sets of real embeddings that this machine can make.
fn real_sets(ear: Option<&Ear>, audio: Option<PathBuf>, arguments: &Arguments) -> Result<Vec<LabelledSet>> {
    let Some(ear) = ear else { return Ok(Vec::new()) };
    let mut sets = Vec::new();
    if let Some(audio) = audio {
        let long = audio.join("long");
        sets.push(sets::clips(ear, "ESC-10", &audio.join("esc10"), "ogg")?);
        sets.push(sets::recordings(ear, "ambience, by recording", &audio.join("ambience"), "ogg")?);
        sets.push(sets::joined_recording(
            ear,
            "outdoor, by quarter of an hour",
            &long.join("outdoor_16min.flac"),
            &long.join("outdoor_16min_segments.tsv"),
        )?);
    }
    if let Some(folder) = &arguments.synth {
        sets.push(sets::clips(ear, "made sounds", folder, "wav")?);
    }
    if let Some(folder) = &arguments.spoken {
        sets.push(sets::clips(ear, "spoken digits", folder, "wav")?);
    }
    Ok(sets)
}
