//! CAF (Apple's Core Audio Format).

use super::tone::{RATE, coded};
use crate::Seed;

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&name[..], &(body.len() as i64).to_be_bytes(), body].concat()
}

/// Linear PCM with `flags`: 1 float, 2 little-endian.
fn file(flags: u32, bits: u32, data: &[u8]) -> Vec<u8> {
    let mut description = f64::from(RATE).to_be_bytes().to_vec();
    description.extend(b"lpcm");
    for number in [flags, bits / 8, 1, 1, bits] {
        description.extend(number.to_be_bytes());
    }
    let mut file = b"caff\0\x01\0\0".to_vec();
    file.extend(chunk(b"desc", &description));
    // Mono by its layout's tag.
    file.extend(chunk(b"chan", &[100 << 16 | 1_u32, 0, 0].map(u32::to_be_bytes).concat()));
    file.extend(chunk(b"info", b"\0\0\0\x01title\0tone\0"));
    file.extend(chunk(b"data", &[&[0; 4], data].concat()));
    file
}

pub(super) fn files() -> Vec<Seed> {
    let float = |sample: i16| (f32::from(sample) / 32_768.0).to_be_bytes();
    vec![
        Seed::new("caf-16", file(0, 16, &coded(i16::to_be_bytes))),
        Seed::new("caf-16-little", file(2, 16, &coded(i16::to_le_bytes))),
        Seed::new("caf-float", file(1, 32, &coded(float))),
    ]
}
