//! Colours: one for each label, and a dark-to-bright scale for grey tiles.

/// sRGB, 0 to 255.
pub type Rgb = [u8; 3];

/// The page's one accent; `style.css` holds the same value as `--accent`.
pub const ACCENT: Rgb = [0x6f, 0xe0, 0xc4];

/// Okabe and Ito, "Color Universal Design" (2008): told apart by all common kinds of colour vision. Its blue
/// is lifted and its black made light grey, because the page is dark.
pub const LABELS: [Rgb; 8] = [
    [0xe6, 0x9f, 0x00],
    [0x56, 0xb4, 0xe9],
    [0xd5, 0x5e, 0x00],
    [0x00, 0x9e, 0x73],
    [0xcc, 0x79, 0xa7],
    [0xf0, 0xe4, 0x42],
    [0x3a, 0x6f, 0xd8],
    [0xd8, 0xdc, 0xe4],
];

/// Number of stops of [`heat`] that the shader interpolates between.
pub const HEAT_STOPS: usize = 12;

/// Colour of label `index`: the palette, then the palette lighter, darker, and again.
pub fn label_colour(index: usize) -> Rgb {
    let base = LABELS[index % LABELS.len()];
    match (index / LABELS.len()) % 3 {
        0 => base,
        1 => blend(base, [255; 3], 0.5),
        _ => blend(base, [0x10, 0x12, 0x18], 0.42),
    }
}

/// `base` with `share` (0 to 1) of `other` in it.
fn blend(base: Rgb, other: Rgb, share: f32) -> Rgb {
    let mix = |a: u8, b: u8| (f32::from(a) * (1.0 - share) + f32::from(b) * share).round() as u8;
    [mix(base[0], other[0]), mix(base[1], other[1]), mix(base[2], other[2])]
}

/// Energy `t` (0 to 1) as a colour: night blue over violet and coral to pale yellow.
///
/// Lightness rises evenly, so that equal steps of energy look equal; hue only helps.
pub fn heat(t: f32) -> [f32; 3] {
    let t = t.clamp(0.0, 1.0);
    let lightness = 0.17 + 0.78 * t;
    let hue = (-80.0 + 185.0 * t.powf(0.9)).to_radians();
    // Little colour at both ends, where the screen cannot show much of it anyway.
    let chroma = 0.035 + 0.165 * (std::f32::consts::PI * t.powf(0.85)).sin().max(0.0);
    oklch(lightness, chroma, hue)
}

/// The stops of [`heat`], evenly spaced.
pub fn heat_stops() -> [[f32; 3]; HEAT_STOPS] {
    std::array::from_fn(|k| heat(k as f32 / (HEAT_STOPS - 1) as f32))
}

/// Energy `t` (0 to 1) as a shade of `colour`: night, the colour itself, nearly white. The shader's `tint_at`.
pub fn tint(colour: Rgb, t: f32) -> [f32; 3] {
    let step = |low: f32, high: f32| {
        let x = ((t - low) / (high - low)).clamp(0.0, 1.0);
        x * x * (3.0 - 2.0 * x)
    };
    let (body, light) = (step(0.0, 0.72), 0.8 * step(0.66, 1.0));
    let night = [0.035, 0.04, 0.06];
    std::array::from_fn(|k| {
        let low = night[k] + (f32::from(colour[k]) / 255.0 - night[k]) * body;
        low + (1.0 - low) * light
    })
}

/// sRGB (0 to 1) of an OKLCH colour (Ottosson, "A perceptual color space for image processing", 2020).
fn oklch(lightness: f32, chroma: f32, hue: f32) -> [f32; 3] {
    let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
    .map(|linear| {
        let linear = linear.clamp(0.0, 1.0);
        if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(value: f32) -> f32 {
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    }

    /// CIE lightness, 0 to 100.
    fn lightness(rgb: [f32; 3]) -> f32 {
        let y = 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
        if y > 0.008_856 { 116.0 * y.cbrt() - 16.0 } else { 903.3 * y }
    }

    #[test]
    fn more_energy_is_always_lighter_and_in_nearly_even_steps() {
        let steps: Vec<f32> = (0..=20).map(|k| lightness(heat(k as f32 / 20.0))).collect();
        let rises: Vec<f32> = steps.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(rises.iter().all(|r| (1.5..8.0).contains(r)), "{rises:?}");
        assert!(steps[0] < 12.0 && steps[20] > 85.0, "{steps:?}");
    }

    /// Simulates full protanopia and deuteranopia (Machado, Oliveira, Fernandes 2009, severity 1).
    #[test]
    fn label_colours_stay_apart_for_red_blind_and_green_blind_eyes() {
        let views = [
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
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
        for view in views {
            let seen: Vec<[f32; 3]> = LABELS
                .iter()
                .map(|c| c.map(|v| linear(f32::from(v) / 255.0)))
                .map(|c| std::array::from_fn(|row| (0..3).map(|k| view[row][k] * c[k]).sum::<f32>()))
                .collect();
            for (i, a) in seen.iter().enumerate() {
                for b in &seen[..i] {
                    // Cube roots of linear light are close to even steps for the eye.
                    let apart: f32 =
                        (0..3).map(|k| (a[k].max(0.0).cbrt() - b[k].max(0.0).cbrt()).powi(2)).sum::<f32>();
                    assert!(apart.sqrt() > 0.1, "{a:?} and {b:?}");
                }
            }
        }
    }

    #[test]
    fn the_first_24_labels_have_24_colours() {
        let mut colours: Vec<Rgb> = (0..24).map(label_colour).collect();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), 24);
    }
}
