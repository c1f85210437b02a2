//! Random numbers from a seed.

/// Steele, Lea & Flood (2014).
pub(crate) struct SplitMix64(pub u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`, for a `bound` up to 2^32.
    pub fn below(&mut self, bound: usize) -> usize {
        // The upper half as a fraction of the bound: no bias worth mentioning.
        ((self.next() >> 32).wrapping_mul(bound as u64) >> 32) as usize
    }
}
