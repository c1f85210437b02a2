//! What is prepared: clips in four formats, very many short ones, and a recording of hours; made once, and kept.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{process, python, synth::Scraps, wav, workspace::Workspace};

const RATE: u32 = 44_100;
const CLIPS: usize = 2_000;
const CLIP_SECONDS: usize = 5;
const MANY: usize = 20_000;
const RECORDING_SECONDS: usize = 2 * 3_600;
/// Clips whose preparation is all start-up.
const FEW: usize = 10;
/// Clips in a folder.
const FOLDER: usize = 1_000;

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

/// Has `make` write to a place beside `path` and moves it there: under its name stands only what is whole.
fn whole(path: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().context("a set needs a folder")?;
    make_folder(folder)?;
    println!("bench: making {}", path.display());
    let start = Instant::now();
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    make(&partial)?;
    fs::rename(&partial, path).with_context(|| format!("cannot rename {}", partial.display()))?;
    println!("bench: made in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Clips of several pieces each, so that one part of a clip is the loudest.
fn write_clips(folder: &Path, seed: u64, count: usize, seconds: usize) -> Result<()> {
    let mut scraps = Scraps::new(seed, RATE);
    for number in 0..count {
        let below = folder.join(format!("{:03}", number / FOLDER));
        if number % FOLDER == 0 {
            make_folder(&below)?;
        }
        let samples = stretch(&mut scraps, seconds * RATE as usize);
        wav::write(&below.join(format!("{number:06}.wav")), RATE, 1, |writer| wav::append(writer, &samples))?;
    }
    Ok(())
}

/// Two channels, each of its own pieces, a second at a time.
fn write_recording(path: &Path, seconds: usize) -> Result<()> {
    let mut sides = [Scraps::new(14, RATE), Scraps::new(15, RATE)];
    wav::write(path, RATE, 2, |writer| {
        for _ in 0..seconds {
            let [left, right] = sides.each_mut().map(|side| stretch(side, RATE as usize));
            let both: Vec<i16> = left.into_iter().zip(right).flat_map(|(l, r)| [l, r]).collect();
            wav::append(writer, &both)?;
        }
        Ok(())
    })
}

/// Pieces one after another, `samples` of them in all.
fn stretch(scraps: &mut Scraps, samples: usize) -> Vec<i16> {
    let mut sound = Vec::with_capacity(samples);
    while sound.len() < samples {
        sound.extend(scraps.clip([0.4, 2.5]));
    }
    sound.truncate(samples);
    sound
}

/// Each wave file below `from`, and what it is to become below `to`, whose folders are made.
fn clip_pairs(from: &Path, to: &Path, ending: &str) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut pairs = Vec::new();
    for entry in read(from)? {
        let below = to.join(entry.file_name().unwrap_or_default());
        make_folder(&below)?;
        for file in read(&entry)? {
            let target = below.join(file.file_name().unwrap_or_default()).with_extension(ending);
            pairs.push((file, target));
        }
    }
    Ok(pairs)
}

fn read(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Writes files again in the format that each target's name ends in: one Python for all of them.
fn encode(workspace: &Workspace, pairs: &[(PathBuf, PathBuf)]) -> Result<()> {
    let python = python::references(workspace)?;
    let mut command = Command::new(python);
    command.arg(workspace.root().join("crates/xtask/python/encode.py")).stdin(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start `{}`", process::line(&command)))?;
    let mut lines = child.stdin.take().ok_or_else(|| anyhow!("Python has no input"))?;
    let told = pairs
        .iter()
        .try_for_each(|(source, target)| writeln!(lines, "{}\t{}", source.display(), target.display()));
    drop(lines);
    let status = child.wait().context("lost Python")?;
    if !status.success() {
        bail!("`{}` failed ({status}); it said above why", process::line(&command));
    }
    told.context("Python stopped listening")
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_are_as_long_as_asked_for_no_two_alike_and_the_same_each_time() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let clips = folders.each_ref().map(|folder| {
            let path = folder.path().join("set");
            whole(&path, |partial| write_clips(partial, 3, 4, 1)).unwrap();
            assert_eq!(read(folder.path()).unwrap(), [path.as_path()]);
            read(&path.join("000")).unwrap().iter().map(|file| fs::read(file).unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(clips[0], clips[1]);
        for (k, clip) in clips[0].iter().enumerate() {
            assert_eq!(clip.len(), 44 + 2 * RATE as usize);
            assert!(!clips[0][..k].contains(clip));
        }
    }

    #[test]
    fn a_recording_has_two_different_channels() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recording.wav");
        write_recording(&path, 2).unwrap();
        let mut reader = hound::WavReader::open(&path).unwrap();
        assert_eq!((reader.spec().channels, reader.duration()), (2, 2 * RATE));
        let samples: Vec<i16> = reader.samples().map(Result::unwrap).collect();
        assert!(samples.chunks_exact(2).any(|frame| frame[0] != frame[1]));
    }

    #[test]
    fn what_broke_off_is_not_taken_for_a_set() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set");
        let broken = whole(&path, |partial| {
            make_folder(partial)?;
            bail!("the disk is full")
        });
        assert!(broken.is_err() && !path.exists());
        whole(&path, make_folder).unwrap();
        assert!(path.is_dir());
    }
}
