//! A short list of the nearest so far.

/// The k smallest of what was offered, in order; equal ones stay in the order of offering.
#[derive(Debug, Clone)]
pub(crate) struct Nearest {
    k: usize,
    sorted: Vec<(f64, usize)>,
}

impl Nearest {
    pub fn new(k: usize) -> Self {
        Self { k, sorted: Vec::with_capacity(k + 1) }
    }

    /// Distance of the k-th; infinite until there are k.
    pub fn furthest(&self) -> f64 {
        if self.sorted.len() < self.k { f64::INFINITY } else { self.sorted[self.k - 1].0 }
    }

    pub fn offer(&mut self, distance: f64, index: usize) {
        if distance < self.furthest() {
            let place = self.sorted.partition_point(|&(other, _)| other <= distance);
            self.sorted.insert(place, (distance, index));
            self.sorted.truncate(self.k);
        }
    }

    /// Distance and number, nearest first.
    pub fn into_sorted(self) -> Vec<(f64, usize)> {
        self.sorted
    }
}
