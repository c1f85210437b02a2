//! Sprite pages as one texture array, with mip levels on which tiles do not run into one another.

use scatter_dataset::{MAX_PAGE_SIDE, SpriteLayout};
use three_d::{Vector2, Vector4};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap, WebGl2RenderingContext as Gl, WebGlTexture,
};

use crate::trouble::Trouble;

/// Side of a colour tile in the texture: a power of two, so that its mip levels are exact.
const COLOUR_SIDE: u32 = 128;

/// The tiles on the graphics device.
pub struct Sprites {
    texture: WebGlTexture,
    /// Grey tiles, which the shader colours.
    pub grey: bool,
    columns: u32,
    per_page: u32,
    tile: (u32, u32),
    page: (u32, u32),
    last_level: u32,
}

impl Sprites {
    /// One black texel, for drawing without tiles: a shader's texture must always be there.
    pub fn blank(gl: &Gl) -> Option<Self> {
        let blank = Self {
            texture: gl.create_texture()?,
            grey: true,
            columns: 1,
            per_page: 1,
            tile: (1, 1),
            page: (1, 1),
            last_level: 0,
        };
        blank.allocate(gl, 1);
        Some(blank)
    }

    /// Uploads `pages`, which hold `count` tiles.
    ///
    /// Grey pages go up as they are. Colour pages (the original project's) are laid out anew, because their
    /// tiles have no power of two in their size and their pages may be larger than a texture.
    pub fn new(gl: &Gl, layout: &SpriteLayout, count: usize, pages: &[ImageBitmap]) -> Result<Self, Trouble> {
        let most =
            |name, least: f64| gl.get_parameter(name).ok().and_then(|v| v.as_f64()).unwrap_or(least) as u32;
        // The least that WebGL2 grants, where a browser does not say.
        let (limit, layers) =
            (most(Gl::MAX_TEXTURE_SIZE, 2_048.0), most(Gl::MAX_ARRAY_TEXTURE_LAYERS, 256.0));
        for (k, page) in pages.iter().enumerate() {
            check(layout, count, k, page)?;
        }
        let texture =
            gl.create_texture().ok_or_else(|| Trouble::NoWebGl("no texture could be made".to_owned()))?;
        let file = layout.pages.first().cloned().unwrap_or_default();
        if layout.is_grey() {
            let page = (layout.columns * layout.tile_width, layout.rows * layout.tile_height);
            if page.0.max(page.1) > limit {
                return Err(too_large(file, page, limit));
            }
            if pages.len() > layers as usize {
                return Err(too_many(file, pages.len(), layers));
            }
            let sprites = Self {
                texture,
                grey: true,
                columns: layout.columns,
                per_page: layout.columns * layout.rows,
                tile: (layout.tile_width, layout.tile_height),
                page,
                last_level: layout.tile_width.trailing_zeros().min(layout.tile_height.trailing_zeros()),
            };
            sprites.allocate(gl, pages.len() as u32);
            for (layer, bitmap) in pages.iter().enumerate() {
                let (w, h) = (bitmap.width().min(page.0) as i32, bitmap.height().min(page.1) as i32);
                gl.tex_sub_image_3d_with_image_bitmap(
                    Gl::TEXTURE_2D_ARRAY,
                    0,
                    0,
                    0,
                    layer as i32,
                    w,
                    h,
                    1,
                    Gl::RED,
                    Gl::UNSIGNED_BYTE,
                    bitmap,
                )
                .map_err(|_| Trouble::Picture { file: layout.pages[layer].clone() })?;
            }
            gl.generate_mipmap(Gl::TEXTURE_2D_ARRAY);
            return Ok(sprites);
        }
        let relaid_layers = count.div_ceil(((limit.min(MAX_PAGE_SIDE) / COLOUR_SIDE) as usize).pow(2));
        if relaid_layers > layers as usize {
            return Err(too_many(file, relaid_layers, layers));
        }
        Self::relaid(gl, texture, layout, count, pages, limit).map_err(|_| Trouble::Picture { file })
    }

    fn relaid(
        gl: &Gl,
        texture: WebGlTexture,
        layout: &SpriteLayout,
        count: usize,
        pages: &[ImageBitmap],
        limit: u32,
    ) -> Result<Self, JsValue> {
        let most = limit.min(MAX_PAGE_SIDE) / COLOUR_SIDE;
        let columns = ((count as f64).sqrt().ceil() as u32).clamp(1, most);
        let rows = (count as u32).div_ceil(columns).min(most);
        let per_page = columns * rows;
        let page = (columns * COLOUR_SIDE, rows * COLOUR_SIDE);
        let sprites = Self {
            texture,
            grey: false,
            columns,
            per_page,
            tile: (COLOUR_SIDE, COLOUR_SIDE),
            page,
            last_level: COLOUR_SIDE.trailing_zeros(),
        };
        let layers = (count as u32).div_ceil(per_page);
        sprites.allocate(gl, layers);
        let (canvas, pen) = sheet(page)?;
        let side = f64::from(COLOUR_SIDE);
        let Some(bitmap) = pages.first() else { return Err(JsValue::NULL) };
        // The original's page is square, whatever the number of points that are shown.
        let source_columns = (bitmap.width() / layout.tile_width).max(1);
        for layer in 0..layers {
            for place in 0..per_page.min(count as u32 - layer * per_page) {
                let index = layer * per_page + place;
                let (sx, sy) = (index % source_columns, index / source_columns);
                let (w, h) = (f64::from(layout.tile_width), f64::from(layout.tile_height));
                pen.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    bitmap,
                    f64::from(sx) * w,
                    f64::from(sy) * h,
                    w,
                    h,
                    f64::from(place % columns) * side,
                    f64::from(place / columns) * side,
                    side,
                    side,
                )?;
            }
            gl.tex_sub_image_3d_with_html_canvas_element(
                Gl::TEXTURE_2D_ARRAY,
                0,
                0,
                0,
                layer as i32,
                page.0 as i32,
                page.1 as i32,
                1,
                Gl::RGBA,
                Gl::UNSIGNED_BYTE,
                &canvas,
            )?;
        }
        gl.generate_mipmap(Gl::TEXTURE_2D_ARRAY);
        Ok(sprites)
    }

    /// Makes room for `layers` pages and leaves the texture bound.
    fn allocate(&self, gl: &Gl, layers: u32) {
        let kind = Gl::TEXTURE_2D_ARRAY;
        self.bind(gl);
        let levels = self.page.0.max(self.page.1).ilog2().min(self.last_level) + 1;
        let format = if self.grey { Gl::R8 } else { Gl::RGBA8 };
        let (w, h) = (self.page.0 as i32, self.page.1 as i32);
        gl.tex_storage_3d(kind, levels as i32, format, w, h, layers as i32);
        for (name, value) in [
            (Gl::TEXTURE_MIN_FILTER, Gl::LINEAR_MIPMAP_LINEAR),
            (Gl::TEXTURE_MAG_FILTER, Gl::LINEAR),
            (Gl::TEXTURE_WRAP_S, Gl::CLAMP_TO_EDGE),
            (Gl::TEXTURE_WRAP_T, Gl::CLAMP_TO_EDGE),
        ] {
            gl.tex_parameteri(kind, name, value as i32);
        }
    }

    /// Binds the texture to unit 0.
    pub fn bind(&self, gl: &Gl) {
        gl.active_texture(Gl::TEXTURE0);
        gl.bind_texture(Gl::TEXTURE_2D_ARRAY, Some(&self.texture));
    }

    /// Columns, tiles on a page, tile width and height.
    pub fn grid(&self) -> Vector4<i32> {
        Vector4::new(self.columns as i32, self.per_page as i32, self.tile.0 as i32, self.tile.1 as i32)
    }

    /// Width and height of a page in texels.
    pub fn page_size(&self) -> Vector2<f32> {
        Vector2::new(self.page.0 as f32, self.page.1 as f32)
    }

    /// Coarsest mip level on which each texel belongs to one tile alone.
    pub fn last_level(&self) -> f32 {
        self.last_level as f32
    }
}

fn check(layout: &SpriteLayout, count: usize, page: usize, bitmap: &ImageBitmap) -> Result<(), Trouble> {
    let found = (bitmap.width(), bitmap.height());
    let needed = layout.page_size(page, count);
    // JPEG pages may carry padding, so larger is fine.
    if found.0 >= needed.0 && found.1 >= needed.1 {
        return Ok(());
    }
    let size = |(w, h): (u32, u32)| format!("{w} × {h} pixels");
    let file = layout.pages.get(page).cloned().unwrap_or_default();
    Err(Trouble::PictureSize { file, found: size(found), expected: size(needed) })
}

fn too_large(file: String, page: (u32, u32), limit: u32) -> Trouble {
    let found = format!("{} × {} pixels", page.0, page.1);
    Trouble::PictureSize { file, found, expected: format!("at most {limit} a side on this device") }
}

fn too_many(file: String, pages: usize, limit: u32) -> Trouble {
    let found = format!("one of {pages} pages");
    Trouble::PictureSize { file, found, expected: format!("at most {limit} pages on this device") }
}

fn sheet(size: (u32, u32)) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let document = web_sys::window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(size.0);
    canvas.set_height(size.1);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    Ok((canvas, pen))
}
