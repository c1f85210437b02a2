//! Matroska and WebM (EBML): PCM in simple blocks.

use super::tone::{RATE, coded};
use crate::Seed;

/// An element with a size of four bytes.
fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
    [id, &(0x1000_0000 | body.len() as u32).to_be_bytes(), body].concat()
}

pub(super) fn files() -> Vec<Seed> {
    let header = [
        element(&[0x42, 0x86], &[1]),
        element(&[0x42, 0xf7], &[1]),
        element(&[0x42, 0xf2], &[4]),
        element(&[0x42, 0xf3], &[8]),
        element(&[0x42, 0x82], b"matroska"),
        element(&[0x42, 0x87], &[4]),
        element(&[0x42, 0x85], &[2]),
    ]
    .concat();
    // Timestamps in milliseconds, and the length.
    let info = [
        element(&[0x2a, 0xd7, 0xb1], &1_000_000_u32.to_be_bytes()),
        element(&[0x44, 0x89], &100_f32.to_be_bytes()),
        element(&[0x4d, 0x80], b"us"),
        element(&[0x57, 0x41], b"us"),
    ]
    .concat();
    let audio = [
        element(&[0xb5], &(RATE as f32).to_be_bytes()),
        element(&[0x9f], &[1]),
        element(&[0x62, 0x64], &[16]),
    ]
    .concat();
    let track = [
        element(&[0xd7], &[1]),
        element(&[0x73, 0xc5], &[1]),
        element(&[0x83], &[2]),
        element(&[0x86], b"A_PCM/INT/LIT"),
        element(&[0xe1], &audio),
    ]
    .concat();
    let block = |ticks: u8, data: &[u8]| element(&[0xa3], &[&[0x81, 0, ticks, 0x80], data].concat());
    let data = coded(i16::to_le_bytes);
    let (first, second) = data.split_at(data.len() / 2);
    let cluster = [element(&[0xe7], &[0]), block(0, first), block(50, second)].concat();
    let segment = [
        element(&[0x15, 0x49, 0xa9, 0x66], &info),
        element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track)),
        element(&[0x1f, 0x43, 0xb6, 0x75], &cluster),
    ]
    .concat();
    let file =
        [element(&[0x1a, 0x45, 0xdf, 0xa3], &header), element(&[0x18, 0x53, 0x80, 0x67], &segment)].concat();
    vec![Seed::new("mkv-pcm", file)]
}
