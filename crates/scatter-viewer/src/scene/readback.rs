//! Pixels that come back from the device without anybody waiting for them.

use web_sys::{WebGl2RenderingContext as Gl, WebGlBuffer, WebGlSync};

/// Pixels on their way.
pub struct Readback {
    gl: Gl,
    buffer: WebGlBuffer,
    fence: WebGlSync,
    bytes: usize,
}

impl Readback {
    /// Asks for the pixels of the bound frame from the corner `from` on, `size` wide and high: red, green, blue and alpha.
    pub fn ask(gl: &Gl, from: (u32, u32), size: (u32, u32)) -> Option<Self> {
        let bytes = size.0.checked_mul(size.1)?.checked_mul(4)?;
        let buffer = gl.create_buffer()?;
        let target = Gl::PIXEL_PACK_BUFFER;
        gl.bind_buffer(target, Some(&buffer));
        gl.buffer_data_with_i32(target, i32::try_from(bytes).ok()?, Gl::STREAM_READ);
        let [x, y, w, h] = [from.0, from.1, size.0, size.1].map(|v| v as i32);
        let read = gl.read_pixels_with_i32(x, y, w, h, Gl::RGBA, Gl::UNSIGNED_BYTE, 0);
        gl.bind_buffer(target, None);
        let fence = gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0).filter(|_| read.is_ok());
        // What waits in the browser's own queue would never be done.
        gl.flush();
        match fence {
            Some(fence) => Some(Self { gl: gl.clone(), buffer, fence, bytes: bytes as usize }),
            None => {
                gl.delete_buffer(Some(&buffer));
                None
            }
        }
    }

    /// Whether they have come, or never will. A browser says so between two turns, never within one.
    pub fn is_there(&self) -> bool {
        let status = self.gl.get_sync_parameter(&self.fence, Gl::SYNC_STATUS);
        status.as_f64() != Some(f64::from(Gl::UNSIGNALED))
    }

    /// The pixels, row by row from the frame's first; zeros where the context was lost.
    pub fn take(self) -> Vec<u8> {
        let mut pixels = vec![0; self.bytes];
        let target = Gl::PIXEL_PACK_BUFFER;
        self.gl.bind_buffer(target, Some(&self.buffer));
        self.gl.get_buffer_sub_data_with_i32_and_u8_array(target, 0, &mut pixels);
        self.gl.bind_buffer(target, None);
        pixels
    }
}

impl Drop for Readback {
    fn drop(&mut self) {
        self.gl.delete_sync(Some(&self.fence));
        self.gl.delete_buffer(Some(&self.buffer));
    }
}
