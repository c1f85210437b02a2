//! The timeline's picture is made of the sprite pages' tiles, a row of them at a time.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use super::app::App;
use super::tile;
use super::timeline::own_part;
use crate::overview::Spot;

/// What reads the tiles of one page.
pub struct Reader {
    pen: CanvasRenderingContext2d,
    /// The first tile, how many there are, and how many in a row.
    first: usize,
    tiles: usize,
    columns: usize,
    /// Width and height of a tile, and the part of its width that no other window shows.
    size: (usize, usize),
    own: usize,
}

impl Reader {
    /// Makes ready for page `page`.
    ///
    /// # Errors
    /// Where the browser gives nothing to read with.
    pub fn new(app: &App, page: usize) -> Result<Self, JsValue> {
        let config = app.shown.as_ref().map(|shown| &shown.config).ok_or(JsValue::NULL)?;
        let layout = &config.sprite;
        let size = (layout.tile_width as usize, layout.tile_height as usize);
        let (first, columns) = (page * layout.per_page(), layout.columns as usize);
        let canvas: HtmlCanvasElement = app.page.document.create_element("canvas")?.dyn_into()?;
        canvas.set_width((columns * size.0) as u32);
        canvas.set_height(size.1 as u32);
        Ok(Self {
            pen: tile::pen(&canvas)?,
            first,
            tiles: config.count.saturating_sub(first).min(layout.per_page()),
            columns,
            size,
            own: ((size.0 as f64 * own_part(app)).round() as usize).max(1),
        })
    }

    /// Reads the tiles of row `row` of `bitmap`, if there are any.
    ///
    /// # Errors
    /// Where the browser does not let them be read.
    pub fn read(&self, app: &mut App, bitmap: &ImageBitmap, row: usize) -> Result<(), JsValue> {
        let Some(left) = self.tiles.checked_sub(row * self.columns) else { return Ok(()) };
        let (width, height) = self.size;
        let strip = ((self.columns * width) as f64, height as f64);
        self.pen.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            bitmap,
            0.0,
            (row * height) as f64,
            strip.0,
            strip.1,
            0.0,
            0.0,
            strip.0,
            strip.1,
        )?;
        let pixels = self.pen.get_image_data(0.0, 0.0, strip.0, strip.1)?.data().0;
        for column in 0..self.columns.min(left) {
            let spot = Spot { stride: self.columns * width, left: column * width, width: self.own, height };
            app.tools.timeline.overview.put(self.first + row * self.columns + column, &pixels, spot);
        }
        Ok(())
    }
}
