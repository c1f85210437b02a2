//! The picture: one draw of all points, through three-d's program and buffers.

mod heat;
mod kept;
mod mark;
mod means;
mod readback;
mod relaid;
mod sprites;
mod tiles;

use three_d::{
    Blend, BlendEquationType, BlendMultiplierType, Context, CoreError, DepthTest, ElementBuffer, Program,
    RenderStates, Vector2, Vector3, Vector4, VertexBuffer, Viewport, WriteMask,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlContextAttributes};

use crate::camera::{Camera, Lens};
use crate::colouring::GROWTH;
use crate::order::BackToFront;
use crate::palette::{self, Rgb};
use crate::picking::{Cloud, Footprint};
use crate::theme::Theme;
use crate::tree::Tree;
use crate::trouble::Trouble;

use heat::Heat;
use kept::Kept;
use mark::MarkFrame;
pub use means::Means;
pub use readback::Readback;
use sprites::Sprites;
pub use tiles::Tile;

/// Mark of a selected point for the shader.
pub const SELECTED: u8 = 1;
/// Points up to which a moving cloud is sorted point by point: a millisecond.
const SORTED: usize = 30_000;
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
    /// What is not selected steps back.
    pub selecting: bool,
    /// Size of the points.
    pub footprint: Footprint,
    /// Colours of everything else.
    pub theme: Theme,
    /// How far points are on their way from where they were: 1 when they are there.
    pub progress: f32,
}

/// What the kept picture shows.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    lens: Lens,
    depths: [f32; 2],
    style: Style,
    haste: Option<usize>,
}

impl Look {
    /// How much larger points are drawn where there are fewer of them, so that the cloud stays as dense.
    fn swell(&self) -> f32 {
        self.haste.map_or(1.0, |stride| (stride as f32).sqrt().min(1.5))
    }
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
    /// What stands in it, so that only what changes is written.
    painted: Vec<Vector4<u8>>,
    order: ElementBuffer<u32>,
    marked: ElementBuffer<u32>,
    sorter: BackToFront,
    sprites: Option<Sprites>,
    blank: Sprites,
    heat: Heat,
    kept: Kept,
    mark_frame: MarkFrame,
    /// Nothing stands on the canvas but the kept picture.
    plain: bool,
    /// Counts the pictures of a resting cloud.
    pub picture: u32,
    /// What it shows; nothing once that is no longer true.
    look: Option<Look>,
    /// Through what the last picture was seen, and how far its points had come.
    seen: Option<(Lens, f32)>,
    /// What the order of the points follows from, where it can serve again.
    ordered: Option<(Lens, Option<usize>)>,
    /// Points of the last picture.
    pub drawn: u32,
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
        let program = Program::from_source(&context, include_str!("cloud.vert"), include_str!("cloud.frag"))
            .map_err(broken)?;
        let range = gl.get_parameter(Gl::ALIASED_POINT_SIZE_RANGE).ok();
        let largest_point = range
            .and_then(|range| range.dyn_into::<js_sys::Float32Array>().ok())
            .map_or(64.0, |range| range.get_index(1));
        let blank = Sprites::blank(&gl).ok_or_else(|| refused("no texture could be made"))?;
        let heat = Heat::new(&gl).ok_or_else(|| refused("no texture could be made"))?;
        let kept = Kept::new(&gl).ok_or_else(|| refused("no picture could be made"))?;
        let mark_frame = MarkFrame::new(&gl).ok_or_else(|| refused("no picture could be made"))?;
        Ok(Self {
            positions: VertexBuffer::new(&context),
            origins: VertexBuffer::new(&context),
            growth: VertexBuffer::new(&context),
            paints: VertexBuffer::new(&context),
            painted: Vec::new(),
            order: ElementBuffer::new(&context),
            marked: ElementBuffer::new(&context),
            sorter: BackToFront::default(),
            sprites: None,
            blank,
            heat,
            kept,
            mark_frame,
            plain: false,
            picture: 0,
            look: None,
            seen: None,
            ordered: None,
            drawn: 0,
            size: (1, 1, 1.0),
            largest_point,
            gl,
            context,
            program,
        })
    }

    /// Whether a program does the work of a graphics device, as far as the browser tells.
    pub fn is_software(&self) -> bool {
        sprites::is_software(&self.gl)
    }

    /// Largest width of a point that the device can draw, in CSS pixels.
    pub fn largest_point(&self) -> f32 {
        // Two pixels go to the smooth edge.
        (self.largest_point - 2.0) / self.size.2 / EMPHASIS / GROWTH[1]
    }

    /// Device pixels in a CSS pixel.
    pub fn ratio(&self) -> f32 {
        self.size.2
    }

    /// Takes the canvas's new size in device pixels, and the device pixels in a CSS pixel.
    pub fn resize(&mut self, width: u32, height: u32, ratio: f32) {
        self.size = (width, height, ratio);
        self.look = None;
    }

    /// Something changed that the scene does not see: all points are put in order and drawn with the next frame.
    pub fn stale(&mut self) {
        (self.look, self.ordered) = (None, None);
    }

    /// Takes the points' places, and where they come from; nothing where they do not move.
    pub fn place(&mut self, points: &[[f32; 3]], origins: &[[f32; 3]]) {
        if self.gl.is_context_lost() {
            return;
        }
        self.stale();
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
        self.look = None;
        self.growth = VertexBuffer::new_with_data(&self.context, growth);
    }

    /// Takes the points' colours and marks ([`SELECTED`]).
    pub fn paint(&mut self, paints: impl Iterator<Item = (Rgb, u8)>) {
        if self.gl.is_context_lost() {
            return;
        }
        self.look = None;
        self.painted = paints.map(|([r, g, b], marks)| Vector4::new(r, g, b, marks)).collect();
        self.paints = VertexBuffer::new_with_data(&self.context, &self.painted);
    }

    /// Takes the colours and marks of the points from `first` on: the others stay as they are, and nothing of theirs goes to
    /// the device.
    pub fn repaint(&mut self, first: usize, paints: impl Iterator<Item = (Rgb, u8)>) {
        if self.gl.is_context_lost() {
            return;
        }
        self.look = None;
        let paints = paints.map(|([r, g, b], marks)| Vector4::new(r, g, b, marks));
        let Some(places) = self.painted.get_mut(first..) else { return };
        let changed = places.iter_mut().zip(paints).map(|(place, paint)| *place = paint).count();
        // three-d counts this offset in bytes.
        let bytes = first * size_of::<Vector4<u8>>();
        self.paints.fill_subset(bytes as u32, &self.painted[first..first + changed]);
    }

    /// Draws `cloud` (the points that were placed, where they are now), those of `marked` once more on top and larger. Where
    /// the cloud rests and they are few enough to stand `apart` from its picture ([`Scene::mark`]), they are not drawn: true.
    ///
    /// All points are drawn only where something but `marked` has changed; else a copy of the last picture lies below. In
    /// `haste`, which says of how many points one is drawn, they are sorted by the blocks of `tree`.
    pub fn draw(
        &mut self,
        camera: &Camera,
        (cloud, tree): (&Cloud, Option<&Tree>),
        style: &Style,
        (marked, apart): (&[u32], bool),
        haste: Option<usize>,
    ) -> bool {
        if self.gl.is_context_lost() {
            return false;
        }
        let (width, height, _) = self.size;
        let (middle, radius) = (camera.distance(), camera.radius());
        let haste = haste.filter(|&stride| stride > 1 || cloud.points.len() > SORTED);
        let look = Look {
            lens: camera.lens(),
            depths: [middle - radius, middle + radius],
            style: *style,
            haste: haste.filter(|_| tree.is_some()),
        };
        self.heat.turn(&self.gl, style.theme);
        // What changes with each frame is drawn on the canvas itself; what was drawn so once more is worth a copy.
        let seen = (look.lens, style.progress);
        let moves = self.seen.replace(seen) != Some(seen);
        if moves || self.look != Some(look) {
            self.look = (!moves).then_some(look);
            self.plain = false;
            self.picture = self.picture.wrapping_add(1);
            let ordered = (look.lens, look.haste);
            if self.ordered != Some(ordered) {
                let order = match (tree, look.haste) {
                    (Some(tree), Some(stride)) => {
                        self.sorter.sort_blocks(&look.lens, cloud.points, cloud.shown, tree, stride)
                    }
                    _ => self.sorter.sort(&look.lens, cloud.points, cloud.shown),
                };
                self.drawn = order.len() as u32;
                // An empty buffer cannot be bound.
                if !order.is_empty() {
                    self.order.fill(order);
                }
                // Points on their way are somewhere else in the next frame.
                self.ordered = (style.progress >= 1.0).then_some(ordered);
            }
            let count = self.drawn as usize;
            match moves {
                true => self.kept.begin_without(&self.gl),
                false => self.kept.begin(&self.gl, (width, height)),
            }
            if count > 0 {
                let sprites = self.prepare(&look);
                let all = Viewport::new_at_origo(width, height);
                self.draw_points(sprites, &self.order, count, (1.0, 0.0), all);
            }
        }
        let apart = apart && !moves;
        // The browser goes on showing what it was given.
        if !(moves || apart && self.plain) {
            self.kept.show(&self.gl);
        }
        self.plain = apart;
        if !apart && !marked.is_empty() {
            self.marked.fill(marked);
            let sprites = self.prepare(&look);
            let all = Viewport::new_at_origo(width, height);
            self.draw_points(sprites, &self.marked, marked.len(), (EMPHASIS, self.least(style)), all);
        }
        apart
    }

    fn shows_tiles(&self, style: &Style) -> bool {
        style.sprites && self.sprites.is_some()
    }

    /// Tells the program everything but which points; the tiles to draw with.
    fn prepare(&self, look: &Look) -> &Sprites {
        let (style, program, ratio) = (&look.style, &self.program, self.size.2);
        let swell = look.swell();
        let Footprint { world, smallest, largest, shape } = style.footprint;
        program.use_uniform("clip", look.lens.clip);
        program.use_uniform("scale", world * look.lens.scale * ratio * swell);
        program.use_uniform("limits", Vector2::new(smallest * swell, largest) * ratio);
        program.use_uniform("depths", Vector2::from(look.depths));
        program.use_uniform("progress", style.progress);
        program.use_uniform("tinted", i32::from(style.tinted));
        program.use_uniform("selecting", i32::from(style.selecting));
        program.use_uniform("shape", shape);
        program.use_uniform("pixel", ratio);
        self.use_theme(style.theme);
        let sprites = self.sprites.as_ref().filter(|_| style.sprites);
        program.use_uniform("mode", sprites.map_or(0, |s| if s.grey { 1 } else { 2 }));
        let sprites = sprites.unwrap_or(&self.blank);
        program.use_uniform("pages", 0);
        program.use_uniform("layers", 1);
        program.use_uniform("grid", sprites.grid());
        program.use_uniform("page_size", sprites.page_size());
        program.use_uniform("last_level", sprites.last_level());
        sprites
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
        program.use_uniform("heat", 2);
    }

    /// Draws `count` points in `order` to `window`, `emphasis` times as wide and no narrower than `least`.
    fn draw_points(
        &self,
        sprites: &Sprites,
        order: &ElementBuffer<u32>,
        count: usize,
        (emphasis, least): (f32, f32),
        window: Viewport,
    ) {
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
        program.draw_elements_with(states, window, order, || {
            sprites.bind(&self.gl);
            self.heat.bind(&self.gl);
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
