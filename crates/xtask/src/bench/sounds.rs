//! Writing sounds in quantity: folders of clips, long recordings, and both again in other formats.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{process, python, synth::Scraps, wav, workspace::Workspace};

/// Rate of all of them, in Hz.
const RATE: u32 = 44_100;
/// Clips in a folder.
const FOLDER: usize = 1_000;

/// Has `make` write to a place beside `path` and moves it there: under its name stands only what is whole.
pub fn whole(path: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
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
pub fn write_clips(folder: &Path, seed: u64, count: usize, seconds: usize) -> Result<()> {
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
pub fn write_recording(path: &Path, seconds: usize) -> Result<()> {
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
pub fn clip_pairs(from: &Path, to: &Path, ending: &str) -> Result<Vec<(PathBuf, PathBuf)>> {
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
pub fn encode(workspace: &Workspace, pairs: &[(PathBuf, PathBuf)]) -> Result<()> {
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
