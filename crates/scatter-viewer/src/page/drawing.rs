//! Frames: how large the points are, what part of the screen is theirs, what is drawn.

use super::app::App;
use super::marks;
use crate::camera::Rect;
use crate::picking::Footprint;
use crate::scene::Style;
use crate::transition::Travel;

/// Seconds of one turn of the auto-orbit.
const TURN_SECONDS: f32 = 75.0;
/// Points from which on the smallest ones become smaller.
const MANY: f32 = 20_000.0;
/// Milliseconds after which a cloud that does not move is at rest.
const REST: f64 = 160.0;
/// Radians a dragged pixel turns, for the auto-orbit to speak the camera's language.
const PIXELS_PER_TURN: f32 = std::f32::consts::TAU / 0.006;

impl App {
    /// How large the points are drawn. The more there are, the smaller, so that the cloud stays readable.
    pub fn footprint(&self) -> Footprint {
        let measure = self.travel.as_ref().map_or(self.measure, Travel::measure);
        let crowd = (self.count().max(16) as f32).powf(0.42);
        // Where clusters are dense against the whole, smaller still, so that their points come apart.
        let dense = (measure.spacing * 3.2 * crowd / measure.extent).clamp(0.6, 0.95) / 0.95;
        let factor = self.view.size.exp2();
        let largest = self.scene.largest_point();
        // Where points would cover one another many times over, the smallest are smaller.
        let fewer = (MANY / self.count().max(1) as f32).min(1.0);
        match self.shown.as_ref().filter(|_| self.draws_sprites()) {
            Some(shown) => {
                let sprite = &shown.config.sprite;
                Footprint {
                    world: measure.extent * 0.95 / crowd * dense * factor,
                    smallest: (8.0 * factor * fewer.powf(0.35)).clamp(1.0, 40.0),
                    largest: (220.0 * factor).clamp(40.0, largest.max(40.0)),
                    shape: sprite.tile_height as f32 / sprite.tile_width as f32,
                }
            }
            None => Footprint {
                world: measure.extent * 0.4 / crowd * dense * factor,
                smallest: (3.5 * factor * fewer.powf(0.25)).clamp(1.0, 20.0),
                largest: (44.0 * factor).clamp(8.0, largest.max(8.0)),
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
        self.draw_timeline();
        (self.ask_frame)();
    }

    /// The part of the canvas that no panel covers.
    pub fn free_area(&self, width: f32, height: f32) -> Rect {
        let panel = self.page.panel.get_bounding_client_rect();
        let masthead = self.page.masthead.get_bounding_client_rect();
        let table = self.tools.table.root.get_bounding_client_rect();
        let finder = self.tools.finder.bar.get_bounding_client_rect();
        if panel.width() as f32 > width * 0.6 {
            // A sheet at the bottom: what is between the head and the sheet.
            let bar = self.tools.soundbar.root.get_bounding_client_rect();
            let line = self.tools.timeline.root.get_bounding_client_rect();
            let above = [&bar, &line, &table].into_iter().filter(|r| r.height() > 0.0).map(|r| r.top());
            let lowest = above.fold(panel.top(), f64::min);
            let (top, bottom) = (masthead.bottom().max(finder.bottom()) as f32, lowest as f32);
            return Rect { x: 0.0, y: top, width, height: (bottom - top).max(height * 0.2) };
        }
        let left = panel.right() as f32;
        // The legend's place stays free while there is none, so that colouring moves nothing.
        let has_legend =
            self.shown.as_ref().is_some_and(|s| s.attributes.all.iter().any(|column| column.tells_apart()));
        let right = if has_legend { width - 220.0 } else { width };
        let free = (right - left).max(width * 0.3);
        let timeline = self.tools.timeline.root.get_bounding_client_rect();
        let below = [&timeline, &table].into_iter().filter(|r| r.height() > 0.0).map(|r| r.top() as f32);
        let height = below.fold(height, f32::min).max(height * 0.3);
        // What lies below the field is neither seen nor met by a pointer.
        let y = finder.bottom().max(0.0) as f32;
        Rect { x: left, y, width: free, height: (height - y).max(1.0) }
    }

    /// Draws the cloud as it is now, `now` in milliseconds. Nothing is drawn while nothing changes.
    pub fn draw(&mut self, now: f64) {
        if self.lost {
            return;
        }
        let moving = self.advance(now);
        self.show_table();
        if self.view.auto_orbit && !self.gestures.dragging() {
            // A tab that slept must not jump.
            let seconds = ((now - self.last_frame.unwrap_or(now)) / 1000.0).clamp(0.0, 0.1) as f32;
            self.camera.orbit(PIXELS_PER_TURN * seconds / TURN_SECONDS, 0.0);
        }
        self.last_frame = Some(now);
        self.keep_painted();
        let haste = self.haste(now);
        let style = Style {
            sprites: self.draws_sprites(),
            tinted: self.colouring.tells_apart(),
            selecting: !self.selection.points().is_empty(),
            footprint: self.footprint(),
            theme: self.theme,
            progress: self.travel.as_ref().map_or(1.0, Travel::progress),
        };
        let mut marked: Vec<u32> = Vec::new();
        let single = [self.focus, self.described, self.voices.looping(), self.hovered].into_iter().flatten();
        for point in self.heard.iter().copied().chain(single) {
            // The last one lies on top, and each is drawn once.
            marked.retain(|&k| k as usize != point);
            if self.visible.contains(point) {
                marked.push(point as u32);
            }
        }
        // Both borrow the state: the scene is drawn on, the cloud is read.
        let points = match (&self.travel, &self.shown) {
            (Some(travel), _) => travel.places(),
            (None, Some(shown)) => shown.layouts.points(&shown.data, self.view.layout, self.view.spherical),
            (None, None) => &[],
        };
        let cloud = crate::picking::Cloud { points, growth: &self.growth, shown: &self.visible, tree: None };
        let few = marked.len() <= marks::MOST && !self.marks.refused;
        let apart =
            self.scene.draw(&self.camera, (&cloud, self.tree.as_ref()), &style, (&marked, few), haste);
        let shown: &[u32] = if apart { &marked } else { &[] };
        let (lens, footprint) = (self.lens(), style.footprint);
        if !self.show_marks(shown, &lens, &footprint) {
            // The cloud's own picture shows them from now on.
            self.marks.refused = true;
            (self.ask_frame)();
        }
        self.show_names();
        self.take_tile();
        self.look_for_pages(now);
        if moving || self.view.auto_orbit {
            (self.ask_frame)();
        }
    }

    /// Draws all of it on the canvas, marks too, so that the canvas can be read in this turn.
    pub fn draw_whole(&mut self, now: f64) {
        let refused = std::mem::replace(&mut self.marks.refused, true);
        self.draw(now);
        self.marks.refused = refused;
        // They stand apart again.
        (self.ask_frame)();
    }

    /// Whether the cloud moved in the last frame.
    pub fn moves(&self) -> bool {
        self.haste.is_some() && self.last_frame == Some(self.moved_at)
    }

    /// Of how many points one is drawn now; nothing where the cloud rests and all of them are, in their order.
    fn haste(&mut self, now: f64) -> Option<usize> {
        let lens = self.lens();
        if self.last_lens.replace(lens) != Some(lens) || self.travel.is_some() {
            let stride = self.pace.stride(now, self.visible.count(), self.scene.drawn as usize);
            (self.haste, self.moved_at) = (Some(stride), now);
        } else {
            self.pace.rest();
            if self.haste.is_some() && now - self.moved_at < REST {
                // It may move again at once: a look at all points would stand in the way.
                (self.ask_frame)();
            } else {
                self.haste = None;
            }
        }
        self.haste
    }
}
