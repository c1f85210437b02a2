//! `cargo xtask synth`: a collection of labelled sounds made from nothing.
//!
//! Twenty classes, a folder each; every clip has its own pitch, pace, colour, length, sample rate and place in the
//! room. The same seed gives the same bytes, and a clip does not depend on how many others are made.

mod animals;
mod collection;
mod drums;
mod instruments;
mod nature;
mod random;
mod room;
mod scraps;
mod signal;
mod town;

use std::path::PathBuf;

use anyhow::Result;

use crate::workspace::Workspace;
use random::Random;

pub use collection::Collection;
pub use scraps::Scraps;

/// Arguments of `cargo xtask synth`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder to write to [default: target/synth]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How many clips to make, shared among the classes
    #[arg(long, value_name = "N", default_value_t = 300)]
    count: usize,
    /// The same seed makes the same sounds
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

/// Makes the collection the arguments ask for.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let out = arguments.out.clone().unwrap_or_else(|| workspace.target().join("synth"));
    Collection { count: arguments.count, seed: arguments.seed }.write(&out)?;
    Ok(())
}

/// What the clips of one class have in common.
struct Class {
    /// Label and folder name.
    name: &'static str,
    /// Shortest and longest clip, in seconds.
    seconds: [f64; 2],
    voice: fn(&mut Take) -> Vec<f64>,
}

const CLASSES: [Class; 20] = [
    Class { name: "bell", seconds: [1.2, 4.0], voice: instruments::bell },
    Class { name: "bird", seconds: [0.8, 3.0], voice: animals::bird },
    Class { name: "clock", seconds: [1.0, 3.0], voice: town::clock },
    Class { name: "cricket", seconds: [1.0, 3.0], voice: animals::cricket },
    Class { name: "dog", seconds: [0.4, 1.8], voice: animals::dog },
    Class { name: "engine", seconds: [1.5, 4.0], voice: town::engine },
    Class { name: "flute", seconds: [0.8, 3.0], voice: instruments::flute },
    Class { name: "footsteps", seconds: [1.0, 3.0], voice: town::footsteps },
    Class { name: "hi-hat", seconds: [0.4, 1.2], voice: drums::hi_hat },
    Class { name: "kick-drum", seconds: [0.4, 0.8], voice: drums::kick },
    Class { name: "plucked-string", seconds: [1.0, 4.0], voice: instruments::plucked_string },
    Class { name: "rain", seconds: [1.5, 4.0], voice: nature::rain },
    Class { name: "sea-waves", seconds: [2.0, 4.0], voice: nature::sea },
    Class { name: "siren", seconds: [1.2, 4.0], voice: town::siren },
    Class { name: "snare-drum", seconds: [0.4, 0.9], voice: drums::snare },
    Class { name: "telephone", seconds: [0.8, 2.5], voice: town::telephone },
    Class { name: "thunder", seconds: [2.0, 4.0], voice: nature::thunder },
    Class { name: "voice", seconds: [0.5, 2.0], voice: town::voice },
    Class { name: "water-drops", seconds: [0.6, 2.5], voice: nature::water_drops },
    Class { name: "wind", seconds: [1.5, 4.0], voice: nature::wind },
];

/// One clip in the making: what its class may draw on.
struct Take {
    random: Random,
    /// Sample rate in Hz.
    rate: f64,
    /// Length of the clip.
    seconds: f64,
}

impl Take {
    fn samples(&self) -> usize {
        (self.seconds * self.rate) as usize
    }

    /// Calls `voice(t, random, rate)` for each sample; `t` in seconds.
    fn render(&mut self, mut voice: impl FnMut(f64, &mut Random, f64) -> f64) -> Vec<f64> {
        let rate = self.rate;
        (0..self.samples()).map(|k| voice(k as f64 / rate, &mut self.random, rate)).collect()
    }
}
