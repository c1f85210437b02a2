//! Points that were heard become what the map is made from, and the files of sound and pictures.

use std::thread;

use anyhow::{Context, anyhow};
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

/// Sound and pictures, encoded and counted beside the making of the map.
pub struct Drafts {
    sprite: AudioSprite,
    tiles: Tiles,
}

impl Drafts {
    /// Encodes the sound of a folder's `points`, whose clips are `hop_samples` long, and counts their tiles.
    ///
    /// # Errors
    /// When a point cannot be read back, or a file cannot be written.
    pub fn of_clips(
        points: &[PlannedPoint],
        hop_samples: u32,
        reader: StoreReader<'_>,
        folder: &DatasetFolder,
        clock: &StageClock,
    ) -> anyhow::Result<Self> {
        Self::draw(points, AudioSprite::to_arrange(&folder.file(AUDIO_FILE), hop_samples)?, reader, clock)
    }

    fn draw(
        points: &[PlannedPoint],
        mut sprite: AudioSprite,
        mut reader: StoreReader<'_>,
        clock: &StageClock,
    ) -> anyhow::Result<Self> {
        let mut tiles = Tiles::default();
        for point in points {
            let (tile, sound) = reader.tile_and_sound(&point.key)?;
            clock.time(Stage::AudioSprite, || sprite.push(&sound)).context(UNWRITABLE)?;
            clock.time(Stage::Sprite, || tiles.count(&tile));
        }
        Ok(Self { sprite, tiles })
    }

    /// Writes the files, with `points` in their new order, of which point k was number `order[k]`.
    ///
    /// # Errors
    /// As from [`Drafts::of_clips`].
    pub fn arrange(
        self,
        points: &[PlannedPoint],
        order: &[u32],
        [for_sound, mut for_tiles]: [StoreReader<'_>; 2],
        folder: &DatasetFolder,
        clock: &StageClock,
    ) -> anyhow::Result<Media> {
        let Self { sprite, tiles } = self;
        thread::scope(|scope| {
            let sound = scope.spawn(|| arrange_sound(sprite, points, order, for_sound, clock));
            let pages = pages(tiles, points, &mut for_tiles, folder, clock);
            let samples = sound.join().map_err(|_| anyhow!("writing stopped unexpectedly"))?;
            let (sprite, shades) = pages?;
            Ok(Media { samples: samples?, sprite, shades })
        })
    }
}

/// Writes the files of a recording, whose windows begin `hop_samples` apart.
///
/// # Errors
/// As from [`Drafts::of_clips`].
pub fn recorded(
    points: &[PlannedPoint],
    hop_samples: u32,
    [for_sound, mut for_tiles]: [StoreReader<'_>; 2],
    folder: &DatasetFolder,
    clock: &StageClock,
) -> anyhow::Result<Media> {
    let sprite = AudioSprite::create(&folder.file(AUDIO_FILE), hop_samples)?;
    let Drafts { sprite, tiles } = Drafts::draw(points, sprite, for_sound, clock)?;
    let samples = clock.time(Stage::AudioSprite, || sprite.finish()).context(UNWRITABLE)?.samples;
    let (sprite, shades) = pages(tiles, points, &mut for_tiles, folder, clock)?;
    Ok(Media { samples, sprite, shades })
}

const UNWRITABLE: &str = "the sound cannot be written";

fn arrange_sound(
    sprite: AudioSprite,
    points: &[PlannedPoint],
    order: &[u32],
    mut reader: StoreReader<'_>,
    clock: &StageClock,
) -> anyhow::Result<u64> {
    let mut sprite = clock.time(Stage::AudioSprite, || sprite.arrange(order)).context(UNWRITABLE)?;
    for point in points {
        let (_, sound) = reader.tile_and_sound(&point.key)?;
        clock.time(Stage::AudioSprite, || sprite.hear(&sound));
    }
    Ok(clock.time(Stage::AudioSprite, || sprite.finish()).context(UNWRITABLE)?.samples)
}

fn pages(
    tiles: Tiles,
    points: &[PlannedPoint],
    reader: &mut StoreReader<'_>,
    folder: &DatasetFolder,
    clock: &StageClock,
) -> anyhow::Result<(SpriteLayout, Vec<u8>)> {
    clock.time(Stage::Sprite, || {
        tiles.write_pages(|number| reader.tile(&points[number].key), |name| folder.file(name))
    })
}
