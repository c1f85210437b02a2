//! What becomes of audio files: `decode FILE…` prints a line for each, `decode --raw FILE` writes its mono samples as
//! 32-bit little-endian floats, to compare with another decoder's.

use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use scatter_audio::{AudioError, AudioReader};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [raw, file] = arguments.as_slice()
        && raw == "--raw"
    {
        return write(file.as_ref());
    }
    for file in &arguments {
        let line = describe(file.as_ref()).unwrap_or_else(|error| error.reason());
        println!("{file}: {line}");
    }
    Ok(())
}

fn describe(path: &Path) -> Result<String, AudioError> {
    let mut reader = AudioReader::open(path)?;
    while reader.next_block()?.is_some() {}
    let (rate, channels, samples) = (reader.sample_rate(), reader.channels(), reader.samples());
    let seconds = samples as f64 / f64::from(rate);
    let partial = if reader.is_partial() { " partial" } else { "" };
    Ok(format!("{rate} Hz, {channels} channels, {seconds:.4} s{partial} {:?}", reader.warnings()))
}

fn write(path: &Path) -> std::io::Result<()> {
    let mut reader = AudioReader::open(path).map_err(std::io::Error::other)?;
    let mut out = BufWriter::new(stdout().lock());
    while let Some(block) = reader.next_block().map_err(std::io::Error::other)? {
        for sample in block {
            out.write_all(&sample.to_le_bytes())?;
        }
    }
    out.flush()
}
