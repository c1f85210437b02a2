//! The picture: one draw of all points, through three-d's program and buffers.

mod sprites;

use scatter_dataset::SpriteLayout;
use three_d::{
    Blend, BlendEquationType, BlendMultiplierType, ClearState, Context, CoreError, DepthTest, ElementBuffer,
    Program, RenderStates, RenderTarget, Vector2, Vector3, Vector4, VertexBuffer, Viewport, WriteMask,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, ImageBitmap, WebGl2RenderingContext as Gl, WebGlContextAttributes};

use crate::camera::Camera;
use crate::colouring::GROWTH;
use crate::order::BackToFront;
use crate::palette::{self, Rgb};
use crate::picking::{Cloud, Footprint};
use crate::theme::Theme;
use crate::trouble::Trouble;

use sprites::Sprites;

/// Marks of a point for the shader.
pub const SELECTED: u8 = 1;
/// Not in the selection while there is one.
pub const MUTED: u8 = 2;
/// How much larger the point under the pointer is drawn.
const EMPHASIS: f32 = 1.45;
/// Least width of its tile, in CSS pixels: large enough to be looked at.
const LEAST_TILE: f32 = 54.0;

/// How to draw the cloud now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Tiles, where there are any, or discs.
    pub sprites: bool,
    /// Tiles in the point's colour.
    pub tinted: bool,
    /// Size of the points.
    pub footprint: Footprint,
    /// Colours of everything else.
    pub theme: Theme,
    /// How far points are on their way from where they were: 1 when they are there.
    pub progress: f32,
}

/// The WebGL2 canvas and what is on it. Nothing is made or drawn while its context is lost.
pub struct Scene {
    gl: Gl,
    context: Context,
    program: Program,
    positions: VertexBuffer<Vector3<f32>>,
    /// Where points come from; empty while they rest.
    origins: VertexBuffer<Vector3<f32>>,
    growth: VertexBuffer<f32>,
    paints: VertexBuffer<Vector4<u8>>,
    order: ElementBuffer<u32>,
    marked: ElementBuffer<u32>,
    sorter: BackToFront,
    sprites: Option<Sprites>,
    blank: Sprites,
    /// Width, height in device pixels, and device pixels in a CSS pixel.
    size: (u32, u32, f32),
    largest_point: f32,
}

impl Scene {
    /// Takes over `canvas`.
    pub fn new(canvas: &HtmlCanvasElement) -> Result<Self, Trouble> {
        let refused = |reason: &str| Trouble::NoWebGl(reason.to_owned());
        let attributes = WebGlContextAttributes::new();
        attributes.set_alpha(true);
        attributes.set_antialias(false);
        attributes.set_depth(false);
        let gl: Gl = canvas
            .get_context_with_context_options("webgl2", &attributes)
            .ok()
            .flatten()
            .and_then(|context| context.dyn_into().ok())
            .ok_or_else(|| refused("the browser gave no context"))?;
        let glow = three_d::context::Context::from_webgl2_context(gl.clone());
        let broken = |error: CoreError| Trouble::NoWebGl(error.to_string());
        // A context belongs to one thread here, as all of the page does.
        #[allow(clippy::arc_with_non_send_sync)]
        let context = Context::from_gl_context(std::sync::Arc::new(glow)).map_err(broken)?;
        let fragment = format!("#define STOPS {}\n{}", palette::HEAT_STOPS, include_str!("cloud.frag"));
        let program =
            Program::from_source(&context, include_str!("cloud.vert"), &fragment).map_err(broken)?;
        let range = gl.get_parameter(Gl::ALIASED_POINT_SIZE_RANGE).ok();
        let largest_point = range
            .and_then(|range| range.dyn_into::<js_sys::Float32Array>().ok())
            .map_or(64.0, |range| range.get_index(1));
        let blank = Sprites::blank(&gl).ok_or_else(|| refused("no texture could be made"))?;
        Ok(Self {
            positions: VertexBuffer::new(&context),
            origins: VertexBuffer::new(&context),
            growth: VertexBuffer::new(&context),
            paints: VertexBuffer::new(&context),
            order: ElementBuffer::new(&context),
            marked: ElementBuffer::new(&context),
            sorter: BackToFront::default(),
            sprites: None,
            blank,
            size: (1, 1, 1.0),
            largest_point,
            gl,
            context,
            program,
        })
    }

    /// Largest width of a point that the device can draw, in CSS pixels.
    pub fn largest_point(&self) -> f32 {
        // Two pixels go to the smooth edge.
        (self.largest_point - 2.0) / self.size.2 / EMPHASIS / GROWTH[1]
    }

    /// Takes the canvas's new size in device pixels, and the device pixels in a CSS pixel.
    pub fn resize(&mut self, width: u32, height: u32, ratio: f32) {
        self.size = (width, height, ratio);
    }

    /// Takes the points' places, and where they come from; nothing where they do not move.
    pub fn place(&mut self, points: &[[f32; 3]], origins: &[[f32; 3]]) {
        if self.gl.is_context_lost() {
            return;
        }
        // New buffers: some drivers go on drawing the old contents of one that is filled again.
        let buffer = |points: &[[f32; 3]]| {
            let places: Vec<Vector3<f32>> = points.iter().map(|&p| p.into()).collect();
            VertexBuffer::new_with_data(&self.context, &places)
        };
        (self.positions, self.origins) = (buffer(points), buffer(origins));
    }

    /// Takes the points' widths, of that of an ordinary one.
    pub fn grow(&mut self, growth: &[f32]) {
        if self.gl.is_context_lost() {
            return;
        }
        self.growth = VertexBuffer::new_with_data(&self.context, growth);
    }

    /// Takes the points' colours and marks ([`SELECTED`], [`MUTED`]).
    pub fn paint(&mut self, paints: impl Iterator<Item = (Rgb, u8)>) {
        if self.gl.is_context_lost() {
            return;
        }
        let paints: Vec<Vector4<u8>> =
            paints.map(|([r, g, b], marks)| Vector4::new(r, g, b, marks)).collect();
        self.paints = VertexBuffer::new_with_data(&self.context, &paints);
    }

    /// Takes the sprite of `count` tiles.
    pub fn show_sprites(
        &mut self,
        layout: &SpriteLayout,
        count: usize,
        pages: &[ImageBitmap],
    ) -> Result<(), Trouble> {
        self.sprites = Some(Sprites::new(&self.gl, layout, count, pages)?);
        Ok(())
    }

    /// Draws `cloud` (the points that were placed, where they are now), those of `marked` once more on top and larger.
    pub fn draw(&mut self, camera: &Camera, cloud: &Cloud, style: &Style, marked: &[u32]) {
        if self.gl.is_context_lost() {
            return;
        }
        let (width, height, ratio) = self.size;
        let target = RenderTarget::screen(&self.context, width, height);
        target.clear(ClearState::color(0.0, 0.0, 0.0, 0.0));
        let lens = camera.lens();
        let order = self.sorter.sort(&lens, cloud.points, cloud.shown);
        if order.is_empty() {
            return;
        }
        let count = order.len();
        self.order.fill(order);
        let program = &self.program;
        program.use_uniform("clip", lens.clip);
        program.use_uniform("scale", style.footprint.world * lens.scale * ratio);
        let limits = Vector2::new(style.footprint.smallest, style.footprint.largest) * ratio;
        program.use_uniform("limits", limits);
        let (middle, radius) = (camera.distance(), camera.radius());
        program.use_uniform("depths", Vector2::new(middle - radius, middle + radius));
        program.use_uniform("progress", style.progress);
        program.use_uniform("tinted", i32::from(style.tinted));
        program.use_uniform("shape", style.footprint.shape);
        program.use_uniform("pixel", ratio);
        self.use_theme(style.theme);
        let sprites = self.sprites.as_ref().filter(|_| style.sprites);
        program.use_uniform("mode", sprites.map_or(0, |s| if s.grey { 1 } else { 2 }));
        let least = if sprites.is_some() { LEAST_TILE * ratio } else { 0.0 };
        let sprites = sprites.unwrap_or(&self.blank);
        program.use_uniform("pages", 0);
        program.use_uniform("grid", sprites.grid());
        program.use_uniform("page_size", sprites.page_size());
        program.use_uniform("last_level", sprites.last_level());
        self.draw_points(sprites, &self.order, count, (1.0, 0.0));
        if !marked.is_empty() {
            self.marked.fill(marked);
            self.draw_points(sprites, &self.marked, marked.len(), (EMPHASIS, least));
        }
    }

    fn use_theme(&self, theme: Theme) {
        let colour = |[r, g, b]: [f32; 3]| Vector3::new(r, g, b);
        let bytes = |colour: Rgb| Vector3::from(colour).map(|v| f32::from(v) / 255.0);
        let (silence, loudness, share) = palette::tint_ends(theme);
        let program = &self.program;
        program.use_uniform("accent", bytes(palette::accent(theme)));
        program.use_uniform("air", colour(palette::air(theme)));
        program.use_uniform("rim", colour(palette::rim(theme)));
        program.use_uniform("silence", colour(silence));
        program.use_uniform("loudness", colour(loudness));
        program.use_uniform("loud_share", share);
        program.use_uniform_array("heat", &palette::heat_stops(theme).map(colour));
    }

    /// Draws `count` points in `order`, `emphasis` times as wide and no narrower than `least`.
    fn draw_points(
        &self,
        sprites: &Sprites,
        order: &ElementBuffer<u32>,
        count: usize,
        (emphasis, least): (f32, f32),
    ) {
        let (width, height, _) = self.size;
        let program = &self.program;
        let states = RenderStates {
            write_mask: WriteMask::COLOR,
            depth_test: DepthTest::Always,
            blend: OVER,
            ..RenderStates::default()
        };
        let moving = self.origins.vertex_count() > 0;
        program.use_vertex_attribute("origin", if moving { &self.origins } else { &self.positions });
        program.use_vertex_attribute("position", &self.positions);
        program.use_vertex_attribute("growth", &self.growth);
        program.use_vertex_attribute("paint", &self.paints);
        program.use_uniform("emphasis", emphasis);
        program.use_uniform("least", least);
        program.draw_elements_with(states, Viewport::new_at_origo(width, height), order, || {
            sprites.bind(&self.gl);
            self.gl.draw_elements_with_i32(Gl::POINTS, count as i32, Gl::UNSIGNED_INT, 0);
        });
    }
}

/// Premultiplied colour over what is there.
const OVER: Blend = Blend::Enabled {
    source_rgb_multiplier: BlendMultiplierType::One,
    source_alpha_multiplier: BlendMultiplierType::One,
    destination_rgb_multiplier: BlendMultiplierType::OneMinusSrcAlpha,
    destination_alpha_multiplier: BlendMultiplierType::OneMinusSrcAlpha,
    rgb_equation: BlendEquationType::Add,
    alpha_equation: BlendEquationType::Add,
};
