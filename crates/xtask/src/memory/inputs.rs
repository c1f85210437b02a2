//! Sounds in quantity: a recording of hours, and very many short clips, no two alike.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};

use crate::{synth::Scraps, wav};

/// Length and rate of the recording: 3.2 GB as 16-bit WAV.
const RECORDING_SECONDS: usize = 10 * 3600;
const RECORDING_RATE: u32 = 44_100;
/// Number and rate of the clips, 0.3 to 1 s long: 1.5 GB.
pub const CLIPS: usize = 100_000;
const CLIP_RATE: u32 = 11_025;
/// Clips in a folder.
const FOLDER: usize = 1_000;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Input {
    /// Ten hours of sound, to be read as a stream
    Recording,
    /// 100,000 short files, or as many as --clips says
    Clips,
}

impl Input {
    /// The option of scatter-prep that takes it.
    pub fn option(self) -> &'static str {
        match self {
            Self::Recording => "-f",
            Self::Clips => "-d",
        }
    }

    /// Makes it in `folder`, unless it is there: one part of `parts` of the recording, or so many `clips`. Gives its name
    /// and place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn make(self, folder: &Path, parts: usize, clips: usize) -> Result<(String, PathBuf)> {
        let (label, name) = match self {
            Self::Recording => {
                let hours = RECORDING_SECONDS / parts / 3600;
                (format!("recording of {hours} h"), format!("recording-{hours}h.wav"))
            }
            Self::Clips => (format!("{clips} clips"), format!("clips-{clips}")),
        };
        let path = folder.join(&name);
        if path.exists() {
            return Ok((label, path));
        }
        println!("memory: making {}", path.display());
        let start = Instant::now();
        // Under its name stands only what is whole.
        let partial = folder.join(format!("{name}.partial"));
        match self {
            Self::Recording => {
                make_folder(folder)?;
                write_wav(&partial, &mut Scraps::new(1, RECORDING_RATE), RECORDING_SECONDS / parts)?;
            }
            Self::Clips => write_clips(&partial, clips)?,
        }
        fs::rename(&partial, &path).with_context(|| format!("cannot rename {}", partial.display()))?;
        println!("memory: made in {:.0} s", start.elapsed().as_secs_f64());
        Ok((label, path))
    }
}

fn write_clips(folder: &Path, count: usize) -> Result<()> {
    let mut scraps = Scraps::new(2, CLIP_RATE);
    for number in 0..count {
        let below = folder.join(format!("{:03}", number / FOLDER));
        if number % FOLDER == 0 {
            make_folder(&below)?;
        }
        let path = below.join(format!("{number:06}.wav"));
        let samples = scraps.clip([0.3, 1.0]);
        wav::write(&path, CLIP_RATE, 1, |writer| wav::append(writer, &samples))?;
    }
    Ok(())
}

/// Sound of `seconds`, piece by piece.
fn write_wav(path: &Path, scraps: &mut Scraps, seconds: usize) -> Result<()> {
    wav::write(path, RECORDING_RATE, 1, |writer| {
        let mut left = seconds * RECORDING_RATE as usize;
        while left > 0 {
            let mut samples = scraps.clip([0.5, 4.0]);
            samples.truncate(left);
            left -= samples.len();
            wav::append(writer, &samples)?;
        }
        Ok(())
    })
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}
