//! The cube root, without a call for each value: `f64::cbrt` would take most of the preparation's time.

/// A third of the exponent's bias and of the mantissa, so that a third of a number's bits, and this, is its root within
/// 4 % (Lancaster's trick, as FreeBSD's `cbrtf` has it).
const THIRD_OF_BIAS: u32 = 709_958_130;

/// Cube root of `value`, 0 or more, within a few units of the last place of f64; numbers below f32's normal range come out
/// as 0.
#[inline(always)]
pub(crate) fn cube_root(value: f32) -> f64 {
    let x = f64::from(value);
    let guess = f64::from(f32::from_bits(value.to_bits() / 3 + THIRD_OF_BIAS));
    // Halley's method: each step takes the error to its third power.
    let step = |y: f64| {
        let cube = y * y * y;
        y * (cube + 2.0 * x) / (2.0 * cube + x)
    };
    let root = step(step(step(guess)));
    if value < f32::MIN_POSITIVE { 0.0 } else { root }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_standard_librarys() {
        for i in 0..200_000_u32 {
            let value = f32::from_bits(f32::MIN_POSITIVE.to_bits() + i * 10_600);
            let (found, exact) = (cube_root(value), f64::from(value).cbrt());
            assert!((found / exact - 1.0).abs() < 1e-15, "{value}: {found} against {exact}");
        }
        assert_eq!([0.0, 1e-40].map(cube_root), [0.0; 2]);
        assert_eq!([1.0, 8.0, 27.0].map(cube_root), [1.0, 2.0, 3.0]);
    }
}
