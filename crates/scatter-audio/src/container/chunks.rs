//! Walks over the chunks of files that are made of them.

use std::fs::File;
use std::io;

use super::bytes::{self, array, u32_be, u32_le, u64_be, u64_le};

/// Chunks that are looked at: files with markers and notes have some dozens.
const MOST: u32 = 100_000;

/// How chunks lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Offset of the first chunk.
    first: u64,
    /// Bytes of a chunk's head: identifier and size.
    head: u64,
    size: Size,
    /// Their contents are padded to a multiple of this.
    align: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Little32,
    Big32,
    Big64,
    /// The head counts as part of it.
    Little64WithHead,
}

impl Layout {
    pub(crate) const RIFF: Self = Self { first: 12, head: 8, size: Size::Little32, align: 2 };
    pub(crate) const AIFF: Self = Self { first: 12, head: 8, size: Size::Big32, align: 2 };
    pub(crate) const CAF: Self = Self { first: 8, head: 12, size: Size::Big64, align: 1 };
    /// Identifiers are GUIDs, whose first four bytes are those of RIFF.
    pub(crate) const WAVE64: Self = Self { first: 40, head: 24, size: Size::Little64WithHead, align: 8 };
}

/// A chunk of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) id: [u8; 4],
    /// Offset of its contents.
    pub(crate) start: u64,
    /// Bytes that it claims to have.
    pub(crate) size: u64,
}

impl Chunk {
    /// Whether it lies inside a file of `length` bytes.
    pub(crate) fn ends_in(self, length: u64) -> bool {
        self.start.checked_add(self.size).is_some_and(|end| end <= length)
    }

    /// Its first `most` bytes.
    pub(crate) fn read(self, file: &mut File, most: u64) -> io::Result<Vec<u8>> {
        bytes::at(file, self.start, self.size.min(most))
    }
}

/// The chunks of a file, in order.
pub(crate) struct Chunks {
    layout: Layout,
    /// Bytes of the file.
    length: u64,
    next: u64,
    last: Option<Chunk>,
    left: u32,
}

impl Chunks {
    /// Those of a file of `length` bytes.
    pub(crate) fn new(layout: Layout, length: u64) -> Self {
        Self { layout, length, next: layout.first, last: None, left: MOST }
    }

    /// The next chunk that begins inside the file.
    pub(crate) fn next(&mut self, file: &mut File) -> io::Result<Option<Chunk>> {
        let Layout { head, align, .. } = self.layout;
        let mut at = self.next;
        if let Some(last) = self.last {
            at += last.size.wrapping_neg() % align;
        }
        // Some writers leave out the byte that pads a chunk of odd length.
        if align == 2 && at > self.next && !named(&bytes::at(file, at, head)?) {
            let unpadded = bytes::at(file, self.next, head)?;
            at = if named(&unpadded) { self.next } else { at };
        }
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let bytes = bytes::at(file, at, head)?;
        let (Some(id), Some(size)) = (array(&bytes, 0), self.size(&bytes)) else { return Ok(None) };
        let chunk = Chunk { id, start: at + head, size };
        self.next = chunk.start.saturating_add(size).min(u64::MAX - align);
        self.last = Some(chunk);
        Ok(Some(chunk))
    }

    /// What to say of a last chunk that reaches beyond the file's end.
    pub(crate) fn overrun(&self) -> Option<String> {
        let chunk = self.last.filter(|_| self.next > self.length)?;
        let there = self.length.saturating_sub(chunk.start);
        let id = String::from_utf8_lossy(&chunk.id).into_owned();
        Some(format!("its part `{}` claims {} bytes where {there} are left", id.trim(), chunk.size))
    }

    fn size(&self, head: &[u8]) -> Option<u64> {
        match self.layout.size {
            Size::Little32 => u32_le(head, 4).map(u64::from),
            Size::Big32 => u32_be(head, 4).map(u64::from),
            Size::Big64 => u64_be(head, 4),
            Size::Little64WithHead => u64_le(head, 16).map(|size| size.saturating_sub(self.layout.head)),
        }
    }
}

/// Whether a chunk's head begins with an identifier that a person could have given it.
fn named(head: &[u8]) -> bool {
    head.first_chunk::<4>().is_some_and(|id| id.iter().all(|byte| (b' '..=b'~').contains(byte)))
}
