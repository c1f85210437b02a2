//! Sprite pages as layers of one texture, with mip levels on which tiles do not run into one another, and a table that says
//! which page lies on which layer.

use scatter_dataset::{MAX_PAGE_SIDE, SpriteLayout};
use three_d::{Vector2, Vector4};
use wasm_bindgen::JsValue;
use web_sys::{ImageBitmap, WebGl2RenderingContext as Gl, WebGlFramebuffer, WebGlTexture};

use super::readback::Readback;
use super::relaid::{Grid, SIDE};
use crate::trouble::Trouble;

/// Columns of the table of layers, and what stands in it for a page that is not there. The shader knows both.
const TABLE: u32 = 64;
const ABSENT: u16 = u16::MAX;

/// The tiles on the graphics device.
pub struct Sprites {
    texture: WebGlTexture,
    table: WebGlTexture,
    /// For copies between levels and for reading back.
    frames: [WebGlFramebuffer; 2],
    pub(super) layers_of: Vec<u16>,
    /// Grey tiles, which the shader colours.
    pub grey: bool,
    pub(super) count: usize,
    source: SpriteLayout,
    pub(super) columns: u32,
    pub(super) per_page: u32,
    pub(super) tile: (u32, u32),
    pub(super) page: (u32, u32),
    pub(super) last_level: u32,
    layers: u32,
}

impl Sprites {
    /// One black texel, for drawing without tiles: a shader's texture must always be there.
    pub fn blank(gl: &Gl) -> Option<Self> {
        let mut blank = Self::of(gl, &SpriteLayout::log_mel(1, 0.0, 0.0), 1)?;
        (blank.page, blank.tile, blank.last_level, blank.layers) = ((1, 1), (1, 1), 0, 1);
        blank.allocate(gl).then_some(())?;
        blank.tell(gl);
        Some(blank)
    }

    fn of(gl: &Gl, layout: &SpriteLayout, count: usize) -> Option<Self> {
        Some(Self {
            texture: gl.create_texture()?,
            table: gl.create_texture()?,
            frames: [gl.create_framebuffer()?, gl.create_framebuffer()?],
            layers_of: Vec::new(),
            grey: layout.is_grey(),
            count,
            source: layout.clone(),
            columns: layout.columns,
            per_page: layout.columns * layout.rows,
            tile: (layout.tile_width, layout.tile_height),
            page: (layout.columns * layout.tile_width, layout.rows * layout.tile_height),
            last_level: layout.tile_width.trailing_zeros().min(layout.tile_height.trailing_zeros()),
            layers: 1,
        })
    }

    /// Makes room for as many pages of `count` tiles as `budget` bytes hold, at least for one.
    ///
    /// # Errors
    /// Where the device has no such textures.
    pub fn new(gl: &Gl, layout: &SpriteLayout, count: usize, budget: u64) -> Result<Self, Trouble> {
        let most =
            |name, least: f64| gl.get_parameter(name).ok().and_then(|v| v.as_f64()).unwrap_or(least) as u32;
        // The least that WebGL2 grants, where a browser does not say.
        let (limit, most_layers) =
            (most(Gl::MAX_TEXTURE_SIZE, 2_048.0), most(Gl::MAX_ARRAY_TEXTURE_LAYERS, 256.0));
        let none = || Trouble::NoWebGl("no texture could be made".to_owned());
        let mut sprites = Self::of(gl, layout, count).ok_or_else(none)?;
        let file = layout.pages.first().cloned().unwrap_or_default();
        let mut pages = layout.pages.len() as u32;
        if !sprites.grey {
            let grid = Grid::of(count, limit.min(MAX_PAGE_SIDE));
            (sprites.columns, sprites.per_page) = (grid.columns, grid.per_layer());
            sprites.page = (grid.columns * SIDE, grid.rows * SIDE);
            (sprites.tile, sprites.last_level) = ((SIDE, SIDE), SIDE.trailing_zeros());
            // One file: its layers come and go together.
            pages = count.div_ceil(grid.per_layer() as usize) as u32;
            if pages > most_layers {
                return Err(too_many(file, pages, most_layers));
            }
        }
        if sprites.page.0.max(sprites.page.1) > limit {
            return Err(too_large(file, sprites.page, limit));
        }
        sprites.layers_of = vec![ABSENT; pages as usize];
        let fitting = (budget / sprites.bytes_of_layer()).min(u64::from(most_layers)) as u32;
        sprites.layers = if sprites.grey { fitting.clamp(1, pages.max(1)) } else { pages.max(1) };
        // A device may have less room than it was thought to have.
        while !sprites.allocate(gl) {
            if sprites.layers == 1 || !sprites.grey {
                return Err(none());
            }
            sprites.layers = sprites.layers.div_ceil(2);
            gl.delete_texture(Some(&sprites.texture));
            sprites.texture = gl.create_texture().ok_or_else(none)?;
        }
        sprites.tell(gl);
        Ok(sprites)
    }

    /// Pages that there is room for.
    pub fn room(&self) -> usize {
        if self.grey { self.layers as usize } else { 1 }
    }

    /// Bytes on the device.
    pub fn bytes(&self) -> u64 {
        self.bytes_of_layer() * u64::from(self.layers)
    }

    fn bytes_of_layer(&self) -> u64 {
        let texels = u64::from(self.page.0) * u64::from(self.page.1) * if self.grey { 1 } else { 4 };
        // Each mip level is a quarter of the one before.
        (texels * 4 / 3).max(1)
    }

    /// Puts row `row` of page `page`'s grey tiles on `layer`; what was there is there no more.
    ///
    /// # Errors
    /// Where it cannot be this page's picture.
    pub fn put_row(
        &mut self,
        gl: &Gl,
        page: usize,
        layer: usize,
        row: u32,
        bitmap: &ImageBitmap,
    ) -> Result<(), Trouble> {
        if row == 0 {
            self.check(page, bitmap)?;
            self.layers_of.iter_mut().filter(|on| **on == layer as u16).for_each(|on| *on = ABSENT);
            self.tell(gl);
        }
        let (width, height) = (bitmap.width().min(self.page.0), bitmap.height().min(self.page.1));
        let from = (row * self.tile.1).min(height);
        let rows = self.tile.1.min(height - from);
        if rows == 0 {
            return Ok(());
        }
        self.bind(gl);
        gl.pixel_storei(Gl::UNPACK_SKIP_ROWS, from as i32);
        let put = gl.tex_sub_image_3d_with_image_bitmap(
            Gl::TEXTURE_2D_ARRAY,
            0,
            0,
            from as i32,
            layer as i32,
            width as i32,
            rows as i32,
            1,
            Gl::RED,
            Gl::UNSIGNED_BYTE,
            bitmap,
        );
        gl.pixel_storei(Gl::UNPACK_SKIP_ROWS, 0);
        put.map_err(|_| self.refused(page))
    }

    /// All of page `page` lies on `layer`: it is drawn from now on.
    pub fn show(&mut self, gl: &Gl, page: usize, layer: usize) {
        if self.grey {
            self.shrink(gl, layer as i32);
            if let Some(on) = self.layers_of.get_mut(page) {
                *on = layer as u16;
            }
        }
        self.tell(gl);
    }

    /// Puts the picture of all colour tiles on all layers.
    ///
    /// # Errors
    /// Where it cannot be their picture.
    pub fn put_colours(&mut self, gl: &Gl, bitmap: &ImageBitmap) -> Result<(), Trouble> {
        self.check(0, bitmap)?;
        self.put_colour(gl, bitmap).map_err(|_| self.refused(0))
    }

    fn refused(&self, page: usize) -> Trouble {
        Trouble::Picture { file: self.source.pages.get(page).cloned().unwrap_or_default() }
    }

    fn put_colour(&mut self, gl: &Gl, bitmap: &ImageBitmap) -> Result<(), JsValue> {
        let grid = Grid { columns: self.columns, rows: self.per_page / self.columns };
        let tile = (self.source.tile_width, self.source.tile_height);
        for layer in 0..self.layers {
            let sheet = grid.sheet(bitmap, tile, layer * self.per_page, self.count as u32)?;
            self.bind(gl);
            gl.tex_sub_image_3d_with_html_canvas_element(
                Gl::TEXTURE_2D_ARRAY,
                0,
                0,
                0,
                layer as i32,
                self.page.0 as i32,
                self.page.1 as i32,
                1,
                Gl::RGBA,
                Gl::UNSIGNED_BYTE,
                &sheet,
            )?;
            self.shrink(gl, layer as i32);
            self.layers_of[layer as usize] = layer as u16;
        }
        Ok(())
    }

    /// Makes the mip levels of one layer, each texel the mean of four.
    fn shrink(&self, gl: &Gl, layer: i32) {
        let [read, draw] = &self.frames;
        gl.bind_framebuffer(Gl::READ_FRAMEBUFFER, Some(read));
        gl.bind_framebuffer(Gl::DRAW_FRAMEBUFFER, Some(draw));
        let attach = |target, level: u32| {
            let texture = Some(&self.texture);
            gl.framebuffer_texture_layer(target, Gl::COLOR_ATTACHMENT0, texture, level as i32, layer);
        };
        for level in 1..self.levels() {
            attach(Gl::READ_FRAMEBUFFER, level - 1);
            attach(Gl::DRAW_FRAMEBUFFER, level);
            let side =
                |level: u32| ((self.page.0 >> level).max(1) as i32, (self.page.1 >> level).max(1) as i32);
            let ((w, h), (to_w, to_h)) = (side(level - 1), side(level));
            gl.blit_framebuffer(0, 0, w, h, 0, 0, to_w, to_h, Gl::COLOR_BUFFER_BIT, Gl::LINEAR);
        }
        gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
    }

    /// Page `page` lies nowhere any more.
    pub fn drop_page(&mut self, gl: &Gl, page: usize) {
        if let Some(on) = self.layers_of.get_mut(page) {
            *on = ABSENT;
            self.tell(gl);
        }
    }

    /// Width and height of a tile as it lies on the device, in texels.
    pub fn tile_size(&self) -> (u32, u32) {
        self.tile
    }

    /// Red, green, blue and alpha of the texels of tile `index`, row by row; `None` while it is not there.
    pub fn tile_pixels(&self, gl: &Gl, index: usize) -> Option<Vec<u8>> {
        let (page, corner) = self.place_of(index);
        Some(self.whole(self.read(gl, page, 0, corner, self.tile)?))
    }

    /// Asks for the texels of tile `index`, to be made [`Sprites::whole`]; `None` while it is not there.
    pub fn ask_tile(&self, gl: &Gl, index: usize) -> Option<Readback> {
        let (page, corner) = self.place_of(index);
        self.bind_for_reading(gl, page, 0)?;
        let asked = Readback::ask(gl, corner, self.tile);
        gl.bind_framebuffer(Gl::READ_FRAMEBUFFER, None);
        asked
    }

    /// The page on which tile `index` lies, and its corner there.
    fn place_of(&self, index: usize) -> (usize, (u32, u32)) {
        let (page, within) = (index / self.per_page as usize, (index % self.per_page as usize) as u32);
        (page, (within % self.columns * self.tile.0, within / self.columns * self.tile.1))
    }

    /// Texels with all their colours: grey ones are stored with one.
    pub fn whole(&self, mut texels: Vec<u8>) -> Vec<u8> {
        for texel in texels.chunks_exact_mut(4) {
            if self.grey {
                texel[1] = texel[0];
                texel[2] = texel[0];
            }
            texel[3] = 255;
        }
        texels
    }

    /// Binds a level of page `page` for reading; `None` while the page is not there.
    pub(super) fn bind_for_reading(&self, gl: &Gl, page: usize, level: u32) -> Option<()> {
        let layer = self.layers_of.get(page).copied().filter(|&layer| layer != ABSENT)?;
        let (target, texture) = (Gl::READ_FRAMEBUFFER, Some(&self.texture));
        gl.bind_framebuffer(target, Some(&self.frames[0]));
        gl.framebuffer_texture_layer(target, Gl::COLOR_ATTACHMENT0, texture, level as i32, layer.into());
        Some(())
    }

    fn read(&self, gl: &Gl, page: usize, level: u32, from: (u32, u32), size: (u32, u32)) -> Option<Vec<u8>> {
        self.bind_for_reading(gl, page, level)?;
        let mut pixels = vec![0; size.0 as usize * size.1 as usize * 4];
        let [x, y, w, h] = [from.0, from.1, size.0, size.1].map(|v| v as i32);
        let (format, kind) = (Gl::RGBA, Gl::UNSIGNED_BYTE);
        let read = gl.read_pixels_with_opt_u8_array(x, y, w, h, format, kind, Some(&mut pixels));
        gl.bind_framebuffer(Gl::READ_FRAMEBUFFER, None);
        read.ok().map(|()| pixels)
    }

    /// Makes room, and leaves the texture bound. False where there is none.
    fn allocate(&self, gl: &Gl) -> bool {
        let kind = Gl::TEXTURE_2D_ARRAY;
        self.bind(gl);
        while gl.get_error() != Gl::NO_ERROR {}
        let format = if self.grey { Gl::R8 } else { Gl::RGBA8 };
        let (w, h) = (self.page.0 as i32, self.page.1 as i32);
        gl.tex_storage_3d(kind, self.levels() as i32, format, w, h, self.layers as i32);
        // One level instead of a mixture of two, where a processor has to look at each texel.
        let filter = if is_software(gl) { Gl::LINEAR_MIPMAP_NEAREST } else { Gl::LINEAR_MIPMAP_LINEAR };
        for (name, value) in [
            (Gl::TEXTURE_MIN_FILTER, filter),
            (Gl::TEXTURE_MAG_FILTER, Gl::LINEAR),
            (Gl::TEXTURE_WRAP_S, Gl::CLAMP_TO_EDGE),
            (Gl::TEXTURE_WRAP_T, Gl::CLAMP_TO_EDGE),
        ] {
            gl.tex_parameteri(kind, name, value as i32);
        }
        matches!(gl.get_error(), Gl::NO_ERROR | Gl::CONTEXT_LOST_WEBGL)
    }

    pub(super) fn levels(&self) -> u32 {
        self.page.0.max(self.page.1).ilog2().min(self.last_level) + 1
    }

    /// Writes the table of layers.
    fn tell(&self, gl: &Gl) {
        let rows = (self.layers_of.len() as u32).div_ceil(TABLE).max(1);
        let mut bytes: Vec<u8> = self.layers_of.iter().flat_map(|layer| layer.to_le_bytes()).collect();
        bytes.resize((rows * TABLE * 2) as usize, 0xff);
        // Two bytes of the table are two of the texture's, whichever end a device begins with.
        gl.active_texture(Gl::TEXTURE1);
        gl.bind_texture(Gl::TEXTURE_2D, Some(&self.table));
        for name in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
            gl.tex_parameteri(Gl::TEXTURE_2D, name, Gl::NEAREST as i32);
        }
        // A table that cannot be written leaves the tiles flat.
        let _ = gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_u8_array(
            Gl::TEXTURE_2D,
            0,
            Gl::RG8UI as i32,
            TABLE as i32,
            rows as i32,
            0,
            Gl::RG_INTEGER,
            Gl::UNSIGNED_BYTE,
            Some(&bytes),
        );
    }

    /// Binds the texture to unit 0 and the table to unit 1.
    pub fn bind(&self, gl: &Gl) {
        gl.active_texture(Gl::TEXTURE1);
        gl.bind_texture(Gl::TEXTURE_2D, Some(&self.table));
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

    fn check(&self, page: usize, bitmap: &ImageBitmap) -> Result<(), Trouble> {
        let found = (bitmap.width(), bitmap.height());
        let needed = self.source.page_size(page, self.count);
        // JPEG pages may carry padding, so larger is fine.
        if found.0 >= needed.0 && found.1 >= needed.1 {
            return Ok(());
        }
        let size = |(w, h): (u32, u32)| format!("{w} × {h} pixels");
        let file = self.source.pages.get(page).cloned().unwrap_or_default();
        Err(Trouble::PictureSize { file, found: size(found), expected: size(needed) })
    }
}

/// Whether a program does the work of a graphics device, as far as the browser tells.
pub fn is_software(gl: &Gl) -> bool {
    /// `UNMASKED_RENDERER_WEBGL` of the extension `WEBGL_debug_renderer_info`.
    const RENDERER: u32 = 0x9246;
    let told = gl.get_extension("WEBGL_debug_renderer_info").is_ok_and(|extension| extension.is_some());
    let name = gl.get_parameter(RENDERER).ok().filter(|_| told).and_then(|name| name.as_string());
    name.is_some_and(|name| ["SwiftShader", "llvmpipe", "Software"].iter().any(|part| name.contains(part)))
}

fn too_large(file: String, page: (u32, u32), limit: u32) -> Trouble {
    let found = format!("{} × {} pixels", page.0, page.1);
    Trouble::PictureSize { file, found, expected: format!("at most {limit} a side on this device") }
}

fn too_many(file: String, pages: u32, limit: u32) -> Trouble {
    let found = format!("one of {pages} pages");
    Trouble::PictureSize { file, found, expected: format!("at most {limit} pages on this device") }
}
