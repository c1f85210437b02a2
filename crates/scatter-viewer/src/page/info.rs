//! The info panel: picture and words of one point. All text goes in as text, never as markup.

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, ContextAttributes2d, ImageData};

use super::app::{App, Shown};
use super::clips::Clips;
use super::elements::Elements;
use crate::describe::describe;
use crate::palette::{self, Rgb};
use crate::theme::Theme;

/// Shows the point that `app` describes, or hides the panel.
pub fn show(app: &App) {
    let page = &app.page;
    let (Some(shown), Some(index)) = (&app.shown, app.described) else {
        page.info.set_hidden(true);
        return;
    };
    let said = describe(&shown.config, &shown.data, index);
    page.info_title.set_text_content(Some(&said.title));
    page.info_folder.set_text_content(Some(&said.folder));
    page.info_label.set_text_content(Some(&said.label));
    let [r, g, b] = app.colour(index);
    // Without the swatch's colour the panel still reads.
    let _ = page.info_swatch.style().set_property("background-color", &format!("rgb({r} {g} {b})"));
    page.info_swatch.set_hidden(!app.colouring.tells_apart());
    page.info_rows.set_text_content(None);
    for (name, value) in &said.rows {
        for (tag, text) in [("dt", name), ("dd", value)] {
            if let Some(cell) = page.append(&page.info_rows, tag, "") {
                page.append(&cell, "bdi", text);
            }
        }
    }
    page.info_heard.set_text_content(None);
    for (class, per_cent) in &said.heard {
        let Some(item) = page.append(&page.info_heard, "li", "") else { continue };
        page.append(&item, "bdi", class);
        page.append(&item, "span", &format!(" {per_cent}\u{202f}%"));
    }
    page.info_state.set_text_content(Some(&state(app, index)));
    let tint = app.colouring.tells_apart().then(|| app.colour(index));
    let drawn = draw_tile(page, shown, index, tint, app.theme).is_ok();
    let _ = page.info.class_list().toggle_with_force("plain-words", !drawn);
    page.info.set_hidden(false);
}

fn state(app: &App, index: usize) -> String {
    if app.voices.looping() == Some(index) {
        return app.looped.words();
    }
    match app.sound.clips {
        Clips::None => String::new(),
        Clips::Whole(_) if app.sound.out.is_awake() => String::new(),
        Clips::Whole(_) => "Click to hear it.".to_owned(),
    }
}

/// Draws the point's tile, grey ones in the cloud's colours.
fn draw_tile(
    page: &Elements,
    shown: &Shown,
    index: usize,
    tint: Option<Rgb>,
    theme: Theme,
) -> Result<(), JsValue> {
    let layout = &shown.config.sprite;
    let tile = layout.tile(index);
    let bitmap = shown.pages.get(tile.page).ok_or(JsValue::NULL)?;
    let (width, height) = (layout.tile_width, layout.tile_height);
    page.info_tile.set_width(width);
    page.info_tile.set_height(height);
    let attributes = ContextAttributes2d::new();
    attributes.set_will_read_frequently(true);
    let pen: CanvasRenderingContext2d = page
        .info_tile
        .get_context_with_context_options("2d", &attributes)?
        .ok_or(JsValue::NULL)?
        .dyn_into()?;
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
        let mut pixels = pen.get_image_data(0.0, 0.0, w, h)?.data().0;
        for pixel in pixels.chunks_exact_mut(4) {
            let energy = f32::from(pixel[0]) / 255.0;
            let colour = tint
                .map_or_else(|| palette::heat(theme, energy), |colour| palette::tint(theme, colour, energy));
            for (channel, value) in pixel.iter_mut().zip(colour) {
                *channel = (value * 255.0).round() as u8;
            }
        }
        let coloured = ImageData::new_with_u8_clamped_array(Clamped(&pixels), width)?;
        pen.put_image_data(&coloured, 0.0, 0.0)?;
    }
    Ok(())
}
