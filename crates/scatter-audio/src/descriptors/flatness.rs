//! How near a spectrum is to that of noise.

use std::f64::consts::LN_2;

/// Least power of a bin, librosa's default.
const LEAST_POWER: f32 = 1e-10;
/// Products that grow side by side.
const LANES: usize = 16;
const MANTISSA_BITS: u32 = f32::MANTISSA_DIGITS - 1;
const ONE: u32 = 1.0_f32.to_bits();
/// Bins in a lane until its product of mantissas, each below 2, could leave f32.
const MOST: usize = 100;

/// Geometric over arithmetic mean of the powers of one frame, each raised to 1e-10.
///
/// The logarithm of a product of 2^e · m is the sum of the e and the logarithm of the product of the m: one logarithm for
/// many bins.
#[inline(always)]
pub(super) fn flatness(powers: &[f32]) -> f64 {
    let (mut sum, mut logarithm) = (0.0, 0.0);
    for bins in powers.chunks(LANES * MOST) {
        let (rows, rest) = bins.as_chunks::<LANES>();
        let (mut sums, mut mantissas, mut exponents) = ([0.0; LANES], [1.0; LANES], [0; LANES]);
        let mut add = |lane: usize, power: f32| {
            let raised = if power > LEAST_POWER { power } else { LEAST_POWER };
            sums[lane] += raised;
            exponents[lane] += (raised.to_bits() >> MANTISSA_BITS) as i32;
            mantissas[lane] *= f32::from_bits(raised.to_bits() & ((1 << MANTISSA_BITS) - 1) | ONE);
        };
        for row in rows {
            row.iter().enumerate().for_each(|(lane, &power)| add(lane, power));
        }
        rest.iter().enumerate().for_each(|(lane, &power)| add(lane, power));
        let exponent: i32 = exponents.iter().sum();
        let bias = (ONE >> MANTISSA_BITS) as i32 * bins.len() as i32;
        let product: f64 = mantissas.iter().map(|&product| f64::from(product).ln()).sum();
        logarithm += f64::from(exponent - bias) * LN_2 + product;
        sum += sums.iter().map(|&sum| f64::from(sum)).sum::<f64>();
    }
    let count = powers.len() as f64;
    (logarithm / count).exp() / (sum / count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_geometric_over_the_arithmetic_mean(
            // Far below the least power, and far above full scale.
            exponents in prop::collection::vec(-14.0_f64..25.0, 1..2_100),
        ) {
            let powers: Vec<f32> = exponents.iter().map(|exponent| 10_f64.powf(*exponent) as f32).collect();
            let raised = || powers.iter().map(|&power| f64::from(power.max(LEAST_POWER)));
            let count = powers.len() as f64;
            let plain = (raised().map(f64::ln).sum::<f64>() / count).exp() / (raised().sum::<f64>() / count);
            let ours = flatness(&powers);
            prop_assert!((ours / plain - 1.0).abs() < 1e-5, "{ours} {plain}");
        }
    }
}
