//! The colours of energy as a texture, one texel a grey: looked up where a sum would cost more.

use web_sys::{WebGl2RenderingContext as Gl, WebGlTexture};

use crate::palette;
use crate::theme::Theme;

/// 256 colours of rising energy.
pub struct Heat {
    texture: WebGlTexture,
    theme: Option<Theme>,
}

impl Heat {
    /// A texture without colours; `None` where the device has no room.
    pub fn new(gl: &Gl) -> Option<Self> {
        Some(Self { texture: gl.create_texture()?, theme: None })
    }

    /// Takes the colours of `theme`.
    pub fn turn(&mut self, gl: &Gl, theme: Theme) {
        if self.theme.replace(theme) == Some(theme) {
            return;
        }
        let stops = palette::heat_stops(theme);
        let colour = |grey: u8| {
            let at = f32::from(grey) / 255.0 * (stops.len() - 1) as f32;
            let below = (at as usize).min(stops.len() - 2);
            let between =
                |k: usize| stops[below][k] + (stops[below + 1][k] - stops[below][k]) * (at - below as f32);
            [between(0), between(1), between(2), 1.0].map(|v| (v * 255.0).round() as u8)
        };
        let texels: Vec<u8> = (0..=255u8).flat_map(colour).collect();
        self.bind(gl);
        for name in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
            gl.tex_parameteri(Gl::TEXTURE_2D, name, Gl::NEAREST as i32);
        }
        // Without it tiles are black; the points are still there.
        let _ = gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_u8_array(
            Gl::TEXTURE_2D,
            0,
            Gl::RGBA8 as i32,
            256,
            1,
            0,
            Gl::RGBA,
            Gl::UNSIGNED_BYTE,
            Some(&texels),
        );
    }

    /// Binds the texture to unit 2.
    pub fn bind(&self, gl: &Gl) {
        gl.active_texture(Gl::TEXTURE2);
        gl.bind_texture(Gl::TEXTURE_2D, Some(&self.texture));
    }
}
