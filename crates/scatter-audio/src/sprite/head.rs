use super::encoding::Encoded;
use crate::{BLOCK_SAMPLES, SAMPLE_RATE, WINDOW_SAMPLES};

/// Most points in a seek table: 18 bytes each, in a block whose length has 24 bits (RFC 9639, section 8.1).
pub(super) const MAX_SEEK_POINTS: u64 = ((1 << 24) - 1) / 18;

/// No two points of a table that is not thinned are further apart, in samples: two clips.
const LONGEST_STEP: u64 = 2 * WINDOW_SAMPLES as u64;

/// Types of metadata blocks (RFC 9639, section 8.1); the flag marks the last.
const STREAMINFO: u8 = 0;
const SEEKTABLE: u8 = 3;
const LAST_BLOCK: u8 = 0x80;

/// Everything before the frames: marker, STREAMINFO, SEEKTABLE.
pub(super) fn head(encoded: &Encoded, hop_samples: u32) -> Vec<u8> {
    let seek_table = seek_table(encoded, hop_samples);
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
fn seek_table(encoded: &Encoded, hop_samples: u32) -> Vec<u8> {
    let block = BLOCK_SAMPLES as u64;
    let steps = Steps::new(hop_samples, encoded.samples);
    let mut table = Vec::new();
    let mut wanted = (0..).map(|k| steps.sample(k) / block);
    let mut next = wanted.next();
    let mut offset = 0;
    for (frame, &bytes) in (0u64..).zip(&encoded.frame_bytes) {
        if next == Some(frame) {
            let first = frame * block;
            push_be(&mut table, first, 8);
            push_be(&mut table, offset, 8);
            push_be(&mut table, (encoded.samples - first).min(block), 2);
            next = wanted.next();
        }
        offset += u64::from(bytes);
    }
    table
}

/// The samples whose frames get a seek point.
#[derive(Debug, Clone, Copy)]
struct Steps {
    hop: u64,
    /// Steps in a hop.
    parts: u64,
    /// Of how many steps one has a point: a power of two.
    stride: u64,
}

impl Steps {
    fn new(hop_samples: u32, samples: u64) -> Self {
        let hop = u64::from(hop_samples).max(BLOCK_SAMPLES as u64);
        let parts = hop.div_ceil(LONGEST_STEP);
        let steps = samples.saturating_mul(parts).div_ceil(hop);
        Self { hop, parts, stride: steps.div_ceil(MAX_SEEK_POINTS).next_power_of_two() }
    }

    /// The sample of point `k`: the first of a clip, where the step is a hop.
    fn sample(&self, k: u64) -> u64 {
        (k * self.stride).saturating_mul(self.hop) / self.parts
    }
}

/// Appends the low `bytes` bytes of `value`, most significant first.
fn push_be(block: &mut Vec<u8>, value: u64, bytes: usize) {
    block.extend_from_slice(&value.to_be_bytes()[8 - bytes..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(frame_bytes: Vec<u32>) -> Encoded {
        let samples = (frame_bytes.len() * BLOCK_SAMPLES) as u64;
        Encoded { frames: tempfile::tempfile().unwrap(), frame_bytes, samples, md5: [7; 16] }
    }

    fn number(bytes: &[u8]) -> u64 {
        bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte))
    }

    fn points(head: &[u8]) -> Vec<(u64, u64, u16)> {
        head[46..].chunks(18).map(|p| (number(&p[..8]), number(&p[8..16]), number(&p[16..]) as u16)).collect()
    }

    #[test]
    fn each_clip_has_a_seek_point_and_nothing_else() {
        let points = points(&head(&encoded(vec![100; 400]), 15_360));
        assert_eq!(points.len(), 100);
        assert!((0..).zip(&points).all(|(k, point)| *point == (k * 15_360, k * 400, 3_840)));
    }

    #[test]
    fn a_clip_that_begins_within_a_frame_has_its_frame_and_no_frame_has_two() {
        // 0.1 s: two or three clips begin in each frame.
        let short = points(&head(&encoded(vec![10; 50]), 1_600));
        assert_eq!(short, (0..50).map(|k| (k * 3_840, k * 10, 3_840)).collect::<Vec<_>>());
        let odd = points(&head(&encoded(vec![10; 500]), 5_000));
        let clips: Vec<u64> = (0..384).map(|k| k * 5_000 / 3_840 * 3_840).collect();
        assert_eq!(odd.iter().map(|p| p.0).collect::<Vec<_>>(), clips);
    }

    #[test]
    fn far_clips_have_points_between_them() {
        // A minute apart: 32 steps of less than two clips.
        let points = points(&head(&encoded(vec![10; 1_000]), 960_000));
        assert!((0..4).all(|clip| points.iter().any(|p| p.0 == clip * 960_000)));
        assert!(points.windows(2).all(|p| p[1].0 - p[0].0 <= LONGEST_STEP + 3_840));
        assert!(points.windows(2).all(|p| p[1].0 - p[0].0 > LONGEST_STEP - 2 * 3_840));
    }

    #[test]
    fn beyond_what_a_block_can_hold_points_thin_out_evenly_and_stay_on_clips() {
        let most = MAX_SEEK_POINTS as usize;
        assert_eq!(most, 932_067);
        for (clips, stride) in [(most, 1), (most + 1, 2), (2 * most + 1, 4)] {
            let head = head(&encoded(vec![3; clips]), 3_840);
            assert!(number(&head[43..46]) < 1 << 24);
            let points = points(&head);
            assert_eq!(points.len(), clips.div_ceil(stride as usize));
            assert!(
                (0..).zip(&points).all(|(k, point)| *point == (k * stride * 3_840, k * stride * 3, 3_840))
            );
        }
    }

    #[test]
    fn offsets_pass_four_gigabytes() {
        let head = head(&encoded(vec![u32::MAX / 2; 5]), 3_840);
        assert_eq!(points(&head)[4].1, 4 * u64::from(u32::MAX / 2));
    }

    proptest! {
        #[test]
        fn points_ascend_from_the_first_frame_and_lie_where_their_frames_do(
            frame_bytes in prop::collection::vec(1u32..9_000, 1..300), hop in 1u32..200_000,
        ) {
            let points = points(&head(&encoded(frame_bytes.clone()), hop));
            prop_assert_eq!(points[0], (0, 0, 3_840));
            prop_assert!(points.windows(2).all(|p| p[0].0 < p[1].0));
            for (first, offset, _) in points {
                let frames = &frame_bytes[..(first / 3_840) as usize];
                prop_assert_eq!(offset, frames.iter().map(|&b| u64::from(b)).sum::<u64>());
            }
        }
    }
}
