//! 16-bit WAV files, written piece by piece.

use std::{fs::File, io::BufWriter, path::Path};

use anyhow::{Context, Result};
use hound::{SampleFormat, WavSpec, WavWriter};

/// What [`write()`] fills.
pub type Writer = WavWriter<BufWriter<File>>;

/// Writes a file of `channels` at `rate` Hz that `fill` gives the samples of, interleaved.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    path: &Path,
    rate: u32,
    channels: u16,
    fill: impl FnOnce(&mut Writer) -> Result<(), hound::Error>,
) -> Result<()> {
    let spec = WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let written = WavWriter::create(path, spec).and_then(|mut writer| {
        fill(&mut writer)?;
        writer.finalize()
    });
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Adds samples.
///
/// # Errors
/// When they cannot be written.
pub fn append(writer: &mut Writer, samples: &[i16]) -> Result<(), hound::Error> {
    let mut part = writer.get_i16_writer(samples.len() as u32);
    samples.iter().for_each(|&sample| part.write_sample(sample));
    part.flush()
}
