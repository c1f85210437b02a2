//! AIFF and AIFF-C (Apple, 1989 and 1991).

use super::tone::{RATE, coded};
use crate::Seed;

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = name.to_vec();
    chunk.extend((body.len() as u32).to_be_bytes());
    chunk.extend(body);
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// `compression`: `None` in AIFF, a code in AIFF-C.
fn file(compression: Option<&[u8; 4]>, bits: u16, data: &[u8]) -> Vec<u8> {
    let frames = data.len() as u32 * 8 / u32::from(bits);
    let mut common = 1_u16.to_be_bytes().to_vec();
    common.extend(frames.to_be_bytes());
    common.extend(bits.to_be_bytes());
    // The rate as an 80-bit float: exponent with a bias of 16,383, then the mantissa with its leading one.
    let exponent = RATE.ilog2();
    common.extend((16_383 + exponent as u16).to_be_bytes());
    common.extend((u64::from(RATE) << (63 - exponent)).to_be_bytes());
    let mut body = if compression.is_some() { b"AIFC".to_vec() } else { b"AIFF".to_vec() };
    if let Some(code) = compression {
        body.extend(chunk(b"FVER", &0xa280_5140_u32.to_be_bytes()));
        common.extend(code);
        common.extend(b"\x04none\0");
    }
    body.extend(chunk(b"COMM", &common));
    body.extend(chunk(b"NAME", b"tone"));
    body.extend(chunk(b"SSND", &[&[0; 8], data].concat()));
    chunk(b"FORM", &body)
}

pub(super) fn files() -> Vec<Seed> {
    let float = |sample: i16| (f32::from(sample) / 32_768.0).to_be_bytes();
    vec![
        Seed::new("aiff-16", file(None, 16, &coded(i16::to_be_bytes))),
        Seed::new("aiff-8", file(None, 8, &coded(|sample| [sample.to_be_bytes()[0]]))),
        Seed::new("aifc-little", file(Some(b"sowt"), 16, &coded(i16::to_le_bytes))),
        Seed::new("aifc-float", file(Some(b"fl32"), 32, &coded(float))),
        Seed::new("aifc-mu-law", file(Some(b"ulaw"), 8, &coded(|sample| [sample.to_be_bytes()[0]]))),
    ]
}
