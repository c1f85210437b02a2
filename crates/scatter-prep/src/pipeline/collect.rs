//! Puts results in the order of their tasks, and hands them on: sound, tile, batch, row.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use crossbeam_channel::Receiver;
use scatter_audio::{AudioSprite, Descriptors, Pitch};
use scatter_dataset::{AUDIO_FILE, Kind};

use super::analysis::Analysed;
use super::embedding::Batcher;
use super::{TILE_STORE, Tools};
use crate::output::tiles::TileStore;
use crate::progress::StageBar;
use crate::report::{Note, Skipped};
use crate::stage::Stage;

/// A worker's result: task number, source, and what came of it.
pub type Outcome = (usize, String, Result<Analysed, String>);

/// One point's table entries.
#[derive(Debug, Clone)]
pub struct Row {
    /// Path of its file below the folder, or the recording's file name.
    pub source: String,
    /// Start in the source, in seconds.
    pub start_seconds: f64,
    /// Length of the source, in seconds.
    pub source_seconds: f64,
    /// Descriptors.
    pub descriptors: Descriptors,
    /// Pitch.
    pub pitch: Pitch,
}

/// Gathers rows while sound, tiles and patches go their ways.
pub struct Collector<'a> {
    tools: &'a Tools<'a>,
    sprite: Option<AudioSprite>,
    batcher: Batcher,
    collected: Collected,
}

/// Everything that was gathered.
pub struct Collected {
    /// A row a point.
    pub rows: Vec<Row>,
    /// Tiles of the points.
    pub tiles: TileStore,
    /// Samples in the audio sprite; 0 for a recording, whose feeder writes it.
    pub audio_samples: u64,
    /// Files that made no point.
    pub skipped: Vec<Skipped>,
    /// What was odd about files that did.
    pub notes: Vec<Note>,
}

impl<'a> Collector<'a> {
    /// A collector; for clips it writes the audio sprite too.
    pub fn new(tools: &'a Tools<'a>, kind: Kind, batcher: Batcher) -> anyhow::Result<Self> {
        let sprite = match kind {
            Kind::Clips => Some(AudioSprite::create(&tools.folder.file(AUDIO_FILE))?),
            Kind::Recording => None,
        };
        let collected = Collected {
            rows: Vec::new(),
            tiles: TileStore::create(&tools.folder.file(TILE_STORE))?,
            audio_samples: 0,
            skipped: Vec::new(),
            notes: Vec::new(),
        };
        Ok(Self { tools, sprite, batcher, collected })
    }

    /// Takes results until there are no more, a ticket off for each that is in order.
    pub fn run(
        mut self,
        outcomes: &Receiver<Outcome>,
        tickets: &Receiver<()>,
        bar: &StageBar,
    ) -> anyhow::Result<Collected> {
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, source, outcome) in outcomes {
            waiting.insert(number, (source, outcome));
            while let Some((source, outcome)) = waiting.remove(&next) {
                next += 1;
                // Taken before its task was sent, so there is one.
                let _ = tickets.try_recv();
                bar.step();
                match outcome {
                    Ok(analysed) => self.take(source, analysed)?,
                    Err(reason) => self.collected.skipped.push(Skipped { file: source, reason }),
                }
            }
        }
        if self.batcher.finish().is_err() {
            bail!("the model stopped");
        }
        if let Some(sprite) = self.sprite {
            let finish = || sprite.finish().context("the sound cannot be written");
            self.collected.audio_samples = self.tools.clock.time(Stage::AudioSprite, finish)?.samples;
        }
        Ok(self.collected)
    }

    fn take(&mut self, source: String, analysed: Analysed) -> anyhow::Result<()> {
        let clock = self.tools.clock;
        if let Some(sprite) = &mut self.sprite {
            clock
                .time(Stage::AudioSprite, || sprite.push(&analysed.samples))
                .context("the sound cannot be written")?;
        }
        clock.time(Stage::Sprite, || self.collected.tiles.push(&analysed.patch))?;
        let heard = if analysed.excerpt.is_empty() { &analysed.patch } else { &analysed.excerpt };
        if self.batcher.push(heard).is_err() {
            bail!("the model stopped");
        }
        let notes = analysed.notes.into_iter().map(|note| Note { file: source.clone(), note });
        self.collected.notes.extend(notes);
        self.collected.rows.push(Row {
            source,
            start_seconds: analysed.start_seconds,
            source_seconds: analysed.source_seconds,
            descriptors: analysed.descriptors,
            pitch: analysed.pitch,
        });
        Ok(())
    }
}
