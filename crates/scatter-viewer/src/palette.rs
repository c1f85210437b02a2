//! Colours of the cloud in both themes: the accent, rising energy, rising numbers.

use std::f32::consts::PI;

use crate::oklch::{bytes, oklch};
use crate::theme::Theme;

pub use crate::oklch::Rgb;

/// Number of stops of [`heat`] that the shader interpolates between.
pub const HEAT_STOPS: usize = 12;

/// The page's one accent; `style.css` holds the same values as `--accent`.
pub fn accent(theme: Theme) -> Rgb {
    match theme {
        Theme::Dark => [0x6f, 0xe0, 0xc4],
        Theme::Light => [0x08, 0x76, 0x62],
    }
}

/// What lies behind the cloud; `style.css` holds the same values as `--night`.
pub fn ground(theme: Theme) -> Rgb {
    match theme {
        Theme::Dark => [0x0b, 0x0d, 0x12],
        Theme::Light => [0xf3, 0xf4, 0xf7],
    }
}

/// Colour of points that have no value.
pub fn missing(theme: Theme) -> Rgb {
    match theme {
        Theme::Dark => [0x62, 0x69, 0x78],
        Theme::Light => [0x9a, 0xa1, 0xae],
    }
}

/// What far points fade into.
pub fn air(theme: Theme) -> [f32; 3] {
    match theme {
        Theme::Dark => [0.0; 3],
        Theme::Light => [0.94, 0.945, 0.955],
    }
}

/// Outline of a tile that has no colour of its own.
pub fn rim(theme: Theme) -> [f32; 3] {
    match theme {
        Theme::Dark => [0.0; 3],
        Theme::Light => [0.5, 0.53, 0.6],
    }
}

/// What a tinted tile has where it is silent and where it is loudest, and how much of the latter.
pub fn tint_ends(theme: Theme) -> ([f32; 3], [f32; 3], f32) {
    match theme {
        Theme::Dark => ([0.035, 0.04, 0.06], [1.0; 3], 0.8),
        Theme::Light => ([0.985, 0.985, 0.99], [0.04, 0.045, 0.07], 0.62),
    }
}

/// Energy `t` (0 to 1) as a colour: at night from blue over violet and coral to pale yellow, on paper from white over coral
/// and violet to ink.
///
/// Lightness changes evenly, so that equal steps of energy look equal; hue only helps.
pub fn heat(theme: Theme, t: f32) -> [f32; 3] {
    let t = t.clamp(0.0, 1.0);
    let (lightness, hue, chroma) = match theme {
        // Little colour at both ends, where the screen cannot show much of it anyway.
        Theme::Dark => {
            (0.17 + 0.78 * t, -80.0 + 185.0 * t.powf(0.9), 0.035 + 0.165 * (PI * t.powf(0.85)).sin().max(0.0))
        }
        Theme::Light => {
            (0.975 - 0.75 * t, 62.0 - 140.0 * t.powf(0.9), 0.008 + 0.155 * (PI * t.powf(0.95)).sin().max(0.0))
        }
    };
    oklch(lightness, chroma, hue.to_radians())
}

/// The stops of [`heat`], evenly spaced.
pub fn heat_stops(theme: Theme) -> [[f32; 3]; HEAT_STOPS] {
    std::array::from_fn(|k| heat(theme, k as f32 / (HEAT_STOPS - 1) as f32))
}

/// Energy `t` (0 to 1) as a shade of `colour`: silence, the colour itself, loudness. The shader's `tint_at`.
pub fn tint(theme: Theme, colour: Rgb, t: f32) -> [f32; 3] {
    let step = |low: f32, high: f32| {
        let x = ((t - low) / (high - low)).clamp(0.0, 1.0);
        x * x * (3.0 - 2.0 * x)
    };
    let (silence, loudness, share) = tint_ends(theme);
    let (body, light) = (step(0.0, 0.72), share * step(0.66, 1.0));
    std::array::from_fn(|k| {
        let low = silence[k] + (f32::from(colour[k]) / 255.0 - silence[k]) * body;
        low + (loudness[k] - low) * light
    })
}

/// A number at `t` (0 to 1) of its scale as a colour that stands out more the greater it is: from violet-blue over green to
/// yellow at night, the other way on paper.
///
/// Lightness changes evenly and hue only between blue and yellow, which every common kind of colour vision tells apart.
pub fn ramp(theme: Theme, t: f32) -> Rgb {
    let t = t.clamp(0.0, 1.0);
    let (lightness, hue, chroma) = match theme {
        Theme::Dark => (0.47 + 0.46 * t, 282.0 - 180.0 * t, 0.12 + 0.05 * (1.0 - t)),
        Theme::Light => (0.74 - 0.44 * t, 102.0 + 180.0 * t, 0.11 + 0.06 * t),
    };
    // What a screen cannot show loses colour, not lightness.
    let shown = |chroma: f32| {
        crate::oklch::linear_of(lightness, chroma, hue.to_radians())
            .iter()
            .all(|v| (-1e-4..=1.0001).contains(v))
    };
    let chroma = (0..=12).map(|k| chroma * (1.0 - k as f32 / 12.0)).find(|&c| shown(c)).unwrap_or(0.0);
    bytes(oklch(lightness, chroma, hue.to_radians()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oklch::{contrast, luminance};

    const THEMES: [Theme; 2] = [Theme::Dark, Theme::Light];

    /// CIE lightness, 0 to 100.
    fn lightness(colour: Rgb) -> f32 {
        let y = luminance(colour);
        if y > 0.008_856 { 116.0 * y.cbrt() - 16.0 } else { 903.3 * y }
    }

    #[test]
    fn more_energy_and_greater_numbers_change_lightness_in_nearly_even_steps() {
        for theme in THEMES {
            let sign = if theme == Theme::Dark { 1.0 } else { -1.0 };
            let steps = |of: &dyn Fn(f32) -> Rgb| -> Vec<f32> {
                let steps: Vec<f32> = (0..=20).map(|k| lightness(of(k as f32 / 20.0))).collect();
                steps.windows(2).map(|w| (w[1] - w[0]) * sign).collect()
            };
            let rises = steps(&|t| bytes(heat(theme, t)));
            assert!(rises.iter().all(|r| (1.5..8.0).contains(r)), "{theme:?} {rises:?}");
            let rises = steps(&|t| ramp(theme, t));
            assert!(rises.iter().all(|r| (1.2..4.0).contains(r)), "{theme:?} {rises:?}");
        }
    }

    #[test]
    fn words_in_the_accent_can_be_read_and_every_number_can_be_seen() {
        for theme in THEMES {
            assert!(contrast(accent(theme), ground(theme)) >= 4.5);
            assert!(contrast(missing(theme), ground(theme)) >= 2.2);
            for k in 0..=20 {
                let colour = ramp(theme, k as f32 / 20.0);
                assert!(contrast(colour, ground(theme)) > 2.0, "{theme:?} {k} {colour:?}");
            }
        }
    }

    #[test]
    fn a_tint_goes_from_silence_over_its_colour_to_loudness() {
        for theme in THEMES {
            let colour = [0xd5, 0x5e, 0x00];
            let (silence, loudness, share) = tint_ends(theme);
            assert_eq!(tint(theme, colour, 0.0), silence);
            let loudest = tint(theme, colour, 1.0);
            assert!((0..3).all(|k| {
                let own = f32::from(colour[k]) / 255.0;
                (loudest[k] - (own + (loudness[k] - own) * share)).abs() < 1e-6
            }));
        }
    }
}
