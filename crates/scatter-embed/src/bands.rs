//! The filter bank as it is applied: of each band only the bins that it covers.

use crate::mel::{SPECTRUM_BINS, mel_matrix};

/// Weights that are applied at once.
const LANES: usize = 4;
/// Length of a spectrum with zeros behind it, so that the last bands may be padded too.
pub(crate) const PADDED_BINS: usize = SPECTRUM_BINS + LANES;

/// All bands, lowest first.
pub(crate) struct Bands(Vec<Band>);

/// One band's weights: the first bin it covers, and the weights from there on, zeros behind the last.
struct Band {
    first_bin: usize,
    weights: Vec<[f32; LANES]>,
}

impl Bands {
    pub(crate) fn new() -> Self {
        Self(mel_matrix().columns().into_iter().map(|column| Band::of(&column.to_vec())).collect())
    }

    /// Sums of `magnitudes` `[PADDED_BINS]` times the weights, `[64 bands]`.
    pub(crate) fn energies(&self, magnitudes: &[f32], energies: &mut [f32]) {
        for (to, band) in energies.iter_mut().zip(&self.0) {
            *to = band.energy(magnitudes);
        }
    }
}

impl Band {
    /// Of one column of the filter bank, `[257 bins]`.
    fn of(column: &[f64]) -> Self {
        let first_bin = column.iter().position(|&weight| weight > 0.0).unwrap_or(0);
        let end = column.iter().rposition(|&weight| weight > 0.0).map_or(0, |last| last + 1);
        let padded =
            |some: &[f64]| std::array::from_fn(|lane| some.get(lane).map_or(0.0, |&weight| weight as f32));
        Self { first_bin, weights: column[first_bin..end].chunks(LANES).map(padded).collect() }
    }

    fn energy(&self, magnitudes: &[f32]) -> f32 {
        let (covered, _) = magnitudes[self.first_bin..].as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for (weights, magnitudes) in self.weights.iter().zip(covered) {
            for ((sum, weight), magnitude) in sums.iter_mut().zip(weights).zip(magnitudes) {
                *sum += weight * magnitude;
            }
        }
        (sums[0] + sums[1]) + (sums[2] + sums[3])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energies_are_the_product_of_magnitudes_and_filter_bank() {
        let matrix = mel_matrix();
        let mut magnitudes: Vec<f32> = (0..SPECTRUM_BINS).map(|bin| (bin as f32).sin().abs()).collect();
        magnitudes.resize(PADDED_BINS, 0.0);
        let mut energies = vec![0.0; matrix.ncols()];
        Bands::new().energies(&magnitudes, &mut energies);
        for (column, energy) in matrix.columns().into_iter().zip(energies) {
            let pairs = column.iter().zip(&magnitudes);
            let plain: f64 = pairs.map(|(weight, &magnitude)| weight * f64::from(magnitude)).sum();
            assert!((f64::from(energy) / plain - 1.0).abs() < 1e-6, "{energy} against {plain}");
        }
    }
}
