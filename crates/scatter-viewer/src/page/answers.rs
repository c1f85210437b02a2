//! What the page answers to a pointer or a choice: sound, words, and the selection.

use super::app::App;
use super::elements::Elements;
use super::info;
use crate::camera::Rect;
use crate::point_set::PointSet;
use crate::selection::Join;
use crate::voices::Command;

impl App {
    /// The pointer is at `at`, or has left.
    pub fn hover(&mut self, at: Option<[f32; 2]>) {
        let found = at.and_then(|at| self.cloud().pick(&self.lens(), &self.footprint(), at));
        if found == self.hovered {
            return;
        }
        self.hovered = found;
        let cursor = if found.is_some() && !self.view.box_select { "point" } else { "" };
        self.cursor(cursor);
        if let Some(point) = found {
            self.preview(point);
        }
        (self.ask_frame)();
    }

    /// Describes `point` and plays it once, if it is shown.
    pub fn preview(&mut self, point: usize) {
        if !self.visible.contains(point) {
            return;
        }
        let commands = if self.sound.is_awake() { self.voices.hover(point) } else { Vec::new() };
        self.obey(commands);
        self.describe(point);
    }

    /// A click on `point`, if it is shown: loops it, or ends the loop.
    pub fn click(&mut self, point: usize) {
        if !self.visible.contains(point) {
            return;
        }
        let commands = self.voices.click(point);
        self.obey(commands);
        self.describe(point);
        (self.ask_frame)();
    }

    /// A tap at `at`: a click on the point there, or the end of the selection.
    pub fn tap(&mut self, at: [f32; 2]) {
        match self.cloud().pick(&self.lens(), &self.footprint(), at) {
            Some(point) => self.click(point),
            None => self.select_none(),
        }
    }

    /// Selects what is in `area`, and plays one of it.
    pub fn select_area(&mut self, area: &Rect) {
        let inside = self.cloud().within(&self.lens(), area);
        let random = (js_sys::Math::random() * inside.count() as f64) as usize;
        let chosen = inside.iter().nth(random);
        self.select(&inside, Join::Replace);
        if let Some(point) = chosen {
            self.preview(point);
        }
    }

    /// Joins `points` to the selection.
    pub fn select(&mut self, points: &PointSet, how: Join) {
        self.selection.join(points, how);
        Elements::say(&self.page.selected, &self.selection.words());
        self.paint();
    }

    /// Selects nothing.
    pub fn select_none(&mut self) {
        self.select(&PointSet::none(self.count()), Join::Replace);
    }

    /// Silence, and no selection.
    pub fn escape(&mut self) {
        self.silence();
        self.select_none();
        self.describe_again();
    }

    /// Stops every voice.
    pub fn silence(&mut self) {
        let commands = self.voices.stop_all();
        self.obey(commands);
    }

    /// Fills the info panel with `point`.
    fn describe(&mut self, point: usize) {
        self.described = Some(point);
        info::show(self);
    }

    /// Fills the info panel again, after something it tells of has changed.
    pub fn describe_again(&self) {
        info::show(self);
    }

    /// Sets the pointer's picture: `point`, `drag`, or nothing.
    pub fn cursor(&self, name: &str) {
        let name = if name.is_empty() && self.view.box_select { "box" } else { name };
        // A page without this attribute works as well.
        let _ = self.page.canvas.set_attribute("data-cursor", name);
    }

    fn obey(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Stop { voice } => self.sound.stop(voice),
                Command::Start { voice, point, times } => {
                    let width = self.page.canvas.client_width().max(1) as f32;
                    let seen = self.points().get(point).and_then(|&p| self.lens().project(p));
                    let pan = seen.map_or(0.0, |s| s.x / width * 2.0 - 1.0);
                    let range = self.shown.as_ref().map(|s| s.config.audio.clip(point)).unwrap_or_default();
                    if !self.sound.start(voice, range, times, pan) {
                        self.voices.ended(voice);
                    }
                }
            }
        }
    }
}
