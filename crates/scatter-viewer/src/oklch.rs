//! OKLab and OKLCH (Ottosson, "A perceptual color space for image processing", 2020): equal steps look equal.

/// sRGB, 0 to 255.
pub type Rgb = [u8; 3];

/// Linear light of an OKLCH colour, hue in radians; outside 0 to 1 where a screen cannot show it.
pub fn linear_of(lightness: f32, chroma: f32, hue: f32) -> [f32; 3] {
    let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
}

/// sRGB (0 to 1) of an OKLCH colour, cut to what a screen can show.
pub fn oklch(lightness: f32, chroma: f32, hue: f32) -> [f32; 3] {
    linear_of(lightness, chroma, hue).map(|linear| {
        let linear = linear.clamp(0.0, 1.0);
        if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
    })
}

/// OKLab of linear light.
pub fn oklab([r, g, b]: [f32; 3]) -> [f32; 3] {
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).max(0.0).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).max(0.0).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).max(0.0).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// Linear light of an sRGB colour.
pub fn linear(colour: Rgb) -> [f32; 3] {
    colour.map(|value| {
        let value = f32::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

/// Bytes of a colour of 0 to 1.
pub fn bytes(colour: [f32; 3]) -> Rgb {
    colour.map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// Relative luminance (WCAG 2.2), 0 to 1.
pub fn luminance(colour: Rgb) -> f32 {
    let [r, g, b] = linear(colour);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Contrast of two colours (WCAG 2.2), 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_black_and_red_have_their_known_places() {
        let near = |a: [f32; 3], b: [f32; 3]| a.iter().zip(b).all(|(x, y)| (x - y).abs() < 2e-3);
        assert!(near(oklab([1.0; 3]), [1.0, 0.0, 0.0]));
        // Ottosson's table of examples has no sRGB red; CSS Color 4 gives its OKLab as 0.628, 0.2249, 0.1258.
        assert!(near(oklab([1.0, 0.0, 0.0]), [0.628, 0.2249, 0.1258]));
        let back = oklch(0.628, 0.2577, 29.23f32.to_radians());
        assert!(near(back, [1.0, 0.0, 0.0]), "{back:?}");
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-3);
    }
}
