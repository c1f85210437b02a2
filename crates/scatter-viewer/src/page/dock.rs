//! What can be done with a selection: play it, grow it, turn it around, let it go.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, Event, HtmlButtonElement, HtmlElement};

use super::app::{App, Shared};
use super::elements::{Elements, by_id};
use super::events::listen;
use crate::grow::alike;
use crate::point_set::PointSet;
use crate::selection::Join;
use crate::tour::{short_way, shuffled};
use crate::trouble::Trouble;
use crate::view::Choosing;

/// An order in which a selection is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As the table lists it, else as the dataset has it.
    Listed,
    /// Shuffled.
    Random,
    /// Along a short way through it.
    Path,
}

/// Its elements, and what it plays.
pub struct Dock {
    root: HtmlElement,
    hint: HtmlElement,
    in_order: HtmlButtonElement,
    random: HtmlButtonElement,
    path: HtmlButtonElement,
    grow: HtmlButtonElement,
    invert: HtmlButtonElement,
    take: HtmlButtonElement,
    none: HtmlButtonElement,
    smaller: HtmlButtonElement,
    larger: HtmlButtonElement,
    /// What it plays, and how many sounds that are.
    plays: Option<(Order, usize)>,
    /// The point that sounds of it.
    at: Option<usize>,
    /// Each time it is shuffled otherwise, and after a reload the same way again.
    seed: u64,
}

impl Dock {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            root: by_id(d, "dock")?,
            hint: by_id(d, "dock-hint")?,
            in_order: by_id(d, "play-order")?,
            random: by_id(d, "play-random")?,
            path: by_id(d, "play-path")?,
            grow: by_id(d, "grow")?,
            invert: by_id(d, "invert")?,
            take: by_id(d, "take-selection")?,
            none: by_id(d, "select-none")?,
            smaller: by_id(d, "brush-smaller")?,
            larger: by_id(d, "brush-larger")?,
            plays: None,
            at: None,
            seed: 0,
        })
    }

    fn players(&self) -> [(Order, &HtmlButtonElement); 3] {
        [(Order::Listed, &self.in_order), (Order::Random, &self.random), (Order::Path, &self.path)]
    }
}

impl App {
    /// Says what is selected and offers what can be done with it.
    pub fn tell_selection(&self) {
        let (dock, some) = (&self.tools.dock, !self.selection.points().is_empty());
        Elements::say(&self.page.selected, &self.selection.words());
        self.mark_timeline();
        dock.root.set_hidden(!some && self.view.choosing.is_none());
        let hint = match self.view.choosing {
            Some(Choosing::Box) => "Drag a box",
            Some(Choosing::Lasso) => "Draw around sounds",
            Some(Choosing::Brush) => "Brush over sounds",
            None => "",
        };
        Elements::say(&dock.hint, if some { "" } else { hint });
        for button in [&dock.in_order, &dock.random, &dock.path, &dock.grow, &dock.take, &dock.none] {
            button.set_disabled(!some);
        }
        for button in [&dock.smaller, &dock.larger] {
            button.set_hidden(self.view.choosing != Some(Choosing::Brush));
        }
        for (order, button) in dock.players() {
            let on = dock.plays.is_some_and(|(plays, _)| plays == order);
            let _ = button.set_attribute("aria-pressed", if on { "true" } else { "false" });
        }
    }

    /// Joins `points` to the selection.
    pub fn choose(&mut self, points: &PointSet, how: Join) {
        self.selection.join(points, how);
        self.tell_selection();
        self.mark_selected();
    }

    /// Selects everything that is shown.
    pub fn select_all(&mut self) {
        let shown = self.visible.clone();
        self.select(&shown, Join::Replace);
    }

    /// Selects what is shown and was not selected.
    pub fn invert(&mut self) {
        let mut others = self.visible.clone();
        others.take(self.selection.points());
        self.select(&others, Join::Replace);
    }

    /// Adds what is most like the selection; of a selection of nothing, the point in focus begins one.
    pub fn grow(&mut self) {
        let Some(shown) = &self.shown else { return };
        let mut chosen = self.selection.points().clone();
        if let Some(point) = self.focus.or(self.described).filter(|_| chosen.is_empty()) {
            chosen.insert(point);
        }
        let mut more = alike(&shown.data, self.goal(), &chosen, &self.visible);
        more.add(&chosen);
        self.select(&more, Join::Add);
    }

    /// Plays what is shown of the selection, or stops playing it.
    pub fn play_selection(&mut self, order: Order) {
        let stops = self.tools.dock.plays.is_some_and(|(plays, _)| plays == order);
        self.silence();
        if stops {
            return;
        }
        let points = self.in_order(order);
        if points.is_empty() {
            return;
        }
        self.wake();
        self.tools.dock.plays = Some((order, points.len()));
        self.sound.clear_turns();
        self.voices.line_up(&points);
        self.feed();
        self.tell_selection();
        (self.ask_frame)();
    }

    fn in_order(&mut self, order: Order) -> Vec<usize> {
        self.list_rows();
        let mut set = self.selection.points().clone();
        set.keep(&self.visible);
        let points: Vec<usize> = match self.tools.table.sort {
            Some(_) => {
                self.tools.table.rows.iter().map(|&p| p as usize).filter(|&p| set.contains(p)).collect()
            }
            None => {
                let mut points: Vec<usize> = set.iter().collect();
                if let Some(shown) = &self.shown {
                    shown.sort_by_file(&mut points);
                }
                points
            }
        };
        match order {
            Order::Listed => points,
            Order::Random => {
                self.tools.dock.seed += 1;
                shuffled(points, self.tools.dock.seed)
            }
            Order::Path => {
                let goal = self.goal();
                let places: Vec<[f32; 3]> = points.iter().filter_map(|&p| goal.get(p).copied()).collect();
                short_way(&places).into_iter().filter_map(|k| points.get(k).copied()).collect()
            }
        }
    }

    /// Hands the next sounds of a selection to the loudspeakers, and follows what is heard.
    pub fn feed(&mut self) {
        if self.tools.dock.plays.is_none() {
            return;
        }
        if self.sound.out.is_awake() {
            let commands = self.voices.next_of_line();
            self.obey(commands);
        }
        let heard = self.heard_of_stroke().last().copied();
        if heard.is_some() && heard != self.tools.dock.at {
            self.tools.dock.at = heard;
            self.hovered = heard;
            if let Some(point) = heard {
                self.describe(point);
            }
            (self.ask_frame)();
        }
        if !self.voices.runs() {
            self.stop_playing();
        }
    }

    /// The selection is played to its end, or something else is heard.
    pub fn stop_playing(&mut self) {
        if self.tools.dock.plays.take().is_some() {
            self.tools.dock.at = None;
            self.tell_selection();
        }
    }
}

/// Listens to its buttons.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let dock = &borrowed.tools.dock;
    let on = |element: &Element, act: fn(&mut App)| {
        let app = Shared::clone(app);
        listen(element, "click", move |_: Event| act(&mut app.borrow_mut()))
    };
    on(&dock.in_order, |app| app.play_selection(Order::Listed))?;
    on(&dock.random, |app| app.play_selection(Order::Random))?;
    on(&dock.path, |app| app.play_selection(Order::Path))?;
    on(&dock.grow, App::grow)?;
    on(&dock.invert, App::invert)?;
    on(&dock.take, |app| app.open_take())?;
    on(&dock.none, App::select_none)?;
    on(&dock.smaller, |app| app.size_brush(false))?;
    on(&dock.larger, |app| app.size_brush(true))
}
