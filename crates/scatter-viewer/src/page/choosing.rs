//! Selecting with the pointer: a box, an outline drawn by hand, a brush.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, Event, HtmlButtonElement, PointerEvent};

use super::app::{App, Shared};
use super::controls::reflect;
use super::elements::by_id;
use super::events::listen;
use crate::gesture::{Drag, Place};
use crate::point_set::PointSet;
use crate::polygon::{Polygon, brushed, brushed_area};
use crate::selection::Join;
use crate::trouble::Trouble;
use crate::view::Choosing;

/// Radii of the brush in CSS pixels, and how much larger a press of a key makes it.
const RADII: [f32; 2] = [6.0, 160.0];
const STEP: f32 = 1.25;

/// Its elements, and what is being drawn.
pub struct Chooser {
    box_button: HtmlButtonElement,
    lasso: HtmlButtonElement,
    brush: HtmlButtonElement,
    svg: Element,
    outline: Element,
    disc: Element,
    /// Radius of the brush in CSS pixels.
    radius: f32,
    /// What the choice that is being made does to the selection.
    pub join: Join,
    drawn: Option<Polygon>,
    /// A stroke of the brush is under way.
    brushing: bool,
    /// Where the brush is.
    at: Option<Place>,
}

impl Chooser {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            box_button: by_id(d, "select")?,
            lasso: by_id(d, "lasso")?,
            brush: by_id(d, "brush")?,
            svg: by_id(d, "choice")?,
            outline: by_id(d, "choice-outline")?,
            disc: by_id(d, "choice-disc")?,
            radius: 32.0,
            join: Join::Replace,
            drawn: None,
            brushing: false,
            at: None,
        })
    }

    fn tools(&self) -> [(Choosing, &HtmlButtonElement); 3] {
        [(Choosing::Box, &self.box_button), (Choosing::Lasso, &self.lasso), (Choosing::Brush, &self.brush)]
    }

    /// Shows which tool is chosen.
    pub fn reflect(&self, choosing: Option<Choosing>) {
        for (tool, button) in self.tools() {
            let _ =
                button.set_attribute("aria-pressed", if choosing == Some(tool) { "true" } else { "false" });
        }
    }

    /// Shows outline and disc where they are.
    fn show(&self, choosing: Option<Choosing>) {
        let outline = self.drawn.as_ref().map(Polygon::svg).unwrap_or_default();
        let _ = self.outline.set_attribute("points", &outline);
        let disc = self.at.filter(|_| choosing == Some(Choosing::Brush));
        if let Some([x, y]) = disc {
            for (name, value) in [("cx", x), ("cy", y), ("r", self.radius)] {
                let _ = self.disc.set_attribute(name, &format!("{value:.1}"));
            }
        }
        for (element, shown) in
            [(&self.disc, disc.is_some()), (&self.svg, disc.is_some() || self.drawn.is_some())]
        {
            // An SVG element has no `hidden` of its own.
            let _ =
                if shown { element.remove_attribute("hidden") } else { element.set_attribute("hidden", "") };
        }
    }
}

/// What a press does that selects, or nothing: then it turns or moves the cloud.
pub fn drag_of(app: &mut App, event: &PointerEvent) -> Option<Drag> {
    app.tools.chooser.join = match (event.shift_key(), event.alt_key()) {
        (true, _) => Join::Add,
        (_, true) => Join::Take,
        _ => Join::Replace,
    };
    match app.view.choosing {
        Some(Choosing::Box) => Some(Drag::Box),
        Some(Choosing::Lasso | Choosing::Brush) => Some(Drag::Draw),
        None => (event.ctrl_key() || event.meta_key()).then_some(Drag::Box),
    }
}

impl App {
    /// Takes a tool to select with, or lays it down.
    pub fn toggle_choosing(&mut self, tool: Choosing) {
        self.view.choosing = if self.view.choosing == Some(tool) { None } else { Some(tool) };
        if self.view.choosing.is_some() && self.tools.stroke.on {
            self.toggle_stroke();
        }
        reflect(self);
        self.cursor("");
        self.cancel_choice();
        self.tell_selection();
    }

    /// The brush is at `at`, or nowhere.
    pub fn move_brush(&mut self, at: Option<Place>) {
        if self.view.choosing == Some(Choosing::Brush) || self.tools.chooser.at.is_some() {
            self.tools.chooser.at = at;
            self.tools.chooser.show(self.view.choosing);
        }
    }

    /// Makes the brush larger or smaller.
    pub fn size_brush(&mut self, up: bool) {
        let factor = if up { STEP } else { 1.0 / STEP };
        self.tools.chooser.radius = (self.tools.chooser.radius * factor).clamp(RADII[0], RADII[1]);
        self.tools.chooser.show(self.view.choosing);
    }

    /// The tool goes on from one place to another.
    pub fn draw_choice(&mut self, from: Place, to: Place) {
        if self.view.choosing == Some(Choosing::Brush) {
            return self.brush_over(from, to);
        }
        let drawn = self.tools.chooser.drawn.get_or_insert_with(|| Polygon::new(from));
        drawn.extend(to);
        self.tools.chooser.show(self.view.choosing);
    }

    /// Selects at once what the brush passes, so that one sees and hears it.
    fn brush_over(&mut self, from: Place, to: Place) {
        let chooser = &mut self.tools.chooser;
        let (radius, join) = (chooser.radius, chooser.join);
        chooser.at = Some(to);
        if !std::mem::replace(&mut chooser.brushing, true) && join == Join::Replace {
            self.choose(&PointSet::none(self.count()), Join::Replace);
        }
        let area = brushed_area(from, to, radius);
        let passed = self.cloud().inside(&self.lens(), &area, |at| brushed(from, to, radius, at));
        let how = if join == Join::Take { Join::Take } else { Join::Add };
        let before = self.selection.points().clone();
        self.choose(&passed, how);
        let mut new = passed;
        new.take(&before);
        if let Some(point) = new.iter().next().filter(|_| how == Join::Add) {
            self.hovered = Some(point);
            self.preview(point);
        }
        self.tools.chooser.show(self.view.choosing);
    }

    /// The tool is lifted: what it went around is selected.
    pub fn finish_choice(&mut self) {
        let join = self.tools.chooser.join;
        if let Some(outline) = self.tools.chooser.drawn.take() {
            let inside = self.cloud().inside(&self.lens(), &outline.bounds(), |at| outline.contains(at));
            self.select_heard(&inside, join);
        }
        if std::mem::take(&mut self.tools.chooser.brushing) {
            // Nothing more: a step that one can come back from.
            self.select(&PointSet::none(self.count()), Join::Add);
        }
        self.tools.chooser.show(self.view.choosing);
    }

    /// Nothing is meant by what was drawn.
    pub fn cancel_choice(&mut self) {
        self.tools.chooser.drawn = None;
        self.tools.chooser.brushing = false;
        self.page.selection_box.set_hidden(true);
        self.tools.chooser.show(self.view.choosing);
    }

    /// A tap at `at` while something is held or a brush is in the hand. True when it was meant for the selection.
    pub fn tap_choice(&mut self, at: Place) -> bool {
        if self.view.choosing == Some(Choosing::Brush) {
            self.brush_over(at, at);
            self.finish_choice();
            return true;
        }
        let join = self.tools.chooser.join;
        let met = self.cloud().pick(&self.lens(), &self.footprint(), at);
        let Some(point) = met.filter(|_| join != Join::Replace) else { return false };
        self.preview(point);
        self.select(&PointSet::of(self.count(), [point]), join);
        true
    }
}

/// Listens to the tools' buttons.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    for (tool, button) in borrowed.tools.chooser.tools() {
        let shared = Shared::clone(app);
        listen(button, "click", move |_: Event| shared.borrow_mut().toggle_choosing(tool))?;
    }
    Ok(())
}
