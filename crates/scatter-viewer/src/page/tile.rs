//! One spectrogram tile on a canvas of its own size, grey ones in the cloud's colours.

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, ContextAttributes2d, HtmlCanvasElement, ImageData};

use super::app::Shown;
use crate::palette::{self, Rgb};
use crate::theme::Theme;

/// Something to draw flat pictures with.
pub fn pen(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
    let attributes = ContextAttributes2d::new();
    attributes.set_will_read_frequently(true);
    let context = canvas.get_context_with_context_options("2d", &attributes)?.ok_or(JsValue::NULL)?;
    Ok(context.dyn_into()?)
}

/// Colour of energy 0 to 1, as it is on the map.
pub fn shade(theme: Theme, tint: Option<Rgb>, energy: f32) -> [u8; 3] {
    let colour =
        tint.map_or_else(|| palette::heat(theme, energy), |colour| palette::tint(theme, colour, energy));
    colour.map(|value| (value * 255.0).round() as u8)
}

/// Draws the tile of point `index`, in shades of `tint` where there is one.
///
/// # Errors
/// Where there is no tile, or the browser refuses.
pub fn draw(
    canvas: &HtmlCanvasElement,
    shown: &Shown,
    index: usize,
    tint: Option<Rgb>,
    theme: Theme,
) -> Result<(), JsValue> {
    let layout = &shown.config.sprite;
    let tile = layout.tile(index);
    let bitmap = shown.pages.get(tile.page).ok_or(JsValue::NULL)?;
    let (width, height) = (layout.tile_width, layout.tile_height);
    canvas.set_width(width);
    canvas.set_height(height);
    let pen = pen(canvas)?;
    let (w, h) = (f64::from(width), f64::from(height));
    pen.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        bitmap,
        f64::from(tile.x),
        f64::from(tile.y),
        w,
        h,
        0.0,
        0.0,
        w,
        h,
    )?;
    if layout.is_grey() {
        let shades: Vec<[u8; 3]> = (0..=255u8).map(|e| shade(theme, tint, f32::from(e) / 255.0)).collect();
        let mut pixels = pen.get_image_data(0.0, 0.0, w, h)?.data().0;
        for pixel in pixels.chunks_exact_mut(4) {
            let colour = shades[usize::from(pixel[0])];
            pixel[..3].copy_from_slice(&colour);
        }
        let coloured = ImageData::new_with_u8_clamped_array(Clamped(&pixels), width)?;
        pen.put_image_data(&coloured, 0.0, 0.0)?;
    }
    Ok(())
}
