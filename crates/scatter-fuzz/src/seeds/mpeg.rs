//! MPEG audio without a container: layer III and AAC, silent, with the tags that stand around them.

use crate::Seed;

/// MPEG-1 layer III, 44.1 kHz, mono, 128 kbit/s: the header and, as side information and data of silence, zeros.
fn mp3_frame() -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0xc0];
    frame.resize(417, 0);
    frame
}

/// Audio object type 2 (LC), 44.1 kHz, mono.
pub(super) const AAC_CONFIG: [u8; 2] = [0b0001_0010, 0b0000_1000];

/// A raw data block of silence: one channel with no scale factor band, and the end (ISO/IEC 14496-3, 4.4.2).
pub(super) const AAC_SILENCE: [u8; 4] = [0, 0, 0, 7];

fn adts_frame() -> Vec<u8> {
    let length = 7 + AAC_SILENCE.len() as u8;
    let header = [0xff, 0xf1, 0x50, 0x40, length >> 3, length << 5 | 0x1f, 0xfc];
    [&header[..], &AAC_SILENCE].concat()
}

/// ID3v2.3 with a title and a comment.
fn id3v2() -> Vec<u8> {
    let mut frames = Vec::new();
    for (name, text) in [(b"TIT2", b"\0tone".as_slice()), (b"COMM", b"\0eng\0said")] {
        frames.extend(name);
        frames.extend((text.len() as u32).to_be_bytes());
        frames.extend([0, 0]);
        frames.extend(text);
    }
    // Seven bits a byte.
    let size = frames.len() as u8;
    [b"ID3\x03\0\0\0\0\0".as_slice(), &[size], &frames].concat()
}

fn id3v1() -> Vec<u8> {
    let mut tag = b"TAGtone".to_vec();
    tag.resize(128, 0);
    tag
}

/// APEv2 with one item, and its footer.
fn ape() -> Vec<u8> {
    let item = [&4_u32.to_le_bytes()[..], &[0; 4], b"Title\0tone"].concat();
    let ends = |flags: u32| {
        let size = item.len() as u32 + 32;
        let numbers = [2_000, size, 1, flags].map(u32::to_le_bytes).concat();
        [b"APETAGEX".as_slice(), &numbers, &[0; 8]].concat()
    };
    [ends(0xa000_0000), item.clone(), ends(0x8000_0000)].concat()
}

pub(super) fn files() -> Vec<Seed> {
    let (mp3, aac) = (mp3_frame().repeat(6), adts_frame().repeat(12));
    vec![
        Seed::new("mp3", mp3.clone()),
        Seed::new("mp3-id3", [id3v2(), mp3.clone(), id3v1()].concat()),
        Seed::new("mp3-ape", [mp3, ape()].concat()),
        Seed::new("aac", aac.clone()),
        Seed::new("aac-id3", [id3v2(), aac].concat()),
    ]
}
