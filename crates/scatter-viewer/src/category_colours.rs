//! A colour for each group, told apart by all common kinds of colour vision.

use std::f32::consts::TAU;

use crate::oklch::{Rgb, bytes, contrast, linear, linear_of, oklab, oklch};
use crate::palette::ground;
use crate::theme::Theme;

/// Okabe and Ito, "Color Universal Design" (2008). For night their blue is lifted and their black made light grey; for paper
/// their hues are kept, and lightnesses were searched that can be seen there and lie far apart for the eyes of [`BLIND`].
fn base(theme: Theme) -> [Rgb; 8] {
    match theme {
        Theme::Dark => [
            [0xe6, 0x9f, 0x00],
            [0x56, 0xb4, 0xe9],
            [0xd5, 0x5e, 0x00],
            [0x00, 0x9e, 0x73],
            [0xcc, 0x79, 0xa7],
            [0xf0, 0xe4, 0x42],
            [0x3a, 0x6f, 0xd8],
            [0xd8, 0xdc, 0xe4],
        ],
        Theme::Light => [
            [0xb0, 0x84, 0x23],
            [0x37, 0x8e, 0xc8],
            [0x8a, 0x3a, 0x18],
            [0x38, 0x9a, 0x7e],
            [0x81, 0x19, 0x67],
            [0x7d, 0x6f, 0x1d],
            [0x02, 0x65, 0xaf],
            [0x1c, 0x1f, 0x28],
        ],
    }
}

/// Colours that are made; beyond them they come again. More the eye cannot keep apart.
pub const MOST: usize = 32;

/// Lightnesses, chromas and number of hues that further colours are chosen from.
const CHROMAS: [f32; 3] = [0.06, 0.11, 0.17];
const HUES: usize = 30;

/// How the two common kinds of colour blindness see linear light (Machado, Oliveira, Fernandes 2009, severity 1): protanopia,
/// deuteranopia.
const BLIND: [[[f32; 3]; 3]; 2] = [
    [
        [0.152_286, 1.052_583, -0.204_868],
        [0.114_503, 0.786_281, 0.099_216],
        [-0.003_882, -0.048_116, 1.051_998],
    ],
    [
        [0.367_322, 0.860_646, -0.227_968],
        [0.280_085, 0.672_501, 0.047_413],
        [-0.011_820, 0.042_940, 0.968_881],
    ],
];

/// OKLab as ordinary, red-blind and green-blind eyes see a colour.
type Seen = [[f32; 3]; 3];

fn seen(colour: Rgb) -> Seen {
    let light = linear(colour);
    let through = |view: &[[f32; 3]; 3]| {
        oklab(std::array::from_fn(|row| (0..3).map(|k| view[row][k] * light[k]).sum::<f32>().max(0.0)))
    };
    [oklab(light), through(&BLIND[0]), through(&BLIND[1])]
}

/// How far apart two colours look to the eye that tells them apart worst.
fn apart(a: &Seen, b: &Seen) -> f32 {
    let squared = |x: &[f32; 3], y: &[f32; 3]| (0..3).map(|k| (x[k] - y[k]).powi(2)).sum::<f32>();
    a.iter().zip(b).map(|(x, y)| squared(x, y)).fold(f32::MAX, f32::min).sqrt()
}

/// Colours of `count` groups: `base`, then each time the one of many that lies farthest from all before it.
pub fn category_colours(theme: Theme, count: usize) -> Vec<Rgb> {
    let mut chosen: Vec<Rgb> = base(theme).to_vec();
    if count > chosen.len() {
        let candidates = candidates(theme);
        let views: Vec<Seen> = candidates.iter().map(|&c| seen(c)).collect();
        let mut nearest = vec![f32::MAX; views.len()];
        let mut from = 0;
        while chosen.len() < count.min(MOST) {
            for colour in &chosen[from..] {
                let colour = seen(*colour);
                nearest.iter_mut().zip(&views).for_each(|(d, view)| *d = d.min(apart(&colour, view)));
            }
            from = chosen.len();
            let Some(best) = (0..views.len()).max_by(|&a, &b| nearest[a].total_cmp(&nearest[b])) else {
                break;
            };
            chosen.push(candidates[best]);
        }
    }
    let made = chosen.len();
    (0..count).map(|k| chosen[k % made]).collect()
}

fn candidates(theme: Theme) -> Vec<Rgb> {
    let lightnesses = match theme {
        Theme::Dark => [0.52, 0.62, 0.72, 0.82, 0.92],
        Theme::Light => [0.28, 0.36, 0.44, 0.52, 0.62],
    };
    let mut all = Vec::new();
    for lightness in lightnesses {
        for chroma in CHROMAS {
            for hue in 0..HUES {
                let hue = TAU * hue as f32 / HUES as f32;
                let light = linear_of(lightness, chroma, hue);
                let colour = bytes(oklch(lightness, chroma, hue));
                if light.iter().all(|v| (0.0..=1.0).contains(v)) && contrast(colour, ground(theme)) >= 3.0 {
                    all.push(colour);
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closest(colours: &[Rgb]) -> f32 {
        let views: Vec<Seen> = colours.iter().map(|&c| seen(c)).collect();
        let pairs = views.iter().enumerate().flat_map(|(k, a)| views[..k].iter().map(move |b| apart(a, b)));
        pairs.fold(f32::MAX, f32::min)
    }

    #[test]
    fn groups_stay_apart_for_ordinary_red_blind_and_green_blind_eyes() {
        let wheel: Vec<Rgb> =
            (0..20u8).map(|k| bytes(oklch(0.72, 0.12, TAU * f32::from(k) / 20.0))).collect();
        assert!(closest(&wheel) < 0.01, "a plain wheel of hues is {} apart", closest(&wheel));
        for theme in [Theme::Dark, Theme::Light] {
            for (count, least) in [(8, 0.07), (12, 0.07), (20, 0.05), (MOST, 0.03)] {
                let found = closest(&category_colours(theme, count));
                assert!(found > least, "{theme:?}: {count} colours are {found} apart");
            }
        }
    }

    #[test]
    fn every_group_can_be_seen_on_its_ground() {
        for theme in [Theme::Dark, Theme::Light] {
            for colour in category_colours(theme, MOST) {
                assert!(contrast(colour, ground(theme)) >= 3.0, "{theme:?}: {colour:02x?}");
            }
        }
    }

    #[test]
    fn colours_do_not_change_when_there_are_more_groups_and_come_again_beyond_the_last() {
        let all = category_colours(Theme::Dark, 1_000);
        assert_eq!(all.len(), 1_000);
        assert_eq!(all[..30], category_colours(Theme::Dark, 30)[..]);
        assert_eq!(all[MOST], all[0]);
        assert!(category_colours(Theme::Light, 0).is_empty());
    }
}
