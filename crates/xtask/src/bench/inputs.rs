//! What is prepared: clips in four formats, very many short ones, and a recording of hours; made once, and kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::sounds::{clip_pairs, encode, whole, write_clips, write_recording};
use crate::workspace::Workspace;

const CLIPS: usize = 2_000;
const CLIP_SECONDS: usize = 5;
const MANY: usize = 20_000;
const RECORDING_SECONDS: usize = 2 * 3_600;
/// Clips whose preparation is all start-up.
const FEW: usize = 10;

/// A set of sounds that a run is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Set {
    /// 2,000 clips of 5 s as wav
    Wav,
    /// The same as mp3, 192 kbit/s
    Mp3,
    /// The same as flac
    Flac,
    /// The same as ogg, Vorbis
    Ogg,
    /// 20,000 clips of 1 s as wav
    Many,
    /// A recording of two hours, stereo flac
    Recording,
}

/// Every set, in the order of the table.
pub const SETS: [Set; 6] = [Set::Wav, Set::Mp3, Set::Flac, Set::Ogg, Set::Many, Set::Recording];

/// A set that is there.
#[derive(Debug)]
pub struct Made {
    /// What it is called in the tables.
    pub label: String,
    /// Folder or file.
    pub path: PathBuf,
    /// Seconds of sound in it.
    pub seconds: f64,
    /// Points that it becomes: its clips, or the windows of 0.96 s each 0.48 s.
    pub points: usize,
}

impl Set {
    /// The option of scatter-prep that takes it.
    pub fn option(self) -> &'static str {
        if self == Self::Recording { "-f" } else { "-d" }
    }

    /// How many times the floor a run on it may take, where that is settled.
    pub fn target(self) -> Option<f64> {
        match self {
            Self::Wav => Some(1.8),
            Self::Mp3 => Some(2.5),
            Self::Many => Some(2.2),
            Self::Recording => Some(1.4),
            Self::Flac | Self::Ogg => None,
        }
    }

    /// Makes it in `folder`, unless it is there: the whole, or one part of `parts`.
    ///
    /// # Errors
    /// When it cannot be written, or Python's soundfile cannot be installed.
    pub fn make(self, workspace: &Workspace, folder: &Path, parts: usize) -> Result<Made> {
        let count = CLIPS / parts;
        let clips =
            |format: &str| (format!("{count} {format} clips of 5 s"), format!("clips-{count}-{format}"));
        let (label, name) = match self {
            Self::Wav => clips("wav"),
            Self::Mp3 => clips("mp3"),
            Self::Flac => clips("flac"),
            Self::Ogg => clips("ogg"),
            Self::Many => {
                let count = MANY / parts;
                (format!("{count} wav clips of 1 s"), format!("short-{count}-wav"))
            }
            Self::Recording => {
                let minutes = RECORDING_SECONDS / parts / 60;
                (format!("flac of {minutes} min, stereo"), format!("recording-{minutes}min.flac"))
            }
        };
        let path = folder.join(name);
        whole(&path, |partial| match self {
            Self::Wav => write_clips(partial, 11, count, CLIP_SECONDS),
            Self::Many => write_clips(partial, 12, MANY / parts, 1),
            Self::Mp3 | Self::Flac | Self::Ogg => {
                let wav = Self::Wav.make(workspace, folder, parts)?;
                let ending = self.ending();
                encode(workspace, &clip_pairs(&wav.path, partial, ending)?)
            }
            Self::Recording => {
                let plain = folder.join("recording.wav.partial");
                write_recording(&plain, RECORDING_SECONDS / parts)?;
                // The encoder takes the format from the ending.
                let coded = folder.join("recording.partial.flac");
                encode(workspace, &[(plain.clone(), coded.clone())])?;
                fs::remove_file(&plain).with_context(|| format!("cannot remove {}", plain.display()))?;
                fs::rename(&coded, partial).with_context(|| format!("cannot rename {}", coded.display()))
            }
        })?;
        let (points, seconds) = match self {
            Self::Many => (MANY / parts, MANY / parts),
            // Nothing stays over at the end: all lengths here are multiples of 0.48 s.
            Self::Recording => (RECORDING_SECONDS / parts * 100 / 48 - 1, RECORDING_SECONDS / parts),
            _ => (count, count * CLIP_SECONDS),
        };
        Ok(Made { label, path, seconds: seconds as f64, points })
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Flac | Self::Recording => "flac",
            Self::Wav | Self::Many => "wav",
        }
    }
}

/// Ten clips, for the time that a run takes to get going.
///
/// # Errors
/// When they cannot be written.
pub fn few(folder: &Path) -> Result<PathBuf> {
    let path = folder.join(format!("clips-{FEW}-wav"));
    whole(&path, |partial| write_clips(partial, 13, FEW, CLIP_SECONDS))?;
    Ok(path)
}
