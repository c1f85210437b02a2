//! What the page answers to a pointer or a choice: sound, words, and the selection.

use super::app::App;
use super::info;
use super::sound::{Began, Play};
use crate::camera::Rect;
use crate::point_set::PointSet;
use crate::selection::Join;
use crate::voices::{Command, What};

impl App {
    /// The pointer is at `at`, or has left.
    pub fn hover(&mut self, at: Option<[f32; 2]>) {
        let found = at.and_then(|at| self.cloud().pick(&self.lens(), &self.footprint(), at));
        if found.is_none() && at.is_some() {
            self.look_ahead(None, at);
        }
        if found == self.hovered {
            return;
        }
        self.hovered = found;
        let tool = self.view.choosing.is_some() || self.tools.stroke.on;
        let cursor = if found.is_some() && !tool { "point" } else { "" };
        self.cursor(cursor);
        if let Some(point) = found {
            self.preview(point);
        }
        self.mark_timeline();
        (self.ask_frame)();
    }

    /// Describes `point` and plays it once, if it is shown.
    pub fn preview(&mut self, point: usize) {
        if !self.visible.contains(point) {
            return;
        }
        let awake = self.sound.out.is_awake();
        self.unheard = (!awake).then_some(point);
        let commands = if awake { self.voices.hover(point) } else { Vec::new() };
        self.obey(commands);
        self.look_ahead(Some(point), None);
        self.describe(point);
    }

    /// The loudspeakers came on: plays what was pointed at while they did, if it still is. That may take a second.
    pub fn catch_up(&mut self) {
        if let Some(point) = self.unheard.take_if(|_| self.sound.out.is_awake())
            && [self.hovered, self.focus].contains(&Some(point))
        {
            self.preview(point);
        }
    }

    /// A click on `point`, if it is shown: loops it, or ends the loop.
    pub fn click(&mut self, point: usize) {
        if !self.visible.contains(point) {
            return;
        }
        self.looped = self.mix.loops;
        self.unheard = None;
        let commands = self.voices.click(point, self.looped);
        self.obey(commands);
        self.describe(point);
        self.focus_on(point);
    }

    /// A tap at `at`: a click on the point there, or the end of the selection.
    pub fn tap(&mut self, at: [f32; 2]) {
        if self.tap_choice(at) {
            return;
        }
        match self.cloud().pick(&self.lens(), &self.footprint(), at) {
            Some(point) => self.click(point),
            None => self.select_none(),
        }
    }

    /// Selects what is in `area`, and plays one of it.
    pub fn select_area(&mut self, area: &Rect) {
        let inside = self.cloud().within(&self.lens(), area);
        self.select_heard(&inside, self.tools.chooser.join);
    }

    /// Joins `points` to the selection, and plays one of them.
    pub fn select_heard(&mut self, points: &PointSet, how: Join) {
        let random = (js_sys::Math::random() * points.count() as f64) as usize;
        self.select(points, how);
        if let Some(point) = points.iter().nth(random).filter(|_| how != Join::Take) {
            self.preview(point);
        }
    }

    /// Joins `points` to the selection.
    pub fn select(&mut self, points: &PointSet, how: Join) {
        self.choose(points, how);
        self.stepped();
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
        self.unheard = None;
        let commands = self.voices.stop_all();
        self.sound.clear_turns();
        self.obey(commands);
        (self.ask_frame)();
        self.describe_again();
    }

    /// Fills the info panel with `point`.
    pub fn describe(&mut self, point: usize) {
        self.described = Some(point);
        info::show(self);
    }

    /// Fills the info panel again, after something it tells of has changed.
    pub fn describe_again(&self) {
        info::show(self);
    }

    /// Sets the pointer's picture: `point`, `drag`, or nothing.
    pub fn cursor(&self, name: &str) {
        let tool = self.view.choosing.is_some() || self.tools.stroke.on;
        let name = if name.is_empty() && tool { "box" } else { name };
        // A page without this attribute works as well.
        let _ = self.page.canvas.set_attribute("data-cursor", name);
    }

    /// Follows what is heard: playheads, the side it comes from, and the points that stand out for it.
    pub fn tick(&mut self) {
        self.feed();
        self.sound.feed_tape();
        self.fetch_wanted();
        self.tell_waiting();
        self.steer();
        self.move_player_head();
        self.move_timeline_head();
        let mut heard = self.heard_of_stroke();
        heard.extend(self.taped_window());
        if heard != self.heard {
            self.heard = heard;
            (self.ask_frame)();
        }
        if self.voices.any() && self.sound.out.is_awake() {
            (self.ask_tick)();
        }
    }

    /// Does what the voices ask for.
    pub fn obey(&mut self, commands: Vec<Command>) {
        (self.ask_tick)();
        for command in commands {
            match command {
                Command::Stop { voice } => self.sound.stop(voice),
                Command::Start { voice, what, times, in_turn } => {
                    let play = match what {
                        What::From(sample) => Play::From(sample),
                        What::Clip(point) => {
                            let audio = self.shown.as_ref().map(|s| s.config.audio.clip(point));
                            let pan = self.side(point);
                            Play::Clip { range: audio.unwrap_or_default(), times, in_turn, pan }
                        }
                    };
                    if self.sound.start(voice, play, &self.mix, self.clock()) == Began::Never {
                        self.voices.ended(voice);
                    }
                }
            }
        }
        self.fetch_wanted();
    }

    /// Where `point` is seen between the screen's left (-1) and right (1).
    fn side(&self, point: usize) -> f32 {
        let width = self.page.canvas.client_width().max(1) as f32;
        let seen = self.points().get(point).and_then(|&p| self.lens().project(p));
        seen.map_or(0.0, |s| s.x / width * 2.0 - 1.0)
    }

    /// What loops comes from where its point is seen now.
    pub fn steer(&self) {
        if let Some((voice, point)) = self.voices.looping().and_then(|p| Some((self.voices.voice_of(p)?, p)))
        {
            self.sound.steer(voice, self.side(point), &self.mix);
        }
    }
}
