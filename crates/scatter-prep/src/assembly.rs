//! Points that were heard become what the map is made from, and the files of sound and pictures.

use anyhow::Context;
use ndarray::Array2;
use scatter_audio::{AudioSprite, Descriptors, Pitch};
use scatter_dataset::{AUDIO_FILE, SpriteLayout};

use crate::heard::{RecordingEnd, StoreReader};
use crate::output::folder::DatasetFolder;
use crate::output::tiles::Tiles;
use crate::pipeline::PlannedPoint;
use crate::report::Note;
use crate::stage::{Stage, StageClock};

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

/// What the map and its table are made from, an entry a point, in order.
pub struct Points {
    /// Table entries.
    pub rows: Vec<Row>,
    /// `[points, dimensions]`.
    pub embeddings: Array2<f32>,
    /// `(class, score)` of each point, best first; nothing where the model scores nothing.
    pub classes: Vec<Vec<(usize, f32)>>,
    /// Number of files of which only a part could be read.
    pub partial: usize,
    /// What was odd about files.
    pub notes: Vec<Note>,
}

/// Reads what the map is made from; `end` is a recording's.
///
/// # Errors
/// When a point cannot be read back.
pub fn points(
    points: &[PlannedPoint],
    end: Option<&RecordingEnd>,
    reader: &mut StoreReader<'_>,
) -> anyhow::Result<Points> {
    let mut rows = Vec::with_capacity(points.len());
    let mut classes = Vec::with_capacity(points.len());
    let mut notes = Vec::new();
    let mut partial = usize::from(end.is_some_and(|end| end.partial));
    // Reserved once: the embeddings are most of the memory that a map takes.
    let mut values: Vec<f32> = Vec::new();
    for point in points {
        let facts = reader.facts(&point.key)?;
        if values.is_empty() {
            values.reserve_exact(points.len() * facts.embedding.len());
        }
        values.extend_from_slice(&facts.embedding);
        classes.push(facts.classes);
        partial += usize::from(facts.partial);
        notes.extend(facts.notes.into_iter().map(|note| Note { file: point.source.clone(), note }));
        rows.push(Row {
            source: point.source.clone(),
            start_seconds: facts.start_seconds,
            source_seconds: end.map_or(facts.source_seconds, |end| end.seconds),
            descriptors: facts.descriptors,
            pitch: facts.pitch,
        });
    }
    if let (Some(end), Some(point)) = (end, points.first()) {
        notes.extend(end.notes.iter().map(|note| Note { file: point.source.clone(), note: note.clone() }));
    }
    let dimensions = values.len().checked_div(points.len()).unwrap_or(0);
    let embeddings = Array2::from_shape_vec((points.len(), dimensions), values)
        .context("the model gave embeddings of different lengths")?;
    Ok(Points { rows, embeddings, classes, partial, notes })
}

/// The files of sound and pictures that were written.
pub struct Media {
    /// Samples of the audio sprite.
    pub samples: u64,
    /// Where each tile lies.
    pub sprite: SpriteLayout,
    /// Mean shade of each point's tile.
    pub shades: Vec<u8>,
}

/// Writes the audio sprite, whose clips begin `hop_samples` apart, and the sprite's pages.
///
/// # Errors
/// When a point cannot be read back, or a file cannot be written.
pub fn media(
    points: &[PlannedPoint],
    hop_samples: u32,
    mut reader: StoreReader<'_>,
    folder: &DatasetFolder,
    clock: &StageClock,
) -> anyhow::Result<Media> {
    let mut sprite = AudioSprite::create(&folder.file(AUDIO_FILE), hop_samples)?;
    let mut tiles = Tiles::default();
    for point in points {
        let (tile, sound) = reader.tile_and_sound(&point.key)?;
        clock.time(Stage::AudioSprite, || sprite.push(&sound)).context("the sound cannot be written")?;
        clock.time(Stage::Sprite, || tiles.count(&tile));
    }
    let summary =
        clock.time(Stage::AudioSprite, || sprite.finish()).context("the sound cannot be written")?;
    let (layout, shades) = clock.time(Stage::Sprite, || {
        tiles.write_pages(|number| reader.tile(&points[number].key), |name| folder.file(name))
    })?;
    Ok(Media { samples: summary.samples, sprite: layout, shades })
}
