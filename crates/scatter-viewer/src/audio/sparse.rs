//! A file of which only pieces are known: whoever reads it says what is still to be fetched.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

/// Bytes that are fetched at once: 50 ms on a line of 10 Mbit/s, and the seek points of 3,600 clips.
pub const CHUNK: u64 = 1 << 16;
/// Chunks that are kept: 4 MB.
const KEPT: usize = 64;

/// Why something cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// These bytes are to be put in first.
    Bytes(Range<u64>),
    /// The file is not what it should be: the end of a sentence that begins with its name.
    Broken(&'static str),
}

/// The pieces.
#[derive(Debug)]
pub struct Sparse {
    length: u64,
    chunks: HashMap<u64, Vec<u8>>,
    order: VecDeque<u64>,
}

impl Sparse {
    /// A file of `length` bytes of which nothing is known.
    pub fn new(length: u64) -> Self {
        Self { length, chunks: HashMap::new(), order: VecDeque::new() }
    }

    /// Its size.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Puts in the bytes of a range that [`Lack::Bytes`] named; anything else is left out.
    pub fn put(&mut self, at: u64, bytes: Vec<u8>) {
        let chunk = at / CHUNK;
        if self.range(chunk) != (at..at + bytes.len() as u64) || self.chunks.insert(chunk, bytes).is_some() {
            return;
        }
        self.order.push_back(chunk);
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.chunks.remove(&oldest);
        }
    }

    /// The bytes at `at`.
    ///
    /// # Errors
    /// The range that is to be put in first; or that the file ends before.
    pub fn read<const N: usize>(&self, at: u64) -> Result<[u8; N], Lack> {
        if at.checked_add(N as u64).is_none_or(|end| end > self.length) {
            return Err(Lack::Broken("ends before its head does"));
        }
        let mut bytes = [0; N];
        for (place, byte) in (at..).zip(&mut bytes) {
            let chunk = place / CHUNK;
            let known = self.chunks.get(&chunk).and_then(|known| known.get((place % CHUNK) as usize));
            *byte = *known.ok_or_else(|| Lack::Bytes(self.range(chunk)))?;
        }
        Ok(bytes)
    }

    fn range(&self, chunk: u64) -> Range<u64> {
        let start = chunk.saturating_mul(CHUNK).min(self.length);
        start..start.saturating_add(CHUNK).min(self.length)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads by `ask` until nothing lacks, with bytes from `file`. What was found, and the ranges that were fetched.
    pub(crate) fn served<T>(
        sparse: &mut Sparse,
        file: impl Fn(Range<u64>) -> Vec<u8>,
        ask: impl Fn(&Sparse) -> Result<T, Lack>,
    ) -> (Result<T, &'static str>, Vec<Range<u64>>) {
        let mut fetched = Vec::new();
        loop {
            match ask(sparse) {
                Ok(found) => return (Ok(found), fetched),
                Err(Lack::Broken(why)) => return (Err(why), fetched),
                Err(Lack::Bytes(range)) => {
                    assert!(!range.is_empty() && range.end <= sparse.length());
                    fetched.push(range.clone());
                    assert!(fetched.len() < 1_000, "no end: {range:?}");
                    sparse.put(range.start, file(range));
                }
            }
        }
    }

    pub(crate) fn of(bytes: &[u8]) -> impl Fn(Range<u64>) -> Vec<u8> + '_ {
        |range| bytes[range.start as usize..range.end as usize].to_vec()
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_the_file_holds(
            length in 0u64..300_000, places in prop::collection::vec(0u64..300_010, 1..20),
        ) {
            let file: Vec<u8> = (0..length).map(|k| (k * 31 / 7) as u8).collect();
            let mut sparse = Sparse::new(length);
            for at in places {
                let (found, _) = served(&mut sparse, of(&file), |s| s.read::<18>(at));
                prop_assert_eq!(found.ok().map(Vec::from), file.get(at as usize..at as usize + 18).map(Vec::from));
            }
        }
    }

    #[test]
    fn only_so_much_is_kept_and_what_was_not_asked_for_is_left_out() {
        let mut sparse = Sparse::new(u64::MAX);
        for chunk in 0..100 {
            let (found, _) =
                served(&mut sparse, |r| vec![7; (r.end - r.start) as usize], |s| s.read::<4>(chunk * CHUNK));
            assert_eq!(found, Ok([7; 4]));
        }
        assert_eq!(sparse.chunks.len(), KEPT);
        sparse.put(5, vec![1; 10]);
        sparse.put(500 * CHUNK, vec![1; 10]);
        assert_eq!(sparse.chunks.len(), KEPT);
        assert!(sparse.read::<4>(u64::MAX - 2).is_err());
    }
}
