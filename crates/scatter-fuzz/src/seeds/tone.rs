//! The sound in every seed.

/// Rate of the seeds in Hz.
pub(super) const RATE: u32 = 8_000;

/// A tenth of a second of two sines, 16 bit.
pub(super) fn samples() -> Vec<i16> {
    let sine = |k: u32, hertz: f64| (f64::from(k) * hertz * std::f64::consts::TAU / f64::from(RATE)).sin();
    (0..RATE / 10).map(|k| (9_000.0 * sine(k, 440.0) + 7_000.0 * sine(k, 1_710.0)) as i16).collect()
}

/// The samples as bytes, in the order that `bytes` gives them.
pub(super) fn coded<const N: usize>(bytes: impl Fn(i16) -> [u8; N]) -> Vec<u8> {
    samples().into_iter().flat_map(bytes).collect()
}
