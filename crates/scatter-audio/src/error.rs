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
    #[error("is not in an audio format that can be read, or is damaged or cut short")]
    Format(#[source] DecoderError),
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
    #[error("its audio codec ({codec}) cannot be decoded; convert the file, for example to FLAC")]
    Codec {
        /// The codec's name, where there is one.
        codec: &'static str,
        /// What the decoder says.
        source: DecoderError,
    },
    /// A container and a codec, but no sample.
    #[error("holds no sound: not one sample could be read")]
    NoSamples,
    /// The same, with the decoder's word for it.
    #[error("not one sample could be read")]
    Unreadable(#[source] DecoderError),
    /// More packets failed than could be decoded.
    #[error("is damaged: {failed} packets could not be decoded, {decoded} could")]
    Damaged {
        /// Packets that failed.
        failed: u64,
        /// Packets that did not.
        decoded: u64,
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
