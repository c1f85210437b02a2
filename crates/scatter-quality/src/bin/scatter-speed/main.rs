//! How fast this machine can be: the model's inference alone, and the maps alone.
//!
//! `cargo xtask bench` runs it and holds `scatter-prep` against the figures. Each command prints one JSON object.

mod floor;
mod maps;
mod patches;
mod setting;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};
use scatter_quality::hearing::Ear;

use floor::Model;
use setting::Setting;

/// How fast this machine can be, without anything around it.
#[derive(Debug, Parser)]
#[command(name = "scatter-speed")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try settings of the model's runtime, and print the fastest
    Probe(Sounds),
    /// Embed as many patches as asked for, and print the seconds; loading and preparation are left out
    Floor {
        #[command(flatten)]
        sounds: Sounds,
        /// Patches to embed
        #[arg(long, value_name = "N")]
        count: usize,
        /// Sessions, threads and points a batch, as `probe` prints them
        #[arg(long, value_name = "SETTING")]
        setting: Setting,
    },
    /// Time preparation, neighbours, UMAP and PCA on points like YAMNet's embeddings
    Maps {
        /// Numbers of points
        #[arg(value_name = "N", required = true)]
        points: Vec<usize>,
        /// How often each is timed; the best counts
        #[arg(long, default_value_t = 3, value_name = "N")]
        rounds: usize,
    },
}

/// Where patches come from.
#[derive(Debug, Args)]
struct Sounds {
    /// Folder of clips, or a recording
    #[arg(long, value_name = "PATH")]
    sounds: PathBuf,
}

fn main() -> Result<()> {
    let json = match Arguments::parse().command {
        Command::Probe(Sounds { sounds }) => {
            let model = Model::new(&Ear::find()?)?;
            serde_json::to_string(&floor::probe(&model, &patches::of(&sounds)?)?)?
        }
        Command::Floor { sounds: Sounds { sounds }, count, setting } => {
            if count == 0 {
                bail!("--count is 0: name the number of patches");
            }
            let model = Model::new(&Ear::find()?)?;
            serde_json::to_string(&floor::measure(&model, setting, &patches::of(&sounds)?, count)?)?
        }
        Command::Maps { points, rounds } => {
            let times = points.into_iter().map(|points| maps::measure(points, rounds));
            serde_json::to_string(&times.collect::<Result<Vec<_>>>()?)?
        }
    };
    println!("{json}");
    Ok(())
}
