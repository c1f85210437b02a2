//! The player's picture: the tile with its axes, and the waveform below it, on one time axis.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::app::App;
use super::tile;
use crate::mel;
use crate::waveform::{centred, outline, peak};

/// Room for the frequency axis at the left, and for time at the bottom, in CSS pixels. `player.css` knows the first.
const LEFT: f64 = 34.0;
const BOTTOM: f64 = 18.0;
/// Heights of tile and waveform, and the room between them.
const TILE: f64 = 172.0;
const WAVE: f64 = 56.0;
const GAP: f64 = 8.0;

/// Draws the picture of `point`. A browser that refuses leaves it empty.
pub fn draw_picture(app: &App, point: usize) {
    let _ = draw(app, point);
}

fn draw(app: &App, point: usize) -> Result<(), JsValue> {
    let canvas = &app.tools.player.picture;
    let ratio = app.page.window.device_pixel_ratio().clamp(1.0, 3.0);
    let width = f64::from(canvas.client_width()).max(120.0);
    let has_tile = app.shown.as_ref().is_some_and(|s| s.has_tiles);
    let top = if has_tile { TILE + GAP } else { 0.0 };
    let height = top + WAVE + BOTTOM;
    canvas.set_width((width * ratio) as u32);
    canvas.set_height((height * ratio) as u32);
    let _ = canvas.style().set_property("height", &format!("{height}px"));
    let pen = tile::pen(canvas)?;
    pen.scale(ratio, ratio)?;
    pen.set_font("11px system-ui, sans-serif");
    let colour = |name: &str| -> String {
        let style = app.page.window.get_computed_style(canvas).ok().flatten();
        style.and_then(|s| s.get_property_value(name).ok()).unwrap_or_else(|| "#888".to_owned())
    };
    // The stylesheet gives the canvas these two for its picture.
    let (quiet, accent) = (colour("color"), colour("caret-color"));
    let across = width - LEFT;
    if has_tile {
        // Its page may still be to come.
        let _ = draw_tile(app, &pen, point, across);
        draw_frequencies(app, &pen, &quiet)?;
    }
    draw_wave(app, &pen, point, (across, top), (&accent, &quiet))?;
    draw_times(app, &pen, (across, top + WAVE), &quiet)
}

fn draw_tile(app: &App, pen: &CanvasRenderingContext2d, point: usize, across: f64) -> Result<(), JsValue> {
    let scratch: HtmlCanvasElement = app.page.document.create_element("canvas")?.dyn_into()?;
    let tint = app.colouring.tells_apart().then(|| app.colour(point));
    tile::draw(&scratch, app, point, tint)?;
    pen.set_image_smoothing_enabled(true);
    pen.draw_image_with_html_canvas_element_and_dw_and_dh(&scratch, LEFT, 0.0, across, TILE)
}

/// Hertz at the left; only of tiles whose rows are mel bands.
fn draw_frequencies(app: &App, pen: &CanvasRenderingContext2d, quiet: &str) -> Result<(), JsValue> {
    if !app.shown.as_ref().is_some_and(|s| s.config.sprite.is_grey()) {
        return Ok(());
    }
    pen.set_fill_style_str(quiet);
    pen.set_text_align("right");
    pen.set_text_baseline("middle");
    for (hertz, words) in mel::MARKS {
        let y = TILE * (1.0 - mel::height(hertz));
        pen.fill_rect(LEFT - 4.0, y.round() - 0.5, 4.0, 1.0);
        pen.fill_text(words, LEFT - 7.0, y)?;
    }
    pen.set_text_baseline("top");
    pen.fill_text("Hz", LEFT - 7.0, 1.0)
}

fn draw_wave(
    app: &App,
    pen: &CanvasRenderingContext2d,
    point: usize,
    (across, top): (f64, f64),
    (accent, quiet): (&str, &str),
) -> Result<(), JsValue> {
    let Some(shown) = &app.shown else { return Ok(()) };
    let middle = top + WAVE / 2.0;
    pen.set_fill_style_str(quiet);
    pen.set_global_alpha(0.35);
    pen.fill_rect(LEFT, middle - 0.5, across, 1.0);
    pen.set_global_alpha(1.0);
    let audio = &shown.config.audio;
    let clip = audio.clip(point);
    if let Some(supply) =
        app.sound.clips.supply().filter(|supply| supply.lacks(&clip) && !supply.is_broken(&clip))
    {
        supply.want_picture(clip);
        return Ok(());
    }
    let Some(samples) = app.sound.clips.read(clip) else { return Ok(()) };
    let loudest = peak(&samples);
    let samples = centred(&samples);
    let widest = f64::from(peak(&samples));
    let columns = (across * samples.len() as f64 / f64::from(audio.window_samples)).round().max(1.0);
    // As high as there is room, however quiet; the level stands beside it.
    let scale = if widest > 0.0 { (WAVE / 2.0 - 1.0) / widest } else { 0.0 };
    pen.set_fill_style_str(accent);
    for (x, (low, high)) in outline(&samples, columns as usize).into_iter().enumerate() {
        let (y0, y1) = (middle - f64::from(high) * scale, middle - f64::from(low) * scale);
        pen.fill_rect(LEFT + x as f64, y0, 1.0, (y1 - y0).max(1.0));
    }
    if loudest > 0.0 {
        pen.set_fill_style_str(quiet);
        pen.set_text_align("right");
        pen.set_text_baseline("middle");
        // Full scale is 0, not −0.
        let level = (20.0 * f64::from(loudest).log10()).round() + 0.0;
        pen.fill_text(&format!("{level}"), LEFT - 7.0, top + 6.0)?;
        pen.fill_text("dB", LEFT - 7.0, middle)?;
    }
    Ok(())
}

fn draw_times(
    app: &App,
    pen: &CanvasRenderingContext2d,
    (across, top): (f64, f64),
    quiet: &str,
) -> Result<(), JsValue> {
    let Some(shown) = &app.shown else { return Ok(()) };
    let audio = &shown.config.audio;
    let seconds = f64::from(audio.window_samples) / f64::from(audio.sample_rate);
    // Marks a fifth of the clip apart, rounded to what one reads: 0.2 s of 0.96.
    let step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0];
    let step = step.into_iter().find(|s| seconds / s <= 6.0).unwrap_or(600.0);
    pen.set_fill_style_str(quiet);
    pen.set_text_baseline("top");
    let marks = (seconds / step + 1e-6).floor() as u32;
    for mark in 0..=marks {
        let time = f64::from(mark) * step;
        let x = LEFT + time / seconds * across;
        pen.fill_rect((x - 0.5).min(LEFT + across - 1.0), top, 1.0, 4.0);
        // The first and last words stay within the picture.
        pen.set_text_align(if mark == 0 {
            "left"
        } else if x > LEFT + across - 14.0 {
            "right"
        } else {
            "center"
        });
        let words = if mark == 0 {
            "0 s".to_owned()
        } else {
            format!("{time:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        pen.fill_text(&words, x, top + 6.0)?;
    }
    Ok(())
}
