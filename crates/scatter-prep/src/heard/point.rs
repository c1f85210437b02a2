//! One point as it is kept.

use anyhow::Context;
use scatter_audio::{Descriptors, Pitch};
use serde::{Deserialize, Serialize};

/// What the map is made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Start in the source, in seconds.
    pub start_seconds: f64,
    /// Decoded length of the source, in seconds; 0 for a recording's window, where it is known only at the end.
    pub source_seconds: f64,
    /// Descriptors at the source's own rate.
    pub descriptors: Descriptors,
    /// Pitch.
    pub pitch: Pitch,
    /// What was odd about the file, one sentence each.
    pub notes: Vec<String>,
    /// Whether only a part of the file could be read.
    pub partial: bool,
    /// What the model made of it.
    pub embedding: Vec<f32>,
    /// `(class, score)`, best first; nothing where the model scores nothing.
    pub classes: Vec<(usize, f32)>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// What the map is made from.
    pub facts: Facts,
    /// `[96, 64]` levels of the tile, frame-major ([`crate::output::tiles::levels`]).
    pub tile: Vec<u16>,
    /// What the audio sprite plays, at 16 kHz: the clip, or a recording from this window's start to the next one's.
    pub sound: Vec<i16>,
}

/// Where the parts of a stored point are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    facts: usize,
    tile: usize,
}

impl Parts {
    /// Bytes that say it.
    pub const BYTES: usize = 8;

    /// From the first [`Parts::BYTES`] of a stored point.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| {
            let bytes = bytes.get(at..at + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
        };
        Some(Self { facts: number(0)?, tile: number(4)? })
    }

    /// Start and length of the facts.
    pub fn facts(self) -> (usize, usize) {
        (Self::BYTES, self.facts)
    }

    /// Start and length of the tile.
    pub fn tile(self) -> (usize, usize) {
        (Self::BYTES + self.facts, self.tile)
    }

    /// Start of the sound, which goes to the end.
    pub fn sound(self) -> usize {
        Self::BYTES + self.facts + self.tile
    }
}

impl Heard {
    /// As stored: length of the facts, length of the tile (`u32` each), facts, tile, sound.
    ///
    /// # Errors
    /// When a part is too large to be said.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        let facts = postcard::to_allocvec(&self.facts)?;
        let tile: Vec<u8> = self.tile.iter().flat_map(|level| level.to_le_bytes()).collect();
        let mut bytes = Vec::with_capacity(Parts::BYTES + facts.len() + tile.len() + 2 * self.sound.len());
        for part in [&facts, &tile] {
            bytes.extend_from_slice(&u32::try_from(part.len())?.to_le_bytes());
        }
        bytes.extend_from_slice(&facts);
        bytes.extend_from_slice(&tile);
        bytes.extend(self.sound.iter().flat_map(|sample| sample.to_le_bytes()));
        Ok(bytes)
    }
}

impl Facts {
    /// From their bytes.
    ///
    /// # Errors
    /// When they are not such.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        postcard::from_bytes(bytes).context("a point that was kept cannot be read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_found_again_bit_by_bit() {
        let descriptors = scatter_audio::DescriptorAnalyzer::new().analyze(&[0.1, -0.3, 0.2, 0.7], 8_000);
        let facts = Facts {
            start_seconds: 0.1 + 0.2,
            source_seconds: 1.0 / 3.0,
            descriptors,
            pitch: Pitch { f0_hz: None, voiced: 0.25 },
            notes: vec!["odd".to_owned()],
            partial: true,
            embedding: vec![0.0, f32::MIN_POSITIVE, 3.7],
            classes: vec![(520, 0.1), (0, 1.0e-7)],
        };
        let heard =
            Heard { facts: facts.clone(), tile: vec![0, 65_535, 258], sound: vec![-32_768, 1, 32_767] };
        let bytes = heard.to_bytes().unwrap();
        let parts = Parts::parse(&bytes).unwrap();
        let part = |(from, length): (usize, usize)| &bytes[from..from + length];
        assert_eq!(Facts::from_bytes(part(parts.facts())).unwrap(), facts);
        assert_eq!(part(parts.tile()), [0, 0, 255, 255, 2, 1]);
        assert_eq!(&bytes[parts.sound()..], [0, 128, 1, 0, 255, 127]);
    }
}
