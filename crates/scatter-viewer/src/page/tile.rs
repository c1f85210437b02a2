//! One spectrogram tile on a canvas of its own size, grey ones in the cloud's colours.

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, ContextAttributes2d, HtmlCanvasElement, ImageData};

use super::app::App;
use crate::palette::{self, Rgb};
use crate::scene::Tile;
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
/// Where there is no tile, or not yet, or the browser refuses.
pub fn draw(canvas: &HtmlCanvasElement, app: &App, index: usize, tint: Option<Rgb>) -> Result<(), JsValue> {
    put(canvas, app, app.scene.tile(index).ok_or(JsValue::NULL)?, tint)
}

/// Draws a tile, likewise.
///
/// # Errors
/// Where the browser refuses.
pub fn put(
    canvas: &HtmlCanvasElement,
    app: &App,
    ((width, height), mut pixels): Tile,
    tint: Option<Rgb>,
) -> Result<(), JsValue> {
    canvas.set_width(width);
    canvas.set_height(height);
    let pen = pen(canvas)?;
    if app.shown.as_ref().is_some_and(|shown| shown.config.sprite.is_grey()) {
        let of = |energy: u8| shade(app.theme, tint, f32::from(energy) / 255.0);
        let shades: Vec<[u8; 3]> = (0..=255u8).map(of).collect();
        for pixel in pixels.chunks_exact_mut(4) {
            let colour = shades[usize::from(pixel[0])];
            pixel[..3].copy_from_slice(&colour);
        }
    }
    pen.put_image_data(&ImageData::new_with_u8_clamped_array(Clamped(&pixels), width)?, 0.0, 0.0)
}
