//! Writes the audio sprite: every clip, or the whole recording, as one FLAC stream.

mod arranged;
mod encoding;
mod frame;
mod head;

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

pub use arranged::Arranged;
use encoding::{Encoded, Job, encode};

use crate::error::{AudioError, AudioErrorKind};

/// Blocks on their way to the encoder: enough to keep it busy, too few to matter in memory.
const QUEUED_BLOCKS: usize = 8;

/// Full scale of a 16-bit sample. With 32,768, a sample that was 16-bit comes back as it was, and a value of
/// exactly 1 is the only one within ±1 to be clipped, by one step.
const FULL_SCALE: f32 = 32_768.0;

/// Writes a FLAC stream of 16 kHz, mono, 16 bit, in frames of 3,840 samples, at level 5: level 8 takes
/// twice as long for files that are 0.4 to 3.5 % smaller.
///
/// The stream is `fLaC`, STREAMINFO (with the MD5 of the samples and the exact length), SEEKTABLE, frames. The seek
/// table stands before the frames but its size is known only after the last, so frames go to an unnamed temporary
/// file in the target's folder and are put behind the head at the end: one more copy of a file of 1 MB a minute,
/// and at no time a half-written file under the target's name.
///
/// The seek table has a point for the frame in which each clip begins, so that a page can fetch one clip by itself. Clips
/// that begin within one frame share its point; where clips are more than two windows apart, as many points as that needs
/// lie evenly between them. Beyond 932,067 points, all that a metadata block can hold, only every 2nd, 4th… has one: the
/// least power of two that will do.
///
/// Encoding runs on a thread of its own.
#[derive(Debug)]
pub struct AudioSprite {
    path: PathBuf,
    hop_samples: u32,
    /// `None` once the encoder was told to stop.
    jobs: Option<SyncSender<Job>>,
    encoder: Option<JoinHandle<Result<Option<Encoded>, AudioErrorKind>>>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioSpriteSummary {
    /// Samples.
    pub samples: u64,
    /// Size of the file.
    pub bytes: u64,
}

impl AudioSprite {
    /// Begins a sprite that will be at `path`, with a clip each `hop_samples`; what is there stays until
    /// [`AudioSprite::finish`].
    ///
    /// # Errors
    /// When no file can be made in the folder of `path`.
    pub fn create(path: &Path, hop_samples: u32) -> Result<Self, AudioError> {
        Self::begin(path, hop_samples, true)
    }

    /// Begins a sprite whose clips get their order at the end, by [`AudioSprite::arrange`].
    ///
    /// # Errors
    /// As from [`AudioSprite::create`].
    pub fn to_arrange(path: &Path, hop_samples: u32) -> Result<Self, AudioError> {
        // The checksum is one of the samples in order.
        Self::begin(path, hop_samples, false)
    }

    fn begin(path: &Path, hop_samples: u32, checksum: bool) -> Result<Self, AudioError> {
        let frames =
            tempfile::tempfile_in(folder(path)).map_err(|error| AudioErrorKind::Write(error).at(path))?;
        let (jobs, waiting) = sync_channel(QUEUED_BLOCKS);
        let encoder = std::thread::Builder::new()
            .name("flac".to_owned())
            .spawn(move || encode(&waiting, frames, checksum))
            .map_err(|error| AudioErrorKind::Write(error).at(path))?;
        Ok(Self { path: path.to_owned(), hop_samples, jobs: Some(jobs), encoder: Some(encoder) })
    }

    /// Appends samples at 16 kHz, as [`pcm16`] makes them.
    ///
    /// # Errors
    /// When earlier samples could not be written.
    pub fn push(&mut self, samples: &[i16]) -> Result<(), AudioError> {
        let quantised = samples.iter().map(|&sample| i32::from(sample)).collect();
        let Some(jobs) = &self.jobs else { return Err(self.stopped().at(&self.path)) };
        if jobs.send(Job::Samples(quantised)).is_err() {
            // The encoder has gone, and its result says why.
            let kind = self.join().map_or_else(|kind| kind, |_| self.stopped());
            return Err(kind.at(&self.path));
        }
        Ok(())
    }

    /// Encodes what is left, and puts the whole file in place.
    ///
    /// # Errors
    /// When something cannot be written; then there is no new file, and an old one stays.
    pub fn finish(mut self) -> Result<AudioSpriteSummary, AudioError> {
        let finished = self.finish_file();
        finished.map_err(|kind| kind.at(&self.path))
    }

    fn finish_file(&mut self) -> Result<AudioSpriteSummary, AudioErrorKind> {
        let encoded = self.encoded()?;
        let samples = encoded.samples;
        let bytes = place(&self.path, encoded, self.hop_samples).map_err(AudioErrorKind::Write)?;
        Ok(AudioSpriteSummary { samples, bytes })
    }

    /// All frames, once the encoder has come to its end.
    fn encoded(&mut self) -> Result<Encoded, AudioErrorKind> {
        if let Some(jobs) = &self.jobs {
            // Where the encoder has gone, joining it says why.
            let _ = jobs.send(Job::Finish);
        }
        self.join()?.ok_or_else(|| self.stopped())
    }

    /// Waits for the encoder's end. `None` when it was not asked to finish.
    fn join(&mut self) -> Result<Option<Encoded>, AudioErrorKind> {
        self.jobs = None;
        let Some(encoder) = self.encoder.take() else { return Ok(None) };
        encoder.join().unwrap_or_else(|_| Err(AudioErrorKind::Encoder { reason: "it panicked".to_owned() }))
    }

    fn stopped(&self) -> AudioErrorKind {
        AudioErrorKind::Encoder { reason: "it had stopped after an earlier error".to_owned() }
    }
}

impl Drop for AudioSprite {
    fn drop(&mut self) {
        // An abandoned sprite leaves nothing: the frames' file has no name, and the encoder ends with its jobs.
        let _ = self.join();
    }
}

/// A sample as the audio sprite holds it: `round(32768 · sample)`, held at the ends; what is no number becomes 0.
pub fn pcm16(sample: f32) -> i16 {
    // As `f32::round`, which is a call where the processor is not told of: halves go away from zero, and in f64 no half is
    // lost. The conversion saturates.
    let scaled = f64::from(sample * FULL_SCALE);
    (scaled + 0.5_f64.copysign(scaled)) as i16
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes head and frames to a new file and gives it its name. Returns its size.
fn place(path: &Path, mut encoded: Encoded, hop_samples: u32) -> io::Result<u64> {
    let head = head::head(&encoded, hop_samples);
    let mut file = target(path)?;
    encoded.frames.rewind()?;
    let mut writer = BufWriter::new(file.as_file_mut());
    writer.write_all(&head)?;
    writer.flush()?;
    drop(writer);
    let frames = io::copy(&mut encoded.frames, file.as_file_mut())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(head.len() as u64 + frames)
}

/// A temporary file beside `path` that is deleted unless it is given its name, readable like any other file.
fn target(path: &Path) -> io::Result<tempfile::NamedTempFile<File>> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".audio-").suffix(".part");
    #[cfg(unix)]
    let permissions: Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder(path))
}
