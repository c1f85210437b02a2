//! One point that stands out, as a picture of its own: a resting cloud is not drawn again when the pointer meets another point.

use three_d::Viewport;
use web_sys::{WebGl2RenderingContext as Gl, WebGlFramebuffer, WebGlRenderbuffer};

use super::{EMPHASIS, LEAST_TILE, Scene};
use crate::colouring::GROWTH;

/// A point as it stands out.
pub struct Mark {
    /// Width and height in device pixels.
    pub side: u32,
    /// Its left upper corner on the canvas, in device pixels.
    pub corner: [i32; 2],
    /// Red, green, blue and alpha, not multiplied, row by row from the top.
    pub pixels: Vec<u8>,
}

/// What marks are drawn on.
pub struct MarkFrame {
    frame: WebGlFramebuffer,
    colours: WebGlRenderbuffer,
    side: u32,
}

impl MarkFrame {
    /// One without a size; `None` where the device has no room.
    pub fn new(gl: &Gl) -> Option<Self> {
        Some(Self { frame: gl.create_framebuffer()?, colours: gl.create_renderbuffer()?, side: 0 })
    }

    /// Makes it the one that is drawn on, empty, at least `side` pixels wide and high.
    fn begin(&mut self, gl: &Gl, side: u32) {
        gl.bind_framebuffer(Gl::FRAMEBUFFER, Some(&self.frame));
        if self.side < side {
            self.side = side.next_power_of_two();
            gl.bind_renderbuffer(Gl::RENDERBUFFER, Some(&self.colours));
            gl.renderbuffer_storage(Gl::RENDERBUFFER, Gl::RGBA8, self.side as i32, self.side as i32);
            let place = Gl::COLOR_ATTACHMENT0;
            gl.framebuffer_renderbuffer(Gl::FRAMEBUFFER, place, Gl::RENDERBUFFER, Some(&self.colours));
        }
        gl.color_mask(true, true, true, true);
        gl.clear_color(0.0, 0.0, 0.0, 0.0);
        gl.clear(Gl::COLOR_BUFFER_BIT);
    }
}

impl Scene {
    /// Draws `point`, which is seen at `at` and `width` CSS pixels wide there, as it stands out of the picture of the last
    /// frame. `None` where that cannot be.
    pub fn mark(&mut self, point: u32, at: [f32; 2], width: f32) -> Option<Mark> {
        let look = self.look.filter(|_| !self.gl.is_context_lost())?;
        let (wide, high, ratio) = self.size;
        let least = self.least(&look.style);
        // A pixel more on each side, since its middle may lie between two.
        let side = ((width * look.swell() * GROWTH[1].max(1.0) * EMPHASIS * ratio).max(least) + 3.0).ceil();
        let middle = [at[0] * ratio, high as f32 - at[1] * ratio];
        let [left, bottom] = middle.map(|v| (v - side / 2.0).floor() as i32);
        let side = side as u32;
        self.mark_frame.begin(&self.gl, side);
        self.marked.fill(&[point]);
        let sprites = self.prepare(&look);
        let window = Viewport { x: -left, y: -bottom, width: wide, height: high };
        self.draw_points(sprites, &self.marked, 1, (EMPHASIS, least), window);
        let mut pixels = vec![0; side as usize * side as usize * 4];
        let (size, kind) = (side as i32, Gl::UNSIGNED_BYTE);
        let read = self.gl.read_pixels_with_opt_u8_array(0, 0, size, size, Gl::RGBA, kind, Some(&mut pixels));
        self.gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
        read.ok()?;
        let corner = [left, high as i32 - bottom - size];
        Some(Mark { side, corner, pixels: upright(&pixels, side as usize) })
    }

    /// Least width of a point that stands out, in device pixels.
    pub(super) fn least(&self, style: &super::Style) -> f32 {
        if self.shows_tiles(style) { LEAST_TILE * self.size.2 } else { 0.0 }
    }
}

/// Rows from the top, and colours that are not multiplied by how much they cover.
fn upright(pixels: &[u8], side: usize) -> Vec<u8> {
    let whole = |value: u8, alpha: u8| (u32::from(value) * 255 / u32::from(alpha.max(1))).min(255) as u8;
    let rows = pixels.chunks_exact(side * 4).rev();
    rows.flat_map(|row| row.chunks_exact(4))
        .flat_map(|p| [whole(p[0], p[3]), whole(p[1], p[3]), whole(p[2], p[3]), p[3]])
        .collect()
}
