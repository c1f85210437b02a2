//! The cloud as it was drawn last, kept on the device: what stands out is drawn over a copy of it, whatever the number of
//! points.

use web_sys::{WebGl2RenderingContext as Gl, WebGlFramebuffer, WebGlRenderbuffer};

/// A picture of the canvas's size that is not shown itself.
pub struct Kept {
    frame: WebGlFramebuffer,
    colours: WebGlRenderbuffer,
    size: (u32, u32),
}

impl Kept {
    /// A picture without a size; `None` where the device has no room.
    pub fn new(gl: &Gl) -> Option<Self> {
        Some(Self { frame: gl.create_framebuffer()?, colours: gl.create_renderbuffer()?, size: (0, 0) })
    }

    /// Makes it the one that is drawn on, empty, `width` by `height` pixels.
    pub fn begin(&mut self, gl: &Gl, (width, height): (u32, u32)) {
        gl.bind_framebuffer(Gl::FRAMEBUFFER, Some(&self.frame));
        if self.size != (width, height) {
            gl.bind_renderbuffer(Gl::RENDERBUFFER, Some(&self.colours));
            gl.renderbuffer_storage(Gl::RENDERBUFFER, Gl::RGBA8, width as i32, height as i32);
            let place = Gl::COLOR_ATTACHMENT0;
            gl.framebuffer_renderbuffer(Gl::FRAMEBUFFER, place, Gl::RENDERBUFFER, Some(&self.colours));
            self.size = (width, height);
        }
        clear(gl);
    }

    /// Makes the canvas the one that is drawn on, empty.
    pub fn begin_without(&self, gl: &Gl) {
        gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
        clear(gl);
    }

    /// Copies it to the canvas, which is drawn on from now on.
    pub fn show(&self, gl: &Gl) {
        let (width, height) = (self.size.0 as i32, self.size.1 as i32);
        // A browser empties its canvas before what is drawn next, but a copy does not count as drawing to all of them.
        self.begin_without(gl);
        gl.bind_framebuffer(Gl::READ_FRAMEBUFFER, Some(&self.frame));
        gl.bind_framebuffer(Gl::DRAW_FRAMEBUFFER, None);
        gl.blit_framebuffer(0, 0, width, height, 0, 0, width, height, Gl::COLOR_BUFFER_BIT, Gl::NEAREST);
        gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
    }
}

fn clear(gl: &Gl) {
    gl.color_mask(true, true, true, true);
    gl.clear_color(0.0, 0.0, 0.0, 0.0);
    gl.clear(Gl::COLOR_BUFFER_BIT);
}
