//! One file or one window becomes what the model is given, and all that is kept beside it.

use std::path::PathBuf;

use scatter_audio::{DescriptorAnalyzer, Descriptors, Pitch, PitchTracker, Window};
use scatter_embed::LogMel;

use super::Tools;
use crate::heard::Key;
use crate::isolation::{ClipRead, Reader};
use crate::stage::Stage;

/// What a worker is given.
#[derive(Debug)]
pub struct Task {
    /// The point that it makes.
    pub key: Key,
    /// The file, for people.
    pub source: String,
    /// What to do.
    pub work: Work,
}

/// What there is to do.
#[derive(Debug)]
pub enum Work {
    /// A file, of which the loudest region is taken.
    File(PathBuf),
    /// A window of a recording.
    Window {
        /// What is heard.
        window: Box<Window>,
        /// What is played.
        sound: Vec<i16>,
    },
}

/// What comes of it.
#[derive(Debug)]
pub struct Analysed {
    /// The point.
    pub key: Key,
    /// The file, for people.
    pub source: String,
    /// 16 kHz samples for the audio sprite.
    pub sound: Vec<i16>,
    /// `[96, 64]`, natural-log mel energies, frame-major.
    pub patch: Vec<f32>,
    /// Samples for a model that hears them; empty for one that hears the patch.
    pub excerpt: Vec<f32>,
    /// Descriptors at the source's own rate.
    pub descriptors: Descriptors,
    /// Pitch.
    pub pitch: Pitch,
    /// Start in the source, in seconds.
    pub start_seconds: f64,
    /// Decoded length of the source, in seconds; 0 for a recording's window, where it is not known yet.
    pub source_seconds: f64,
    /// What was odd about the file.
    pub notes: Vec<String>,
    /// Whether only a part of the file could be read.
    pub partial: bool,
}

/// A worker's tools: plans and buffers that files of one rate share.
pub struct Analyst<'a> {
    reader: Reader<'a>,
    log_mel: LogMel,
    descriptors: DescriptorAnalyzer,
    pitch: PitchTracker,
    tools: &'a Tools<'a>,
}

impl<'a> Analyst<'a> {
    /// Tools for one thread.
    pub fn new(tools: &'a Tools<'a>) -> Self {
        Self {
            reader: Reader::new(tools.readers),
            log_mel: LogMel::new(),
            descriptors: DescriptorAnalyzer::new(),
            pitch: PitchTracker::new(),
            tools,
        }
    }

    /// Does one task; gives why the file cannot be read, in words for the report, where it cannot.
    ///
    /// # Errors
    /// When the system refuses what every file needs.
    pub fn analyse(&mut self, task: Task) -> anyhow::Result<Result<Analysed, String>> {
        let Task { key, source, work } = task;
        match work {
            Work::File(path) => {
                let clip = self.reader.clip(&path)?;
                Ok(clip.map(|clip| self.clip(key, source, clip)))
            }
            Work::Window { window, sound } => Ok(Ok(self.window(key, source, &window, sound))),
        }
    }

    fn clip(&self, key: Key, source: String, clip: ClipRead) -> Analysed {
        self.tools.clock.add(Stage::Read, clip.reading);
        self.tools.clock.add(Stage::LogMel, clip.log_mel);
        Analysed {
            key,
            source,
            sound: clip.sound,
            patch: clip.patch,
            excerpt: clip.excerpt,
            descriptors: clip.descriptors,
            pitch: clip.pitch,
            start_seconds: clip.start_seconds,
            source_seconds: clip.source_seconds,
            notes: clip.notes,
            partial: clip.partial,
        }
    }

    fn window(&mut self, key: Key, source: String, window: &Window, sound: Vec<i16>) -> Analysed {
        let clock = self.tools.clock;
        let (descriptors, pitch) = clock.time(Stage::Read, || {
            let inside = window.samples.get(..window.inside).unwrap_or(&window.samples);
            let descriptors = self.descriptors.analyze(&window.source, window.source_rate);
            (descriptors, self.pitch.track(inside))
        });
        let patch = clock.time(Stage::LogMel, || self.log_mel.patch(&window.samples));
        Analysed {
            key,
            source,
            sound,
            patch,
            excerpt: window.excerpt.clone(),
            descriptors,
            pitch,
            start_seconds: window.start_seconds,
            source_seconds: 0.0,
            notes: Vec::new(),
            partial: false,
        }
    }
}
