//! FLAC through our own encoder, bare and in Ogg.

use std::fs;

use anyhow::{Context, Result};
use scatter_audio::{AudioSprite, BLOCK_SAMPLES};

use super::tone::samples;
use crate::Seed;

pub(super) fn files() -> Result<Vec<Seed>> {
    let flac = encoded()?;
    let ogg = in_ogg(&flac).context("our own FLAC has no frame")?;
    Ok(vec![Seed::new("flac", flac), Seed::new("ogg-flac", ogg)])
}

fn encoded() -> Result<Vec<u8>> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let path = folder.path().join("tone.flac");
    let sound = samples();
    let mut sprite = AudioSprite::create(&path, BLOCK_SAMPLES as u32)?;
    // Three frames, so that there is one to lose.
    for _ in 0..12 {
        sprite.push(&sound)?;
    }
    sprite.finish()?;
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Bytes of `fLaC` and STREAMINFO with its header.
const HEAD: usize = 42;

/// FLAC in Ogg (RFC 9639, section 10.1): a packet for the head, one for a comment, one for all frames.
fn in_ogg(flac: &[u8]) -> Option<Vec<u8>> {
    // The frames follow the SEEKTABLE, the last block of metadata.
    let table = flac.get(HEAD..HEAD + 4)?;
    let frames = HEAD + 4 + (usize::from(table[2]) << 8 | usize::from(table[3]));
    let head = [b"\x7fFLAC\x01\0\0\x01".as_slice(), flac.get(..HEAD)?].concat();
    let comment = b"\x84\0\0\x08\0\0\0\0\0\0\0\0";
    Some([page(2, 0, 0, &head), page(0, 1, 0, comment), page(4, 2, 9_600, flac.get(frames..)?)].concat())
}

/// A page with one packet (RFC 3533, section 6); `kind` 2 begins a stream, 4 ends it.
fn page(kind: u8, number: u32, position: u64, packet: &[u8]) -> Vec<u8> {
    let mut lacing = vec![255; packet.len() / 255];
    lacing.push((packet.len() % 255) as u8);
    let mut page = b"OggS\0".to_vec();
    page.push(kind);
    page.extend(position.to_le_bytes());
    page.extend(1_u32.to_le_bytes());
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    page.push(lacing.len() as u8);
    page.extend(lacing);
    page.extend(packet);
    let sum = checksum(&page);
    page[22..26].copy_from_slice(&sum.to_le_bytes());
    page
}

/// CRC-32 with the polynomial 0x04c11db7, neither reflected nor inverted.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| {
            sum << 1 ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}
