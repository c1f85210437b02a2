use super::encoding::Encoded;
use crate::{BLOCK_SAMPLES, SAMPLE_RATE};

/// Most points in a seek table.
pub(super) const MAX_SEEK_POINTS: usize = 32_768;

/// Types of metadata blocks (RFC 9639, section 8.1); the flag marks the last.
const STREAMINFO: u8 = 0;
const SEEKTABLE: u8 = 3;
const LAST_BLOCK: u8 = 0x80;

/// Everything before the frames: marker, STREAMINFO, SEEKTABLE.
pub(super) fn head(encoded: &Encoded) -> Vec<u8> {
    let seek_table = seek_table(encoded);
    let mut head = b"fLaC".to_vec();
    let stream_info = stream_info(encoded);
    // A stream without frames has no point to seek to, and an empty table is better none.
    let last = if seek_table.is_empty() { LAST_BLOCK } else { 0 };
    push_block(&mut head, STREAMINFO | last, &stream_info);
    if !seek_table.is_empty() {
        push_block(&mut head, SEEKTABLE | LAST_BLOCK, &seek_table);
    }
    head
}

fn push_block(head: &mut Vec<u8>, kind: u8, content: &[u8]) {
    head.push(kind);
    push_be(head, content.len() as u64, 3);
    head.extend_from_slice(content);
}

/// RFC 9639, section 8.2.
fn stream_info(encoded: &Encoded) -> Vec<u8> {
    let mut block = Vec::with_capacity(34);
    push_be(&mut block, BLOCK_SAMPLES as u64, 2);
    push_be(&mut block, BLOCK_SAMPLES as u64, 2);
    for frame_bytes in [encoded.frame_bytes.iter().min(), encoded.frame_bytes.iter().max()] {
        push_be(&mut block, u64::from(frame_bytes.copied().unwrap_or(0)), 3);
    }
    // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of length, where 0 stands for one not known.
    let samples = if encoded.samples < 1 << 36 { encoded.samples } else { 0 };
    push_be(&mut block, u64::from(SAMPLE_RATE) << 44 | 15 << 36 | samples, 8);
    block.extend_from_slice(&encoded.md5);
    block
}

/// RFC 9639, section 8.5: first sample, offset from the first frame, samples in the frame.
fn seek_table(encoded: &Encoded) -> Vec<u8> {
    let frames = encoded.frame_bytes.len();
    let stride = frames.div_ceil(MAX_SEEK_POINTS).next_power_of_two();
    let mut table = Vec::with_capacity(frames.div_ceil(stride) * 18);
    let mut offset = 0;
    for (frame, &bytes) in encoded.frame_bytes.iter().enumerate() {
        if frame.is_multiple_of(stride) {
            let first = (frame * BLOCK_SAMPLES) as u64;
            push_be(&mut table, first, 8);
            push_be(&mut table, offset, 8);
            push_be(&mut table, (encoded.samples - first).min(BLOCK_SAMPLES as u64), 2);
        }
        offset += u64::from(bytes);
    }
    table
}

/// Appends the low `bytes` bytes of `value`, most significant first.
fn push_be(block: &mut Vec<u8>, value: u64, bytes: usize) {
    block.extend_from_slice(&value.to_be_bytes()[8 - bytes..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(frame_bytes: Vec<u32>) -> Encoded {
        let samples = (frame_bytes.len() * BLOCK_SAMPLES) as u64;
        Encoded { frames: tempfile::tempfile().unwrap(), frame_bytes, samples, md5: [7; 16] }
    }

    fn points(head: &[u8]) -> Vec<(u64, u64, u16)> {
        let number = |bytes: &[u8]| bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte));
        head[46..].chunks(18).map(|p| (number(&p[..8]), number(&p[8..16]), number(&p[16..]) as u16)).collect()
    }

    #[test]
    fn each_frame_has_a_seek_point_up_to_the_limit() {
        let points = points(&head(&encoded(vec![100; MAX_SEEK_POINTS])));
        assert_eq!(points.len(), MAX_SEEK_POINTS);
        assert!((0..).zip(&points).all(|(k, point)| *point == (k * 3_840, k * 100, 3_840)));
    }

    #[test]
    fn beyond_the_limit_points_thin_out_evenly_and_stay_on_clips() {
        for (frames, stride) in [(32_769, 2), (65_537, 4), (300_000, 16)] {
            let points = points(&head(&encoded(vec![3; frames as usize])));
            assert_eq!(points.len() as u64, u64::div_ceil(frames, stride));
            assert!(
                (0..).zip(&points).all(|(k, point)| *point == (k * stride * 3_840, k * stride * 3, 3_840))
            );
        }
    }

    #[test]
    fn offsets_pass_four_gigabytes() {
        let head = head(&encoded(vec![u32::MAX / 2; 5]));
        assert_eq!(points(&head)[4].1, 4 * u64::from(u32::MAX / 2));
    }
}
