//! The frequency axis of a log-mel tile: which height belongs to which hertz.

/// YAMNet's bands: lowest and highest edge in Hz, and how many there are.
const LOW: f64 = 125.0;
const HIGH: f64 = 7_500.0;
const BANDS: f64 = 64.0;

/// Hertz as mel (HTK: O'Shaughnessy, "Speech Communication", 1987).
fn mel(hertz: f64) -> f64 {
    1127.0 * (1.0 + hertz / 700.0).ln()
}

/// How high `hertz` stands in a tile: 0 at its lower edge, 1 at its upper.
///
/// Band k is the triangle over edges k, k + 1 and k + 2 of 66 that lie evenly in mel; its row's middle stands for the
/// triangle's peak.
pub fn height(hertz: f64) -> f64 {
    let edge = (mel(hertz) - mel(LOW)) / (mel(HIGH) - mel(LOW)) * (BANDS + 1.0);
    (edge - 0.5) / BANDS
}

/// The hertz at `height` of a tile: what [`height`] undoes.
pub fn hertz(height: f64) -> f64 {
    let edge = height * BANDS + 0.5;
    let mels = mel(LOW) + edge / (BANDS + 1.0) * (mel(HIGH) - mel(LOW));
    700.0 * ((mels / 1127.0).exp() - 1.0)
}

/// Frequencies worth a mark, and how they are written.
pub const MARKS: [(f64, &str); 5] =
    [(250.0, "250"), (500.0, "500"), (1_000.0, "1k"), (2_000.0, "2k"), (4_000.0, "4k")];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bands_lie_where_the_models_own_filters_do() {
        // librosa.mel_frequencies(n_mels=66, fmin=125, fmax=7500, htk=True), entries 1, 32 and 64.
        for (band, peak) in [(0.0, 154.67), (31.0, 1_855.42), (63.0, 7_215.35)] {
            assert!(
                (hertz((band + 0.5) / BANDS) - peak).abs() < 0.01 * peak.ln(),
                "{}",
                hertz((band + 0.5) / BANDS)
            );
        }
        assert!(MARKS.iter().all(|&(hertz, _)| (0.0..1.0).contains(&height(hertz))));
    }

    proptest! {
        #[test]
        fn height_and_hertz_undo_each_other(at in 130f64..7_400.0) {
            prop_assert!((hertz(height(at)) - at).abs() < 1e-6 * at);
        }
    }
}
