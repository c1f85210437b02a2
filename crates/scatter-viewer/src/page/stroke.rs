//! The stroke tool: a line is drawn through the cloud, and its points are heard in order.

use web_sys::{Document, Element};

use super::app::App;
use super::elements::by_id;
use crate::gesture::Place;
use crate::stroke::Stroke;
use crate::trouble::Trouble;

/// The tool, its line, and what it met so far.
pub struct StrokeTool {
    /// Whether a drag draws a stroke.
    pub on: bool,
    svg: Element,
    line: Element,
    drawn: Option<Stroke>,
}

impl StrokeTool {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self { on: false, svg: by_id(d, "stroke")?, line: by_id(d, "stroke-line")?, drawn: None })
    }

    fn show(&self, shown: bool) {
        // An SVG element has no `hidden` of its own.
        let _ =
            if shown { self.svg.remove_attribute("hidden") } else { self.svg.set_attribute("hidden", "") };
    }
}

impl App {
    /// Switches the stroke tool on or off.
    pub fn toggle_stroke(&mut self) {
        self.tools.stroke.on = !self.tools.stroke.on;
        if let Some(tool) = self.view.choosing.filter(|_| self.tools.stroke.on) {
            self.toggle_choosing(tool);
        }
        self.tools.soundbar.show_stroke(self.tools.stroke.on);
        self.cursor("");
    }

    /// The stroke goes on: its new points are heard after those before.
    pub fn draw_stroke(&mut self, from: Place, to: Place) {
        let (lens, footprint) = (self.lens(), self.footprint());
        let began = self.tools.stroke.drawn.is_none();
        let mut stroke = self.tools.stroke.drawn.take().unwrap_or_else(|| Stroke::new(from));
        if began {
            let commands = self.voices.begin_run();
            self.sound.clear_turns();
            self.obey(commands);
        }
        let met = stroke.extend(&lens, &self.cloud(), &footprint, to);
        let _ = self.tools.stroke.line.set_attribute("points", &stroke.svg());
        self.tools.stroke.show(true);
        self.tools.stroke.drawn = Some(stroke);
        let commands = if self.sound.out.is_awake() { self.voices.run(&met) } else { Vec::new() };
        self.obey(commands);
        if let Some(&last) = met.last() {
            self.hovered = Some(last);
            self.describe(last);
        }
    }

    /// The stroke is finished, or was taken away: its line goes, its sounds are heard to the end.
    pub fn end_stroke(&mut self) {
        self.tools.stroke.drawn = None;
        self.tools.stroke.show(false);
    }

    /// Points of the stroke that are heard now.
    pub fn heard_of_stroke(&self) -> Vec<usize> {
        self.voices.run_voices().filter(|(voice, _)| self.sound.sounds(*voice)).map(|(_, p)| p).collect()
    }
}
