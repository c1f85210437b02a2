//! The sum of squares.

/// Sums that grow side by side: enough that additions follow one another without a pause, on processors of today.
const LANES: usize = 8;

/// Sum of the squares of `samples`, in 64 bits.
///
/// To be called where code is compiled for the processor's vectors.
#[inline(always)]
pub(crate) fn energy(samples: &[f32]) -> f64 {
    let (rows, rest) = samples.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    let square = |x: f32| f64::from(x) * f64::from(x);
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += square(x));
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&x| square(x)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_one_after_the_other() {
        for count in [0, 1, 7, 8, 9, 1_025] {
            let samples: Vec<f32> = (0..count).map(|i| (i as f32).sin()).collect();
            let plain: f64 = samples.iter().map(|&x| f64::from(x).powi(2)).sum();
            let found = energy(&samples);
            assert!((found - plain).abs() <= 1e-12 * plain, "{count}: {found} against {plain}");
        }
    }
}
