//! The natural logarithm, without a call for each value.

use std::f32::consts::{LN_2, SQRT_2};

const MANTISSA_BITS: u32 = f32::MANTISSA_DIGITS - 1;
const ONE: u32 = 1.0_f32.to_bits();

/// Natural logarithm of a positive normal number, to within its rounding.
///
/// Of a number 2^e · m, with m from √½ to √2, it is e · ln 2 + 2 artanh((m − 1) / (m + 1)); five terms of artanh's series
/// leave an error of 10^-9. Straight arithmetic, so that neighbouring values are computed in vector registers.
#[inline(always)]
pub(crate) fn ln(value: f32) -> f32 {
    // Where the bits of √½ are taken off, the exponent is that of the nearest power of two.
    let above = value.to_bits().wrapping_sub((SQRT_2 / 2.0).to_bits());
    let exponent = (above as i32) >> MANTISSA_BITS;
    let mantissa = f32::from_bits(value.to_bits().wrapping_sub((exponent << MANTISSA_BITS) as u32));
    debug_assert!(mantissa.to_bits().abs_diff(ONE) <= 1 << MANTISSA_BITS, "{value}");
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let s = z * z;
    let series = s * (1.0 / 3.0 + s * (1.0 / 5.0 + s * (1.0 / 7.0 + s * (1.0 / 9.0))));
    exponent as f32 * LN_2 + 2.0 * (z + z * series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_the_standard_librarys() {
        let mut worst = 0.0_f64;
        for i in 0..400_000_u32 {
            let value = f32::from_bits(1e-4_f32.to_bits() + i * 800);
            let exact = f64::from(value).ln();
            worst = worst.max((f64::from(ln(value)) - exact).abs() / exact.abs().max(1.0));
        }
        assert!(worst < 2e-7, "{worst:e}");
        assert_eq!(ln(1.0), 0.0);
    }
}
