//! MPEG audio (ISO/IEC 11172-3), as far as the head of its first frame tells.

/// Offset of the tag behind a frame's head of 4 bytes and side information, by MPEG-1 or not, mono or not.
const TAG: [[usize; 2]; 2] = [[4 + 17, 4 + 9], [4 + 32, 4 + 17]];

/// Frames after the first, as its tag (Xing's, or that of LAME) says, in a stream that begins with `head`.
pub(crate) fn frames(head: &[u8]) -> Option<u64> {
    let &[0xff, second, _, last, ..] = head else { return None };
    if second < 0xe0 {
        return None;
    }
    let mono = last >> 6 == 3;
    let lower_rate = second & 0x08 == 0;
    let tag = head.get(TAG[usize::from(!mono)][usize::from(lower_rate)]..)?;
    let holds_frames = tag.get(7)? & 1 != 0;
    let named = tag.starts_with(b"Xing") || tag.starts_with(b"Info");
    let frames = tag.get(8..)?.first_chunk().copied().map(u32::from_be_bytes)?;
    (named && holds_frames).then_some(u64::from(frames))
}

/// Whether `head` begins with a frame of layer II.
pub(crate) fn is_layer_two(head: &[u8]) -> bool {
    matches!(head, [0xff, second, third, ..] if second & 0xe6 == 0xe4 && third >> 4 != 15 && third >> 2 & 3 != 3)
}
