use std::path::Path;

use crate::converters::Converters;
use crate::descriptors::{DescriptorAnalyzer, Descriptors};
use crate::error::AudioError;
use crate::excerpt::{Excerpt, ExcerptCutter};
use crate::guard::guard;
use crate::limits::Limits;
use crate::pitch::{Pitch, PitchTracker};
use crate::reader::AudioReader;
use crate::region::{Cut, LoudestRegion};
use crate::{SAMPLE_RATE, WINDOW_SAMPLES, window_at};

/// The loudest region of a file.
#[derive(Debug, Clone)]
pub struct Clip {
    /// 15,360 samples at 16 kHz: 0.96 s centred on the sample of greatest absolute amplitude, moved inside the
    /// file; what a shorter file lacks is silence at the end.
    pub samples: Vec<f32>,
    /// Descriptors of the region at the source's own rate, the silence that pads a short file left out.
    pub descriptors: Descriptors,
    /// Pitch of the region, likewise.
    pub pitch: Pitch,
    /// Where the region begins in the source, in seconds.
    pub start_seconds: f64,
    /// Decoded length of the source, in seconds.
    pub source_seconds: f64,
    /// Rate of the source in Hz.
    pub source_rate: u32,
    /// Channels of the source.
    pub source_channels: usize,
    /// Whether the file was not read to the end that it has, or promises: see [`AudioReader::is_partial`].
    pub partial: bool,
    /// What was odd about the file, one sentence each.
    pub notes: Vec<String>,
    /// What was asked for by [`ClipReader::with_excerpts`], else nothing.
    pub excerpt: Vec<f32>,
}

/// Reads clips; holds what files of one rate share. One per worker.
pub struct ClipReader {
    /// `None` where no excerpt was asked for.
    excerpts: Option<ExcerptCutter>,
    limits: Limits,
    converters: Converters,
    descriptors: DescriptorAnalyzer,
    pitch: PitchTracker,
    region: LoudestRegion,
    cut: Cut,
}

impl Default for ClipReader {
    fn default() -> Self {
        Self::new()
    }
}

impl ClipReader {
    /// A reader.
    pub fn new() -> Self {
        Self {
            excerpts: None,
            limits: Limits::default(),
            converters: Converters::to(SAMPLE_RATE),
            descriptors: DescriptorAnalyzer::new(),
            pitch: PitchTracker::new(),
            region: LoudestRegion::new(0, 0),
            cut: Cut::default(),
        }
    }

    /// A reader that cuts an excerpt too, around the same loudest sample by the same rule.
    pub fn with_excerpts(excerpt: Excerpt) -> Self {
        Self { excerpts: Some(ExcerptCutter::new(excerpt)), ..Self::new() }
    }

    /// The same reader, reading no further into a file than `limits` allow.
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Reads the loudest region of the file at `path`.
    ///
    /// # Errors
    /// What [`AudioReader`] fails on. The reader stays usable.
    pub fn read(&mut self, path: &Path) -> Result<Clip, AudioError> {
        let clip = guard(path, || self.read_file(path));
        if clip.is_err() {
            // A converter may have stopped half-way.
            self.converters.clear();
            self.excerpts = self.excerpts.take().map(ExcerptCutter::renewed);
        }
        clip
    }

    fn read_file(&mut self, path: &Path) -> Result<Clip, AudioError> {
        let mut reader = AudioReader::open_with(path, self.limits)?;
        let rate = reader.sample_rate();
        if let Some(excerpts) = &mut self.excerpts {
            excerpts.begin(rate).map_err(|kind| kind.at(path))?;
        }
        let reach = self.converters.from(rate).map_err(|kind| kind.at(path))?.margin().source;
        self.region.restart(window_at(rate), reach);
        while let Some(block) = reader.next_block()? {
            self.region.push(block);
            if let Some(excerpts) = &mut self.excerpts {
                excerpts.push(block);
            }
        }
        let excerpt = self.excerpts.as_mut().map_or(Ok(Vec::new()), ExcerptCutter::finish);
        let excerpt = excerpt.map_err(|kind| kind.at(path))?;
        let converter = self.converters.from(rate).map_err(|kind| kind.at(path))?;
        let cut = &mut self.cut;
        self.region.finish_into(cut);
        let mut samples = cut.convert(converter, WINDOW_SAMPLES).map_err(|kind| kind.at(path))?;
        let pitch = self.pitch.track(&samples);
        samples.resize(WINDOW_SAMPLES, 0.0);
        Ok(Clip {
            samples,
            descriptors: self.descriptors.analyze(cut.region(), rate),
            pitch,
            start_seconds: cut.start as f64 / f64::from(rate),
            source_seconds: cut.total as f64 / f64::from(rate),
            source_rate: rate,
            source_channels: reader.channels(),
            partial: reader.is_partial(),
            notes: reader.warnings(),
            excerpt,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::RateConverter;

    /// Noise with one loud sample.
    fn signal(count: usize, peak: usize) -> Vec<f32> {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0 - 0.5
        };
        let mut samples: Vec<f32> = (0..count).map(|_| next()).collect();
        samples[peak] = -0.9;
        samples
    }

    #[test]
    fn converting_the_cut_equals_cutting_the_converted_file() {
        for rate in [1_000, 8_000, 11_025, 22_050, 35_467, 44_100, 48_000, 96_000] {
            let length = 3 * rate as usize;
            for peak in [0, length / 40, length / 2, length - rate as usize / 3, length - 1] {
                let samples = signal(length, peak);
                let mut converter = RateConverter::new(rate).unwrap();
                let margin = converter.margin();
                let mut region = LoudestRegion::new(window_at(rate), margin.source);
                samples.chunks(1_000).for_each(|block| region.push(block));
                let cut = region.finish();
                let ours = cut.convert(&mut converter, WINDOW_SAMPLES).unwrap();

                // Silence before the file puts the cut on a sample that both rates share.
                let step = margin.source as u64;
                let lead = (step - cut.start % step) % step;
                let mut whole = vec![0.0; lead as usize];
                whole.extend_from_slice(&samples);
                let mut converted = Vec::new();
                converter.restart();
                converter.push(&whole, &mut converted).unwrap();
                converter.finish(&mut converted).unwrap();
                let from = ((lead + cut.start) / step) as usize * margin.output;
                let theirs = &converted[from..converted.len().min(from + WINDOW_SAMPLES)];
                // At 35,467 Hz a window is not a whole number of samples, and may lack its last.
                assert!(theirs.len() + 1 >= WINDOW_SAMPLES, "{rate} Hz, peak at {peak}: {}", theirs.len());
                for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                    let error = (ours - theirs).abs();
                    assert!(error < 2e-6, "{rate} Hz, peak at {peak}, sample {index}: {ours} {theirs}");
                }
            }
        }
    }
}
