//! One file or one window becomes a clip, its log-mel patch and its descriptors.

use scatter_audio::{ClipReader, DescriptorAnalyzer, Descriptors, Excerpt, Pitch, PitchTracker, Window};
use scatter_embed::LogMel;

use super::listing::SourceFile;
use crate::stage::{Stage, StageClock};

/// What a worker is given.
#[derive(Debug)]
pub enum Task {
    /// A file, of which the loudest region is taken.
    File(SourceFile),
    /// A window of a recording, whose samples the audio sprite has already.
    Window(Window),
}

/// What comes of it.
#[derive(Debug)]
pub struct Analysed {
    /// 16 kHz samples, one window; empty for a recording's window.
    pub samples: Vec<f32>,
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
}

/// A worker's tools: plans and buffers that files of one rate share.
pub struct Analyst<'a> {
    clips: ClipReader,
    log_mel: LogMel,
    descriptors: DescriptorAnalyzer,
    pitch: PitchTracker,
    clock: &'a StageClock,
}

impl<'a> Analyst<'a> {
    /// Tools for one thread, which cut out `excerpt` too where there is one.
    pub fn new(excerpt: Option<Excerpt>, clock: &'a StageClock) -> Self {
        Self {
            clips: excerpt.map_or_else(ClipReader::new, ClipReader::with_excerpts),
            log_mel: LogMel::new(),
            descriptors: DescriptorAnalyzer::new(),
            pitch: PitchTracker::new(),
            clock,
        }
    }

    /// Does one task.
    ///
    /// # Errors
    /// Why a file cannot be read, in words for the report.
    pub fn analyse(&mut self, task: Task) -> Result<Analysed, String> {
        match task {
            Task::File(file) => {
                let clip = self
                    .clock
                    .time(Stage::Read, || self.clips.read(&file.path))
                    .map_err(|error| error.reason())?;
                let patch = self.clock.time(Stage::LogMel, || self.log_mel.patch(&clip.samples));
                Ok(Analysed {
                    patch,
                    excerpt: clip.excerpt,
                    samples: clip.samples,
                    descriptors: clip.descriptors,
                    pitch: clip.pitch,
                    start_seconds: clip.start_seconds,
                    source_seconds: clip.source_seconds,
                    notes: clip.notes,
                })
            }
            Task::Window(window) => {
                let (descriptors, pitch) = self.clock.time(Stage::Read, || {
                    let inside = window.samples.get(..window.inside).unwrap_or(&window.samples);
                    let descriptors = self.descriptors.analyze(&window.source, window.source_rate);
                    (descriptors, self.pitch.track(inside))
                });
                let patch = self.clock.time(Stage::LogMel, || self.log_mel.patch(&window.samples));
                Ok(Analysed {
                    patch,
                    excerpt: window.excerpt,
                    samples: Vec::new(),
                    descriptors,
                    pitch,
                    start_seconds: window.start_seconds,
                    source_seconds: 0.0,
                    notes: Vec::new(),
                })
            }
        }
    }
}
