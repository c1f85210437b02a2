//! The sound file: how much of it is fetched at once, and whether it may be unpacked.

use super::clips::Clips;
use super::fetch::{Body, Size, fetch};
use super::load::{Progress, SoundPlace};
use super::supply::{Opening, Supply};
use crate::flac::FlacScan;
use crate::trouble::Trouble;

/// A file below this many bytes is fetched whole: 3 s on a line of 10 Mbit/s, and silence about none of it.
const SMALL: u64 = 4_000_000;
/// Most bytes of a file that is fetched whole.
pub const MOST_SOUND: u64 = 2_000_000_000;
/// Most samples that are unpacked whole where they need not be: 16 MB, four minutes at 16 kHz.
const SHORT: u64 = 1 << 22;
/// Most samples of a file that cannot be read in parts: two gigabytes when unpacked, nine hours at 16 kHz.
const MOST_SAMPLES: u64 = 1 << 29;

/// Sound, and what its file says of itself.
pub struct Heard {
    pub clips: Clips,
    /// Rate in Hz.
    pub rate: u32,
    pub channels: u8,
}

/// Opens the sound file.
pub async fn open(place: &SoundPlace, progress: Progress<'_>) -> Result<Heard, Trouble> {
    let large = place.bytes.filter(|&bytes| bytes >= SMALL);
    let opening = match large {
        Some(bytes) => Supply::open(place, bytes, None, &mut *progress).await?,
        None => Opening::Unfit,
    };
    let body = match opening {
        Opening::Parts(heard) => return Ok(heard),
        // The server sent all of it, unasked.
        Opening::Whole(body) => body,
        Opening::Unfit => {
            let size = place.bytes;
            fetch(&place.address, Size::of(size, MOST_SOUND), |n| progress(n, size)).await?
        }
    };
    whole(place, body, progress).await
}

/// Sound of a file that was fetched whole.
async fn whole(place: &SoundPlace, body: Body, progress: Progress<'_>) -> Result<Heard, Trouble> {
    let unreadable = || Trouble::Sound { file: place.file.clone() };
    let mut scan = FlacScan::default();
    body.pieces().for_each(|piece| scan.push(&piece));
    let facts = scan.finish().ok_or_else(unreadable)?;
    // What is unpacked: every channel, at the rate of the page.
    let rate = u64::from(place.audio.sample_rate);
    let unpacked = facts.samples.saturating_mul(facts.channels.into()).saturating_mul(rate);
    let unpacked = unpacked / u64::from(facts.rate.max(1));
    if facts.rate >= 8_000 && unpacked > SHORT {
        let blob = body.blob("").map_err(|_| unreadable())?;
        if let Ok(Opening::Parts(heard)) = Supply::open(place, body.length, Some(blob), progress).await {
            return Ok(heard);
        }
    }
    if facts.rate < 8_000 || unpacked > MOST_SAMPLES {
        let found = format!("{} samples of {} Hz in {} channels", facts.samples, facts.rate, facts.channels);
        return Err(Trouble::SoundSize { file: place.file.clone(), found });
    }
    let buffer = body.buffer().await.map_err(|_| unreadable())?;
    let clips = Clips::decode(&buffer, place.audio.sample_rate).await.map_err(|_| unreadable())?;
    match clips.samples() {
        0 => Err(unreadable()),
        _ => Ok(Heard { clips, rate: facts.rate, channels: facts.channels }),
    }
}
