//! Colour tiles (the original project's) laid out anew: they have no power of two in their size, and their one page may be
//! larger than a texture.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// Side of a colour tile in the texture: a power of two, so that its mip levels are exact.
pub const SIDE: u32 = 128;

/// The grid of a texture's layers.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    /// Tiles in a row, and rows.
    pub columns: u32,
    pub rows: u32,
}

impl Grid {
    /// The grid for `count` tiles on layers of at most `limit` texels a side.
    pub fn of(count: usize, limit: u32) -> Self {
        let most = (limit / SIDE).max(1);
        let columns = ((count as f64).sqrt().ceil() as u32).clamp(1, most);
        Self { columns, rows: (count.min(1 << 30) as u32).div_ceil(columns).clamp(1, most) }
    }

    /// Tiles on a layer.
    pub fn per_layer(self) -> u32 {
        self.columns * self.rows
    }

    /// Draws the tiles `from..from + per_layer` of `page`, each `tile` pixels wide and high, on one sheet.
    pub fn sheet(
        self,
        page: &ImageBitmap,
        tile: (u32, u32),
        from: u32,
        count: u32,
    ) -> Result<HtmlCanvasElement, JsValue> {
        let (canvas, pen) = canvas((self.columns * SIDE, self.rows * SIDE))?;
        // The original's page is square, whatever the number of points that are shown.
        let source_columns = (page.width() / tile.0).max(1);
        let side = f64::from(SIDE);
        for place in 0..self.per_layer().min(count.saturating_sub(from)) {
            let index = from + place;
            let (w, h) = (f64::from(tile.0), f64::from(tile.1));
            pen.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                page,
                f64::from(index % source_columns) * w,
                f64::from(index / source_columns) * h,
                w,
                h,
                f64::from(place % self.columns) * side,
                f64::from(place / self.columns) * side,
                side,
                side,
            )?;
        }
        Ok(canvas)
    }
}

fn canvas(size: (u32, u32)) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let document = web_sys::window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(size.0);
    canvas.set_height(size.1);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    Ok((canvas, pen))
}
