use std::path::{Path, PathBuf};

use crate::blocks::BlockSource;
use crate::error::{AudioError, AudioErrorKind};
use crate::excerpt::{Excerpt, ExcerptStream};
use crate::reader::AudioReader;
use crate::resample::RateConverter;
use crate::rolling::Rolling;
use crate::{SAMPLE_RATE, WINDOW_SAMPLES, window_at};

/// Least uncovered tail, in 16 kHz samples, that gets a window of its own: a tenth of a window.
const LEAST_TAIL: u64 = WINDOW_SAMPLES as u64 / 10;

/// Samples of a window and of the 15 ms after it, which the last frame of YAMNet's patch still hears.
const HEARD_SAMPLES: u64 = WINDOW_SAMPLES as u64 + 240;

/// A recording as overlapping windows, read as a stream.
///
/// Window `k` begins at 16 kHz sample `k · hop`. There are `1 + floor((n − 15360) / hop)` of them for `n` samples,
/// and one more, padded with silence, when at least 1,536 samples would be left uncovered at the end; a recording
/// shorter than a window is one padded window.
pub struct Recording {
    path: PathBuf,
    blocks: Box<dyn BlockSource>,
    /// Samples read at the source's rate.
    read: u64,
    converter: RateConverter,
    hop: u64,
    next: u64,
    /// At 16 kHz.
    converted: Rolling,
    /// At the source's rate.
    source: Rolling,
    ready: Vec<f32>,
    excerpts: Option<ExcerptStream>,
    ended: bool,
}

/// One window of a recording.
#[derive(Debug, Clone)]
pub struct Window {
    /// 15,360 samples at 16 kHz and the 240 after them, silence beyond the recording's end: as many as a patch of the
    /// whole recording is made from.
    pub samples: Vec<f32>,
    /// Of the first 15,360, how many lie inside the recording.
    pub inside: usize,
    /// The same window at the source's rate, `round(0.96 · source_rate)` samples, at the recording's end what is left.
    pub source: Vec<f32>,
    /// Rate of the source in Hz.
    pub source_rate: u32,
    /// Where the window begins, in seconds.
    pub start_seconds: f64,
    /// What was asked for by [`Recording::with_excerpts`], else nothing.
    pub excerpt: Vec<f32>,
}

impl Recording {
    /// Opens a recording, to be read in windows each `hop_samples` at 16 kHz.
    ///
    /// # Errors
    /// What [`AudioReader::open`] fails on, and a hop of 0.
    pub fn open(path: &Path, hop_samples: usize) -> Result<Self, AudioError> {
        Self::from_blocks(path, Box::new(AudioReader::open(path)?), hop_samples)
    }

    /// The same of blocks that come from elsewhere; `path` is what errors name.
    ///
    /// # Errors
    /// A rate that cannot be converted, and a hop of 0.
    pub fn from_blocks(
        path: &Path,
        blocks: Box<dyn BlockSource>,
        hop_samples: usize,
    ) -> Result<Self, AudioError> {
        if hop_samples == 0 {
            return Err(AudioErrorKind::ZeroHop.at(path));
        }
        let converter = RateConverter::new(blocks.sample_rate()).map_err(|kind| kind.at(path))?;
        Ok(Self {
            path: path.to_owned(),
            blocks,
            read: 0,
            converter,
            hop: hop_samples as u64,
            next: 0,
            converted: Rolling::default(),
            source: Rolling::default(),
            ready: Vec::new(),
            excerpts: None,
            ended: false,
        })
    }

    /// The same with an excerpt to each window, around the window's middle: moved inside the recording where it would
    /// reach beyond, and padded with silence at its end where the recording is shorter. To be called before the first
    /// window.
    ///
    /// # Errors
    /// When the recording's rate cannot be converted to the excerpt's.
    pub fn with_excerpts(self, excerpt: Excerpt) -> Result<Self, AudioError> {
        let stream = ExcerptStream::new(excerpt, self.sample_rate());
        let excerpts = Some(stream.map_err(|kind| kind.at(&self.path))?);
        Ok(Self { excerpts, ..self })
    }

    /// Rate of the source in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.blocks.sample_rate()
    }

    /// Channels of the source.
    pub fn channels(&self) -> usize {
        self.blocks.channels()
    }

    /// Seconds decoded so far; all of it once there is no further window.
    pub fn seconds(&self) -> f64 {
        self.read as f64 / f64::from(self.sample_rate())
    }

    /// What was odd so far, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        self.blocks.warnings()
    }

    /// Whether only a part of the recording could be read; certain once there is no further window.
    pub fn is_partial(&self) -> bool {
        self.blocks.is_partial()
    }

    /// Next window, in order; `None` after the last.
    ///
    /// Each 16 kHz sample of the recording is handed to `tap` exactly once, in order; all of them have been when
    /// this returns `None`.
    ///
    /// # Errors
    /// What [`AudioReader::next_block`] fails on.
    pub fn next_window(&mut self, tap: &mut dyn FnMut(&[f32])) -> Result<Option<Window>, AudioError> {
        let start = self.next * self.hop;
        let end = start + WINDOW_SAMPLES as u64;
        let heard = start + HEARD_SAMPLES;
        while !self.ended && (self.converted.end() < heard || !self.hears(start)) {
            self.read_block(tap)?;
        }
        if !self.deserves_window(start) {
            return Ok(None);
        }
        let source_start = self.at_source_rate(start);
        let source_end = (source_start + window_at(self.sample_rate()) as u64).min(self.source.end());
        let window = Window {
            samples: self.converted.padded(start..heard),
            inside: (self.converted.end().min(end) - start) as usize,
            source: self.source.padded(source_start..source_end),
            source_rate: self.sample_rate(),
            start_seconds: start as f64 / f64::from(SAMPLE_RATE),
            excerpt: self.excerpts.as_ref().map_or_else(Vec::new, |excerpts| excerpts.around(middle(start))),
        };
        self.next += 1;
        Ok(Some(window))
    }

    /// Whether all that the excerpt of the window at `start` needs has been read, while there is more to read.
    fn hears(&self, start: u64) -> bool {
        self.excerpts.as_ref().is_none_or(|excerpts| excerpts.reaches(middle(start)))
    }

    fn deserves_window(&self, start: u64) -> bool {
        let end = self.converted.end();
        let covered = match self.next {
            0 => return end > 0,
            next => (next - 1) * self.hop + WINDOW_SAMPLES as u64,
        };
        end >= start + WINDOW_SAMPLES as u64 || end.saturating_sub(covered.max(start)) >= LEAST_TAIL
    }

    fn read_block(&mut self, tap: &mut dyn FnMut(&[f32])) -> Result<(), AudioError> {
        self.ready.clear();
        let converted = match self.blocks.next_block()? {
            Some(block) => {
                self.read += block.len() as u64;
                self.source.push(block);
                let heard = self.excerpts.as_mut().map_or(Ok(()), |excerpts| excerpts.push(block));
                heard.and_then(|()| self.converter.push(block, &mut self.ready))
            }
            None => {
                self.ended = true;
                let heard = self.excerpts.as_mut().map_or(Ok(()), ExcerptStream::finish);
                heard.and_then(|()| self.converter.finish(&mut self.ready))
            }
        };
        converted.map_err(|kind| kind.at(&self.path))?;
        self.converted.push(&self.ready);
        if !self.ready.is_empty() {
            tap(&self.ready);
        }
        let start = self.next * self.hop;
        self.converted.forget_before(start);
        self.source.forget_before(self.at_source_rate(start));
        if let Some(excerpts) = &mut self.excerpts {
            excerpts.forget_before(middle(start));
        }
        Ok(())
    }

    fn at_source_rate(&self, position: u64) -> u64 {
        let scaled = u128::from(position) * u128::from(self.sample_rate()) + u128::from(SAMPLE_RATE / 2);
        (scaled / u128::from(SAMPLE_RATE)) as u64
    }
}

/// Middle of the window that begins at `start`, both at 16 kHz.
fn middle(start: u64) -> u64 {
    start + WINDOW_SAMPLES as u64 / 2
}
