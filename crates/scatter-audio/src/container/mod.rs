//! Finds out what a file is, and opens what can be read of it.

mod aac;
mod aiff;
mod bytes;
mod caf;
mod chunks;
mod decoder;
mod flac;
mod flac_frame;
mod foreign;
mod id3;
mod linear;
mod matroska;
mod mp4;
mod mpeg;
mod ogg;
mod pcm;
mod promise;
mod sound;
mod stitched;
mod wave;

use std::fs::File;
use std::path::Path;

use symphonia::core::errors::Error as DecoderError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::default::formats::MpaReader;

use self::stitched::Stitched;
use self::wave::Wave;
use crate::error::AudioErrorKind;

pub(crate) use self::decoder::{Decoder, decoder_for};
pub(crate) use self::flac_frame::{FrameShape, other_frame};
pub(crate) use self::promise::Promise;

/// Bytes by which a format that cannot be decoded is told.
const HEAD: u64 = 2_048;
/// Share and bytes of a FLAC file's data without packets that are more than trailing tags.
const MUCH: (f64, u64) = (0.02, 4_096);

/// An open container.
pub(crate) struct Container {
    /// Its demuxer.
    pub(crate) format: Box<dyn FormatReader>,
    /// Bytes of its frames, when it is native FLAC.
    pub(crate) flac_bytes: Option<u64>,
    /// How much its header promises.
    pub(crate) promise: Promise,
    /// What was odd about it, one sentence each.
    pub(crate) notes: Vec<String>,
    /// Whether its end is where the file's is, and nothing tells the one from the other.
    pub(crate) ends_with_file: bool,
    /// Whether MPEG layer II is expected in it. Elsewhere, unknown data look like it too often.
    pub(crate) layer_two: bool,
}

impl Container {
    /// Opens the file at `path` and finds its format.
    pub(crate) fn open(path: &Path) -> Result<Self, AudioErrorKind> {
        let metadata = std::fs::metadata(path).map_err(AudioErrorKind::Open)?;
        // Opening a pipe would wait for ever.
        if !metadata.is_file() {
            return Err(AudioErrorKind::NotAFile);
        }
        let length = metadata.len();
        if length == 0 {
            return Err(AudioErrorKind::NoBytes);
        }
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        open(path, length, &extension.to_ascii_lowercase())
    }

    /// Of a demuxer about which there is no more to say.
    fn of(format: Box<dyn FormatReader>) -> Self {
        Self {
            format,
            flac_bytes: None,
            promise: Promise::Kept,
            notes: Vec::new(),
            ends_with_file: false,
            layer_two: false,
        }
    }

    /// Share of a native FLAC file's data that `packet_bytes` of packets leave out, when it is much: the demuxer
    /// passes over damaged frames without a word.
    pub(crate) fn left_out(&self, packet_bytes: u64) -> Option<f64> {
        let bytes = self.flac_bytes?;
        let left = bytes.saturating_sub(packet_bytes);
        let share = left as f64 / bytes.max(1) as f64;
        (share > MUCH.0 && left > MUCH.1).then_some(share)
    }
}

fn open(path: &Path, length: u64, extension: &str) -> Result<Container, AudioErrorKind> {
    let file = || File::open(path).map_err(AudioErrorKind::Open);
    let start = id3::end(&mut file()?, length)?;
    let head = bytes::at(&mut file()?, start, HEAD).map_err(AudioErrorKind::Open)?;
    if let Some(sound) = aiff::read_au(&mut file()?)? {
        return sound.open(file()?, length);
    }
    match wave::read(file()?, length)? {
        Some(Wave::Sound(sound)) => return sound.open(file()?, length),
        Some(Wave::Mpeg(source)) => {
            let format = opened(
                "WAV with MPEG audio inside",
                MpaReader::try_new(stream(source), FormatOptions::default()),
            )?;
            return Ok(Container { layer_two: true, ..Container::of(format) });
        }
        None => {}
    }
    if let Some(refusal) = foreign::refusal(&head) {
        return Err(refusal);
    }
    if let Some(sound) = aiff::read(&mut file()?, length)? {
        return sound.open(file()?, length);
    }
    if let Some(container) = flac::open(file()?, start, length, extension == "flac")? {
        return Ok(container);
    }
    for open in [caf::open, mp4::open, matroska::open, ogg::open] {
        if let Some(container) = open(file()?, length)? {
            return Ok(container);
        }
    }
    let source = Stitched::new(Vec::new(), file()?, start, length.saturating_sub(start));
    let promise = mpeg::frames(&head).map_or(Promise::Kept, Promise::Packets);
    let layer_two = matches!(extension, "mp2" | "mpa") && mpeg::is_layer_two(&head);
    let format = demux(source, extension).map_err(AudioErrorKind::Format)?;
    Ok(Container { promise, layer_two, ..Container::of(format) })
}

/// `source` for a demuxer.
///
/// Where the container is known, its demuxer is called by name: the general search for one reads the end of a file
/// too, which a file that is cut short does not have.
fn stream(source: Stitched) -> MediaSourceStream<'static> {
    MediaSourceStream::new(Box::new(source), Default::default())
}

/// The demuxer of a container called `container`.
fn opened(
    container: &'static str,
    demuxer: Result<impl FormatReader + 'static, DecoderError>,
) -> Result<Box<dyn FormatReader>, AudioErrorKind> {
    let demuxer = demuxer.map_err(|decoder| AudioErrorKind::Container { container, decoder })?;
    Ok(Box::new(demuxer))
}

fn demux(source: Stitched, extension: &str) -> Result<Box<dyn FormatReader>, DecoderError> {
    let mut hint = Hint::new();
    hint.with_extension(extension);
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    symphonia::default::get_probe().probe(&hint, stream(source), format, metadata)
}
