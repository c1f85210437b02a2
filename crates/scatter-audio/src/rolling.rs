use std::ops::Range;

/// The part of a long signal that is still needed, addressed by position in the whole signal.
#[derive(Debug, Default)]
pub(crate) struct Rolling {
    samples: Vec<f32>,
    /// Position of `samples[0]`.
    base: u64,
}

impl Rolling {
    /// Position after the last sample.
    pub(crate) fn end(&self) -> u64 {
        self.base + self.samples.len() as u64
    }

    /// Forgets all, to begin another signal.
    pub(crate) fn clear(&mut self) {
        self.samples.clear();
        self.base = 0;
    }

    /// Appends samples at [`Rolling::end`].
    pub(crate) fn push(&mut self, samples: &[f32]) {
        self.samples.extend_from_slice(samples);
    }

    /// Gives up everything before `position`, in amortised constant time a sample.
    pub(crate) fn forget_before(&mut self, position: u64) {
        let unneeded = position.saturating_sub(self.base).min(self.samples.len() as u64) as usize;
        // Moving the rest only when it is the smaller third keeps the cost linear, and below that of the samples' coming.
        if unneeded / 2 >= self.samples.len() - unneeded {
            self.samples.drain(..unneeded);
            self.base += unneeded as u64;
        }
        // A window further on than anything read yet: what is pushed next lies where it always did.
    }

    /// Samples of `range`, silence where there are none. Not for what was forgotten.
    pub(crate) fn padded(&self, range: Range<u64>) -> Vec<f32> {
        let mut samples = Vec::with_capacity((range.end - range.start) as usize);
        self.append_padded(range, &mut samples);
        samples
    }

    /// Appends the same to `samples`.
    pub(crate) fn append_padded(&self, range: Range<u64>, samples: &mut Vec<f32>) {
        let held = self.held(&range);
        let (before, after) = (held.start - range.start, range.end - held.end);
        samples.resize(samples.len() + before as usize, 0.0);
        samples.extend_from_slice(self.slice(&held));
        samples.resize(samples.len() + after as usize, 0.0);
    }

    /// Becomes the part of `range` that `whole` holds, at the same positions.
    pub(crate) fn copy(&mut self, whole: &Self, range: Range<u64>) {
        let held = whole.held(&range);
        self.samples.clear();
        self.samples.extend_from_slice(whole.slice(&held));
        self.base = held.start;
    }

    /// Samples in memory.
    #[cfg(test)]
    pub(crate) fn held_samples(&self) -> usize {
        self.samples.len()
    }

    fn held(&self, range: &Range<u64>) -> Range<u64> {
        let start = range.start.max(self.base).min(range.end);
        start..range.end.min(self.end()).max(start)
    }

    fn slice(&self, held: &Range<u64>) -> &[f32] {
        let local = |position: u64| position.saturating_sub(self.base) as usize;
        self.samples.get(local(held.start)..local(held.end)).unwrap_or_default()
    }
}
