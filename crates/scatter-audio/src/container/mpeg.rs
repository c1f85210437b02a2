//! MPEG audio (ISO/IEC 11172-3), as far as the head of its first frame tells.

use super::bytes::u32_be;

/// Offset of Fraunhofer's tag.
const FRAUNHOFER: usize = 4 + 32;
/// Offset of the tag behind a frame's head of 4 bytes and side information, by MPEG-1 or not, mono or not.
const TAG: [[usize; 2]; 2] = [[4 + 17, 4 + 9], [4 + 32, 4 + 17]];

/// Frames of a stream that begins with `head`, as the tag in its first frame says: Xing's or that of LAME, which does
/// not count that frame, or Fraunhofer's.
pub(crate) fn frames(head: &[u8]) -> Option<u64> {
    let &[0xff, second, _, last, ..] = head else { return None };
    if second < 0xe0 {
        return None;
    }
    if head.get(FRAUNHOFER..)?.starts_with(b"VBRI") {
        return u32_be(head, FRAUNHOFER + 14).map(u64::from);
    }
    let mono = last >> 6 == 3;
    let lower_rate = second & 0x08 == 0;
    let tag = TAG[usize::from(!mono)][usize::from(lower_rate)];
    let name = head.get(tag..tag + 4)?;
    let counts = u32_be(head, tag + 4)? & 1 != 0;
    let frames = u32_be(head, tag + 8).filter(|_| counts && matches!(name, b"Xing" | b"Info"));
    frames.map(u64::from)
}

/// Whether `head` begins with a frame of layer II.
pub(crate) fn is_layer_two(head: &[u8]) -> bool {
    matches!(head, [0xff, second, third, ..] if second & 0xe6 == 0xe4 && third >> 4 != 15 && third >> 2 & 3 != 3)
}
