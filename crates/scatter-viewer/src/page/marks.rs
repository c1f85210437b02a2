//! Points that stand out of a resting cloud, each on a small canvas above it.

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{HtmlCanvasElement, ImageData};

use super::app::App;
use super::tile::pen;
use crate::camera::Lens;
use crate::picking::Footprint;

/// More of them are drawn with the cloud: each is read back from the device.
pub const MOST: usize = 4;

/// What a canvas shows: a point, on which picture of the cloud.
type Shows = Option<(u32, u32)>;

/// The canvases, lowest first.
#[derive(Default)]
pub struct Marks {
    all: Vec<(HtmlCanvasElement, Shows)>,
    /// One could not be shown so.
    pub refused: bool,
}

impl App {
    /// Shows `points`, the last one on top, and no others. False where one cannot be shown so.
    pub fn show_marks(&mut self, points: &[u32], lens: &Lens, footprint: &Footprint) -> bool {
        let picture = self.scene.picture;
        for place in 0..self.marks.all.len().max(points.len()) {
            if place == self.marks.all.len() {
                let Ok(canvas) = self.new_canvas() else { return false };
                self.marks.all.push((canvas, None));
            }
            let wanted = points.get(place).map(|&point| (point, picture));
            let (canvas, shows) = &self.marks.all[place];
            if wanted == *shows {
                continue;
            }
            let canvas = canvas.clone();
            let drawn = match wanted {
                Some((point, _)) => self.draw_mark(&canvas, point, lens, footprint),
                None => Ok(false),
            };
            canvas.set_hidden(!matches!(drawn, Ok(true)));
            self.marks.all[place].1 = wanted.filter(|_| drawn.is_ok());
            if drawn.is_err() {
                return false;
            }
        }
        true
    }

    fn new_canvas(&self) -> Result<HtmlCanvasElement, JsValue> {
        let canvas: HtmlCanvasElement = self.page.document.create_element("canvas")?.dyn_into()?;
        self.page.marks.append_child(&canvas)?;
        Ok(canvas)
    }

    /// Whether there is something to be seen of `point` on `canvas` now.
    fn draw_mark(
        &mut self,
        canvas: &HtmlCanvasElement,
        point: u32,
        lens: &Lens,
        footprint: &Footprint,
    ) -> Result<bool, JsValue> {
        let cloud = self.cloud();
        let Some(seen) = cloud.seen(lens, point as usize) else { return Ok(false) };
        // Without its growth, for which the scene leaves room.
        let width = footprint.width(lens.scale, seen.depth);
        if !lens.contains(&seen) {
            return Ok(false);
        }
        let mark = self.scene.mark(point, [seen.x, seen.y], width).ok_or(JsValue::NULL)?;
        let (side, ratio) = (mark.side, self.scene.ratio());
        canvas.set_width(side);
        canvas.set_height(side);
        let image = ImageData::new_with_u8_clamped_array(Clamped(&mark.pixels), side)?;
        pen(canvas)?.put_image_data(&image, 0.0, 0.0)?;
        let css = |pixels: f32| pixels / ratio;
        let [left, top] = mark.corner.map(|v| css(v as f32));
        let style = canvas.style();
        style.set_property("transform", &format!("translate({left}px, {top}px)"))?;
        style.set_property("width", &format!("{}px", css(side as f32)))?;
        Ok(true)
    }
}
