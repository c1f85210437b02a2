//! One file or one window becomes what the model is given, and all that is kept beside it.

use std::path::PathBuf;
use std::time::Instant;

use scatter_audio::{DescriptorAnalyzer, PitchTracker, Window};
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
    /// All that was taken from the file; its length is 0 for a recording's window, where it is not known yet.
    pub clip: ClipRead,
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
        let clip = match work {
            Work::File(path) => match self.reader.clip(&path)? {
                Ok(clip) => clip,
                Err(reason) => return Ok(Err(reason)),
            },
            Work::Window { window, sound } => self.window(*window, sound),
        };
        self.tools.clock.add(Stage::Read, clip.reading);
        self.tools.clock.add(Stage::LogMel, clip.log_mel);
        Ok(Ok(Analysed { key, source, clip }))
    }

    fn window(&mut self, window: Window, sound: Vec<i16>) -> ClipRead {
        let began = Instant::now();
        let inside = window.samples.get(..window.inside).unwrap_or(&window.samples);
        let descriptors = self.descriptors.analyze(&window.source, window.source_rate);
        let pitch = self.pitch.track(inside);
        let reading = began.elapsed();
        let patch = self.log_mel.patch(&window.samples);
        ClipRead {
            sound,
            patch,
            excerpt: window.excerpt,
            descriptors,
            pitch,
            start_seconds: window.start_seconds,
            source_seconds: 0.0,
            notes: Vec::new(),
            partial: false,
            reading,
            log_mel: began.elapsed() - reading,
        }
    }
}
