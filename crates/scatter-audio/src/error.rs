use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use symphonia::core::errors::Error as DecoderError;

/// What went wrong with one file.
#[derive(Debug)]
pub struct AudioError {
    path: PathBuf,
    kind: AudioErrorKind,
}

/// The ways in which a file fails.
///
/// The text of each is a sentence without the file's name, fit for a row of a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AudioErrorKind {
    /// The file cannot be opened or read.
    #[error("cannot be opened")]
    Open(#[source] io::Error),
    /// A folder, a pipe or a device.
    #[error("is not a regular file")]
    NotAFile,
    /// Not a byte in it.
    #[error("the file is empty (0 bytes)")]
    NoBytes,
    /// No known container was found.
    #[error(
        "no sound of a known format was found in it: it is damaged, cut short at its start, or not what its name \
         says (decoder: {0})"
    )]
    Format(DecoderError),
    /// A known container that cannot be opened.
    #[error("is {container}, damaged or cut short before its sound begins (decoder: {decoder})")]
    Container {
        /// Its name.
        container: &'static str,
        /// What the decoder says; it is part of the text.
        decoder: DecoderError,
    },
    /// A header that contradicts itself or the file.
    #[error("its header is damaged: {fault}")]
    Header {
        /// What it says, and what is there.
        fault: String,
    },
    /// What is needed to find the sound lay in the part that is missing.
    #[error("is cut short: {missing} is missing")]
    CutShort {
        /// What is missing.
        missing: &'static str,
    },
    /// A tag, and nothing after it.
    #[error(
        "holds a tag (ID3) of {tag} bytes and no sound after it: the file has {length} bytes; perhaps it is cut short"
    )]
    TagAlone {
        /// Bytes of the tag, as it says.
        tag: u64,
        /// Bytes of the file.
        length: u64,
    },
    /// A header, and nothing after it.
    #[error("holds a header and no sound after it{}: the file has {length} bytes; perhaps it is cut short", where_promised(*promised))]
    NoSound {
        /// Seconds that the header promises.
        promised: Option<f64>,
        /// Bytes of the file.
        length: u64,
    },
    /// A file of another kind.
    #[error("is {what}, and no sound")]
    NotSound {
        /// What it is.
        what: &'static str,
    },
    /// Bought with a lock on it.
    #[error("is copy-protected (DRM), and can be played by the shop's own programs alone")]
    Protected,
    /// FLAC with a side channel of 33 bits.
    #[error(
        "is stereo FLAC of 32 bits a sample, which cannot be decoded; convert the file to 24 bits, or to WAV"
    )]
    WideFlac,
    /// A format that is known and not decoded.
    #[error("is {format}, which cannot be decoded; convert the file, for example to FLAC")]
    Foreign {
        /// The format's name.
        format: &'static str,
    },
    /// A container without a sound track.
    #[error("holds no audio track")]
    NoAudioTrack,
    /// A known container with a codec that is not.
    #[error(
        "its audio codec ({codec}) cannot be decoded; convert the file, for example to FLAC (decoder: {decoder})"
    )]
    Codec {
        /// The codec's name, where there is one.
        codec: &'static str,
        /// What the decoder says; it is part of the text.
        decoder: DecoderError,
    },
    /// A container and a codec, but no sample.
    #[error("holds no sound that could be decoded: {why}")]
    NoSamples {
        /// What was there instead.
        why: String,
    },
    /// The same, with the decoder's word for it.
    #[error("holds no sound that could be decoded: it is damaged or cut short (decoder: {0})")]
    Unreadable(DecoderError),
    /// More packets failed than could be decoded.
    #[error("is damaged: {failed} packet(s) could not be decoded, {decoded} could{}", and(promise))]
    Damaged {
        /// Packets that failed.
        failed: u64,
        /// Packets that did not.
        decoded: u64,
        /// What the header promises that is not there.
        promise: Option<String>,
    },
    /// Most of a file's data are something else than packets of sound.
    #[error("is damaged: {percent:.0} % of its data are no sound that could be decoded")]
    Unsound {
        /// Share of the data in percent.
        percent: f64,
    },
    /// A sample rate outside of what is supported.
    #[error("its sample rate is {rate} Hz; rates from {min} to {max} Hz can be read")]
    Rate {
        /// The file's rate in Hz.
        rate: u32,
        /// Least rate in Hz.
        min: u32,
        /// Greatest rate in Hz.
        max: u32,
    },
    /// No channel, or too many.
    #[error("it has {channels} channels; 1 to {max} can be read")]
    Channels {
        /// The file's channels.
        channels: usize,
        /// Most channels.
        max: usize,
    },
    /// Rate or channels change on the way.
    #[error(
        "its format changes after {seconds:.2} s, from {rate} Hz with {channels} channel(s) to {new_rate} Hz with \
         {new_channels}; split it there, or convert it"
    )]
    FormatChange {
        /// Where, in seconds from the beginning.
        seconds: f64,
        /// Rate before, in Hz.
        rate: u32,
        /// Channels before.
        channels: usize,
        /// Rate after, in Hz.
        new_rate: u32,
        /// Channels after.
        new_channels: usize,
    },
    /// The decoder broke down.
    #[error("the decoder broke down on it ({message}); please report this file")]
    DecoderPanic {
        /// What the panic said.
        message: String,
    },
    /// What another process said of the file that it read.
    #[error("{reason}")]
    Reported {
        /// Its words.
        reason: String,
    },
    /// The file's rate cannot be converted.
    #[error("cannot be resampled: {reason}")]
    Resample {
        /// What the resampler said.
        reason: String,
    },
    /// Windows that do not advance.
    #[error("the hop between windows must be at least one sample")]
    ZeroHop,
    /// The audio sprite cannot be written.
    #[error("cannot be written")]
    Write(#[source] io::Error),
    /// The FLAC encoder failed.
    #[error("the FLAC encoder failed: {reason}")]
    Encoder {
        /// What it said.
        reason: String,
    },
}

/// A further sentence.
fn and(sentence: &Option<String>) -> String {
    sentence.as_ref().map_or_else(String::new, |sentence| format!("; {sentence}"))
}

/// Seconds that were promised, as a part of a sentence.
fn where_promised(seconds: Option<f64>) -> String {
    seconds.map_or_else(String::new, |seconds| format!(", where it promises {seconds:.2} s"))
}

impl AudioErrorKind {
    pub(crate) fn at(self, path: &Path) -> AudioError {
        AudioError { path: path.to_owned(), kind: self }
    }
}

impl AudioError {
    /// What another process said of the file at `path`.
    pub fn reported(path: &Path, reason: String) -> Self {
        AudioErrorKind::Reported { reason }.at(path)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What went wrong.
    pub fn kind(&self) -> &AudioErrorKind {
        &self.kind
    }

    /// What went wrong with all causes, without the file's name.
    pub fn reason(&self) -> String {
        let mut reason = self.kind.to_string();
        let mut cause = self.kind.source();
        while let Some(error) = cause {
            reason.push_str(": ");
            reason.push_str(&error.to_string());
            cause = error.source();
        }
        reason
    }
}

impl fmt::Display for AudioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.kind)
    }
}

impl Error for AudioError {
    // The kind's text is part of this one's, so the chain goes on below it.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.kind.source()
    }
}
