//! The page's state, and what each change of it does to picture, sound and words.

use std::cell::RefCell;
use std::rc::Rc;

use scatter_dataset::{Config, Projections};
use web_sys::ImageBitmap;

use super::elements::Elements;
use super::sound::Sound;
use crate::camera::{Camera, Lens, Rect};
use crate::colouring::Colouring;
use crate::columns::Attributes;
use crate::gesture::Gestures;
use crate::layouts::Layouts;
use crate::palette::Rgb;
use crate::picking::Footprint;
use crate::scene::{MUTED, SELECTED, Scene, Style};
use crate::selection::Selection;
use crate::spacing::median_spacing;
use crate::theme::Theme;
use crate::view::View;
use crate::voices::Voices;

/// The state, shared by all listeners of this one thread.
pub type Shared = Rc<RefCell<App>>;

/// A dataset on the page.
pub struct Shown {
    pub config: Config,
    pub data: Projections,
    pub attributes: Attributes,
    pub layouts: Layouts,
    /// Sprite pages; empty where there are none.
    pub pages: Vec<ImageBitmap>,
}

impl Shown {
    /// The points of the layout and shape in `view`.
    fn points(&self, view: &View) -> &[[f32; 3]] {
        self.layouts.points(&self.data, view.layout, view.spherical)
    }
}

/// Everything.
pub struct App {
    pub page: Elements,
    pub scene: Scene,
    pub camera: Camera,
    pub shown: Option<Shown>,
    pub view: View,
    pub theme: Theme,
    pub colouring: Colouring,
    pub gestures: Gestures,
    pub sound: Sound,
    pub voices: Voices,
    pub hovered: Option<usize>,
    /// The point that the info panel describes.
    pub described: Option<usize>,
    pub selection: Selection,
    /// Half the cloud's diameter in world units, of which the points' size follows.
    pub extent: f32,
    /// Distance between neighbouring points in world units.
    spacing: f32,
    /// Asks for a frame.
    pub ask_frame: Rc<dyn Fn()>,
    last_frame: Option<f64>,
    lost: bool,
}

/// Seconds of one turn of the auto-orbit.
const TURN_SECONDS: f32 = 75.0;
/// Radians a dragged pixel turns, for the auto-orbit to speak the camera's language.
const PIXELS_PER_TURN: f32 = std::f32::consts::TAU / 0.006;

impl App {
    pub fn new(page: Elements, scene: Scene, sound: Sound, ask_frame: Rc<dyn Fn()>) -> Self {
        Self {
            page,
            scene,
            camera: Camera::new(1.0, 1.0),
            shown: None,
            view: View::default(),
            theme: Theme::default(),
            colouring: Colouring::new(None, Theme::default()),
            gestures: Gestures::default(),
            sound,
            voices: Voices::default(),
            hovered: None,
            described: None,
            selection: Selection::default(),
            extent: 1.0,
            spacing: 1.0,
            ask_frame,
            last_frame: None,
            lost: false,
        }
    }

    /// The points of the chosen projection and shape.
    pub fn points(&self) -> &[[f32; 3]] {
        self.shown.as_ref().map_or(&[], |shown| shown.points(&self.view))
    }

    pub fn lens(&self) -> Lens {
        self.camera.lens()
    }

    /// Turns to the side from which the cloud shows most.
    pub fn face(&mut self) {
        let points = self.shown.as_ref().map_or(&[][..], |shown| shown.points(&self.view));
        self.camera.face(points);
    }

    /// Takes the points of a new dataset, projection or shape to the screen.
    pub fn place(&mut self) {
        let points = self.shown.as_ref().map_or(&[][..], |shown| shown.points(&self.view));
        self.scene.place(points);
        self.camera.frame(points);
        self.extent = self.camera.radius();
        self.spacing = median_spacing(points);
        self.paint();
    }

    /// Moves back to where all points are seen.
    pub fn frame_all(&mut self) {
        let points = self.shown.as_ref().map_or(&[][..], |shown| shown.points(&self.view));
        self.camera.frame(points);
        (self.ask_frame)();
    }

    /// Colour of point `index`.
    pub fn colour(&self, index: usize) -> Rgb {
        self.colouring.of(index)
    }

    /// Colours the points anew, after another column or theme was chosen.
    pub fn recolour(&mut self) {
        let column = self.shown.as_ref().zip(self.view.colour).and_then(|(shown, k)| shown.attributes.get(k));
        self.colouring = Colouring::new(column, self.theme);
        self.paint();
    }

    /// Hands the points' colours and marks to the scene.
    pub fn paint(&mut self) {
        let selected = self.selection.points();
        let whole = selected.is_empty();
        let marks = |index: usize| match (whole, selected.contains(index)) {
            (true, _) => 0,
            (false, true) => SELECTED,
            (false, false) => MUTED,
        };
        let paints: Vec<(Rgb, u8)> =
            (0..self.points().len()).map(|index| (self.colour(index), marks(index))).collect();
        self.scene.paint(paints.into_iter());
        (self.ask_frame)();
    }

    /// Whether tiles are drawn.
    pub fn draws_sprites(&self) -> bool {
        self.view.sprites && self.shown.as_ref().is_some_and(|s| !s.pages.is_empty())
    }

    /// How large the points are drawn. The more there are, the smaller, so that the cloud stays readable.
    pub fn footprint(&self) -> Footprint {
        let crowd = (self.points().len().max(16) as f32).powf(0.42);
        // Where clusters are dense against the whole, smaller still, so that their points come apart.
        let dense = (self.spacing * 3.2 * crowd / self.extent).clamp(0.6, 0.95) / 0.95;
        let factor = self.view.size.exp2();
        let largest = self.scene.largest_point();
        match self.shown.as_ref().filter(|_| self.draws_sprites()) {
            Some(shown) => {
                let sprite = &shown.config.sprite;
                Footprint {
                    world: self.extent * 0.95 / crowd * dense * factor,
                    smallest: (8.0 * factor).clamp(2.0, 40.0),
                    largest: (220.0 * factor).clamp(40.0, largest),
                    shape: sprite.tile_height as f32 / sprite.tile_width as f32,
                }
            }
            None => Footprint {
                world: self.extent * 0.4 / crowd * dense * factor,
                smallest: (3.5 * factor).clamp(1.0, 20.0),
                largest: (44.0 * factor).clamp(8.0, largest),
                shape: 1.0,
            },
        }
    }

    /// Takes the canvas's size from the page.
    pub fn resize(&mut self) {
        let canvas = &self.page.canvas;
        let (width, height) = (canvas.client_width().max(1) as f32, canvas.client_height().max(1) as f32);
        // Beyond two device pixels the eye gains nothing and the graphics device pays for it.
        let ratio = (self.page.window.device_pixel_ratio() as f32).clamp(0.5, 2.0);
        let device = |side: f32| (side * ratio).round() as u32;
        canvas.set_width(device(width));
        canvas.set_height(device(height));
        self.scene.resize(device(width), device(height), ratio);
        self.camera.resize(width, height, self.free_area(width, height));
        (self.ask_frame)();
    }

    /// The part of the canvas that no panel covers.
    fn free_area(&self, width: f32, height: f32) -> Rect {
        let panel = self.page.panel.get_bounding_client_rect();
        let masthead = self.page.masthead.get_bounding_client_rect();
        if panel.width() as f32 > width * 0.6 {
            // A sheet at the bottom: what is between the head and the sheet.
            let (top, bottom) = (masthead.bottom() as f32, panel.top() as f32);
            return Rect { x: 0.0, y: top, width, height: (bottom - top).max(height * 0.2) };
        }
        let left = panel.right() as f32;
        let has_legend = self.shown.as_ref().is_some_and(|s| s.attributes.no_labels().is_empty());
        let right = if has_legend { width - 220.0 } else { width };
        let free = (right - left).max(width * 0.3);
        Rect { x: left, y: 0.0, width: free, height }
    }

    /// Draws the cloud as it is now, `now` in milliseconds. Nothing is drawn while nothing changes.
    pub fn draw(&mut self, now: f64) {
        if self.lost {
            return;
        }
        if self.view.auto_orbit && !self.gestures.dragging() {
            // A tab that slept must not jump.
            let seconds = ((now - self.last_frame.unwrap_or(now)) / 1000.0).clamp(0.0, 0.1) as f32;
            self.camera.orbit(PIXELS_PER_TURN * seconds / TURN_SECONDS, 0.0);
        }
        self.last_frame = Some(now);
        let style = Style {
            sprites: self.draws_sprites(),
            tinted: self.colouring.tells_apart(),
            footprint: self.footprint(),
            theme: self.theme,
        };
        let mut marked: Vec<u32> =
            [self.voices.looping(), self.hovered].into_iter().flatten().map(|k| k as u32).collect();
        marked.dedup();
        let points = self.shown.as_ref().map_or(&[][..], |shown| shown.points(&self.view));
        self.scene.draw(&self.camera, points, &style, &marked);
        if self.view.auto_orbit {
            (self.ask_frame)();
        }
    }

    /// The graphics context is gone: nothing is drawn from here on.
    pub fn lose(&mut self) {
        self.lost = true;
    }
}
