//! What goes through the pipes: a length (`u32`, little-endian), then that many bytes of postcard.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use scatter_audio::{Descriptors, Pitch};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::packed;

/// No message is longer, in bytes: a length beyond is a broken process's.
const LONGEST: u32 = 1 << 28;

/// What a process is asked for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// The loudest region of the file: one [`Reply::Clip`] or [`Reply::Refused`].
    Clip(OsString),
    /// All of the file: [`Reply::Opened`], then [`Reply::Blocks`] and at last [`Reply::Ended`]; at any time
    /// [`Reply::Refused`] instead.
    Recording(OsString),
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// A clip.
    Clip(Box<ClipRead>),
    /// Why the file cannot be read, in words for the report.
    Refused(String),
    /// A recording was opened.
    Opened {
        /// Rate in Hz.
        rate: u32,
        /// Channels before mixing down.
        channels: usize,
    },
    /// The next samples, one channel; never none.
    Blocks(#[serde(with = "packed::floats")] Vec<f32>),
    /// There are no more.
    Ended {
        /// What was odd about the file, one sentence each.
        notes: Vec<String>,
        /// Whether only a part of it could be read.
        partial: bool,
    },
}

/// All that is taken from a file, or a recording's window, for one point.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClipRead {
    /// What the audio sprite plays, at 16 kHz: of a file 15,360 samples.
    #[serde(with = "packed::samples")]
    pub sound: Vec<i16>,
    /// `[96, 64]`, natural-log mel energies, frame-major.
    #[serde(with = "packed::floats")]
    pub patch: Vec<f32>,
    /// Samples for a model that hears them; empty for one that hears the patch.
    #[serde(with = "packed::floats")]
    pub excerpt: Vec<f32>,
    /// Descriptors at the source's own rate.
    pub descriptors: Descriptors,
    /// Pitch.
    pub pitch: Pitch,
    /// Start in the source, in seconds.
    pub start_seconds: f64,
    /// Decoded length of the source, in seconds.
    pub source_seconds: f64,
    /// What was odd about the file, one sentence each.
    pub notes: Vec<String>,
    /// Whether only a part of it could be read.
    pub partial: bool,
    /// Time for reading and describing.
    pub reading: Duration,
    /// Time for the patch.
    pub log_mel: Duration,
}

/// Writes a message, without flushing.
///
/// # Errors
/// When the pipe is closed.
pub fn send(writer: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_allocvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len()).ok().filter(|&length| length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::other("a message is too long"))?;
    writer.write_all(&length.to_le_bytes())?;
    writer.write_all(&bytes)
}

/// Reads a message; `None` at the end.
///
/// # Errors
/// When the pipe breaks, or what comes is no message.
pub fn receive<T: DeserializeOwned>(reader: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match reader.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    // Grows as bytes come, whatever the length says.
    if reader.take(length.into()).read_to_end(&mut bytes)? < length as usize {
        return Ok(None);
    }
    postcard::from_bytes(&bytes).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_one_after_the_other_and_a_cut_one_not_at_all() {
        let mut bytes = Vec::new();
        send(&mut bytes, &Request::Clip("a b.wav".into())).unwrap();
        let first = bytes.len();
        send(&mut bytes, &Request::Recording("c".into())).unwrap();
        let mut reader = &bytes[..];
        assert!(matches!(receive(&mut reader).unwrap(), Some(Request::Clip(path)) if path == "a b.wav"));
        assert!(matches!(receive(&mut reader).unwrap(), Some(Request::Recording(path)) if path == "c"));
        assert!(receive::<Request>(&mut reader).unwrap().is_none());
        for cut in first..bytes.len() {
            let mut reader = &bytes[first..cut];
            assert!(receive::<Request>(&mut reader).unwrap().is_none());
        }
        assert!(receive::<Request>(&mut &[255, 255, 255, 255][..]).is_err());
    }

    #[test]
    fn numbers_come_through_bit_by_bit() {
        let block = vec![0.1, f32::MIN_POSITIVE, -0.0, 1e30];
        let mut bytes = Vec::new();
        send(&mut bytes, &Reply::Blocks(block.clone())).unwrap();
        let Some(Reply::Blocks(received)) = receive(&mut &bytes[..]).unwrap() else { panic!("blocks") };
        let bits = |block: &[f32]| block.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&received), bits(&block));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_comes_through() {
        use std::os::unix::ffi::OsStringExt;
        let name = OsString::from_vec(vec![b'a', 0xff, b'.']);
        let mut bytes = Vec::new();
        send(&mut bytes, &Request::Clip(name.clone())).unwrap();
        assert!(matches!(receive(&mut &bytes[..]).unwrap(), Some(Request::Clip(path)) if path == name));
    }
}
