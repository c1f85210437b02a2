//! t-SNE's graph: how much each pair of points ought to be together.

use rayon::prelude::*;

use crate::Neighbours;

/// Steps of the search for a point's bandwidth, and the error of the entropy (in nats) at which it ends.
const BISECTIONS: usize = 100;
const TOLERANCE: f64 = 1e-5;

/// A symmetric sparse matrix; the values of all rows together add up to 1.
pub(super) struct Affinities {
    /// `[points + 1]`, where each point's entries begin.
    starts: Vec<usize>,
    /// Other point and affinity, by rising number.
    entries: Vec<(u32, f32)>,
}

impl Affinities {
    pub fn row(&self, point: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[point]..self.starts[point + 1]]
    }
}

/// Joint affinities by Gaussians of the given perplexity over the first `k` of `nearest` (van der Maaten 2014, eq. 5, 6).
///
/// With fewer than three neighbours for each unit of perplexity, it is lowered to a third of their number.
pub(super) fn affinities(nearest: &Neighbours, k: usize, perplexity: f64) -> Affinities {
    let (n, columns) = nearest.indices.dim();
    let k = k.min(columns);
    // The largest entropy of k neighbours is ln k: a third of them leaves the Gaussian its shape.
    let perplexity = perplexity.min(k as f64 / 3.0).max(1.0);
    let given: Vec<Vec<f64>> = (0..n)
        .into_par_iter()
        .map(|point| {
            let squared = nearest
                .distances
                .row(point)
                .iter()
                .take(k)
                .map(|&d| f64::from(d).powi(2))
                .collect::<Vec<_>>();
            conditional(&squared, perplexity)
        })
        .collect();
    let mut rows: Vec<Vec<(u32, f64)>> = vec![Vec::with_capacity(2 * k); n];
    for (point, given) in given.iter().enumerate() {
        for (&other, &affinity) in nearest.indices.row(point).iter().zip(given) {
            let joint = affinity / (2 * n) as f64;
            rows[point].push((other, joint));
            rows[other as usize].push((point as u32, joint));
        }
    }
    rows.par_iter_mut().for_each(|row| {
        // A pair that is mutual stands twice; stable, so that sums do not depend on chance.
        row.sort_by_key(|&(other, _)| other);
        row.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    });
    let mut starts = vec![0];
    starts.extend(rows.iter().scan(0, |end, row| {
        *end += row.len();
        Some(*end)
    }));
    let entries = rows.into_iter().flatten().map(|(other, affinity)| (other, affinity as f32)).collect();
    Affinities { starts, entries }
}

/// Probabilities of the neighbours at these `squared` distances, of an entropy of ln `perplexity`.
fn conditional(squared: &[f64], perplexity: f64) -> Vec<f64> {
    let target = perplexity.ln();
    let least = squared.iter().copied().fold(f64::INFINITY, f64::min);
    let mean = squared.iter().map(|d| d - least).sum::<f64>() / squared.len().max(1) as f64;
    // Equal distances have the same probability whatever the bandwidth.
    let (mut low, mut high, mut precision) =
        (0.0, f64::INFINITY, if mean > 0.0 { mean.recip() } else { 0.0 });
    let mut probabilities = vec![0.0; squared.len()];
    for _ in 0..BISECTIONS {
        let (mut sum, mut weighted) = (0.0, 0.0);
        for (probability, &d) in probabilities.iter_mut().zip(squared) {
            *probability = (-precision * (d - least)).exp();
            sum += *probability;
            weighted += *probability * (d - least);
        }
        let entropy = sum.ln() + precision * weighted / sum;
        probabilities.iter_mut().for_each(|probability| *probability /= sum);
        if (entropy - target).abs() < TOLERANCE {
            break;
        }
        if entropy > target {
            low = precision;
            precision = if high.is_finite() { (low + high) / 2.0 } else { precision * 2.0 };
        } else {
            high = precision;
            precision = (low + high) / 2.0;
        }
    }
    probabilities
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn probabilities_have_the_perplexity_asked_for_at_any_scale() {
        for scale in [1e-12, 1.0, 1e12] {
            let squared: Vec<f64> = (0..90).map(|i| scale * (5.0 + f64::from(i * i) / 40.0)).collect();
            for perplexity in [2.0, 10.0, 30.0] {
                let found = conditional(&squared, perplexity);
                let entropy: f64 = found.iter().filter(|&&p| p > 0.0).map(|&p| -p * p.ln()).sum();
                assert!((entropy.exp() - perplexity).abs() < 1e-3 * perplexity, "{scale}: {}", entropy.exp());
                assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn equal_distances_share_equally() {
        for squared in [[0.0; 9], [4.0; 9]] {
            assert!(conditional(&squared, 3.0).iter().all(|p| (p - 1.0 / 9.0).abs() < 1e-12));
        }
        // Eight copies and one stranger: more alike than asked for, which no bandwidth can mend.
        let found = conditional(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0], 3.0);
        assert!(found.iter().all(|p| p.is_finite()) && found[8] < 1e-6);
    }

    #[test]
    fn joint_affinities_are_symmetric_and_add_up_to_one() {
        let nearest = Neighbours {
            indices: Array2::from_shape_fn((50, 6), |(point, place)| {
                ((point + 1 + place * place) % 50) as u32
            }),
            distances: Array2::from_shape_fn((50, 6), |(point, place)| {
                (1 + place) as f32 + 0.01 * point as f32
            }),
        };
        let found = affinities(&nearest, 6, 30.0);
        let mut sum = 0.0;
        for point in 0..50 {
            assert!(found.row(point).windows(2).all(|pair| pair[0].0 < pair[1].0));
            for &(other, affinity) in found.row(point) {
                sum += f64::from(affinity);
                assert!(found.row(other as usize).contains(&(point as u32, affinity)));
            }
        }
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
    }
}
