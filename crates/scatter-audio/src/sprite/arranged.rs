//! Clips that were encoded in one order, written in another.

use std::io::{self, Read, Seek, SeekFrom, Write};

use md5::{Digest, Md5};

use super::encoding::Encoded;
use super::frame::renumbered;
use super::{AudioSprite, AudioSpriteSummary, place};
use crate::BLOCK_SAMPLES;
use crate::error::{AudioError, AudioErrorKind};

/// An audio sprite whose clips are all encoded, and come in a new order.
///
/// Which order that is shows late, when the map is there; encoding takes long and is done by then. Frames of a fixed block
/// size hold nothing of those before them but their number, so that they can be moved. What must be taken anew is the
/// checksum of the samples: hand them over by [`Arranged::hear`], in the new order.
#[derive(Debug)]
pub struct Arranged {
    sprite: AudioSprite,
    encoded: Encoded,
    digest: Md5,
    samples: u64,
}

impl AudioSprite {
    /// Encodes what is left, and takes `order`: clip `order[k]` of those that were pushed, each of a whole number of blocks,
    /// one hop long, becomes clip k.
    ///
    /// # Errors
    /// When something could not be written, or `order` is not one of all clips.
    pub fn arrange(mut self, order: &[u32]) -> Result<Arranged, AudioError> {
        let encoded = self.encoded().and_then(|encoded| self.reordered(encoded, order));
        match encoded {
            Ok(encoded) => Ok(Arranged { sprite: self, encoded, digest: Md5::new(), samples: 0 }),
            Err(kind) => Err(kind.at(&self.path)),
        }
    }

    /// Moves the frames.
    fn reordered(&self, mut from: Encoded, order: &[u32]) -> Result<Encoded, AudioErrorKind> {
        let odd = |reason: &str| AudioErrorKind::Encoder { reason: reason.to_owned() };
        let frames = self.hop_samples as usize / BLOCK_SAMPLES;
        let mut met = vec![false; order.len()];
        let once = order
            .iter()
            .all(|&clip| met.get_mut(clip as usize).is_some_and(|met| !std::mem::replace(met, true)));
        let whole = order.len() as u64 * u64::from(self.hop_samples) == from.samples
            && order.len() * frames == from.frame_bytes.len();
        if !once || !whole || !(self.hop_samples as usize).is_multiple_of(BLOCK_SAMPLES) {
            return Err(odd("clips can only be put in an order that names each of them once"));
        }
        let mut clips = Vec::with_capacity(order.len());
        let mut start = 0u64;
        for frames in from.frame_bytes.chunks(frames.max(1)) {
            let bytes = frames.iter().map(|&bytes| bytes as usize).sum();
            clips.push((start, bytes));
            start += bytes as u64;
        }
        let target = tempfile::tempfile_in(super::folder(&self.path)).map_err(AudioErrorKind::Write)?;
        let mut writer = io::BufWriter::with_capacity(1 << 16, target);
        let mut frame_bytes = Vec::with_capacity(from.frame_bytes.len());
        let (mut clip, mut moved) = (Vec::new(), Vec::new());
        for &number in order {
            let (start, bytes) = clips[number as usize];
            clip.resize(bytes, 0);
            let read =
                from.frames.seek(SeekFrom::Start(start)).and_then(|_| from.frames.read_exact(&mut clip));
            read.map_err(AudioErrorKind::Write)?;
            let mut rest = &clip[..];
            for &bytes in &from.frame_bytes[number as usize * frames..][..frames] {
                let (frame, behind) = rest.split_at(bytes as usize);
                rest = behind;
                moved.clear();
                renumbered(frame, frame_bytes.len() as u64, &mut moved)
                    .ok_or_else(|| odd("it wrote a frame of another kind"))?;
                writer.write_all(&moved).map_err(AudioErrorKind::Write)?;
                frame_bytes.push(moved.len() as u32);
            }
        }
        let moved = writer.into_inner().map_err(|error| AudioErrorKind::Write(error.into_error()))?;
        Ok(Encoded { frames: moved, frame_bytes, ..from })
    }
}

impl Arranged {
    /// Takes the next clip's samples, as they were pushed, into the checksum.
    pub fn hear(&mut self, samples: &[i16]) {
        self.samples += samples.len() as u64;
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.digest.update(&bytes);
    }

    /// Puts the whole file in place.
    ///
    /// # Errors
    /// When something cannot be written, or not all clips were heard again; then there is no new file, and an old one stays.
    pub fn finish(self) -> Result<AudioSpriteSummary, AudioError> {
        let Self { sprite, mut encoded, digest, samples } = self;
        if samples != encoded.samples {
            let reason = format!("{samples} of its {} samples were heard again", encoded.samples);
            return Err(AudioErrorKind::Encoder { reason }.at(&sprite.path));
        }
        encoded.md5 = digest.finalize().into();
        let written = place(&sprite.path, encoded, sprite.hop_samples);
        let bytes = written.map_err(|error| AudioErrorKind::Write(error).at(&sprite.path))?;
        Ok(AudioSpriteSummary { samples, bytes })
    }
}
