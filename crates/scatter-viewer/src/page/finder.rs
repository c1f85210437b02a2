//! The search field, its count, and the buttons for filters and table.

use js_sys::JsString;
use wasm_bindgen::JsValue;
use web_sys::{Document, Event, HtmlButtonElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::app::{App, Shared};
use super::delay::Delay;
use super::elements::by_id;
use super::events::listen;
use super::{filters, finding, legend};
use crate::describe::grouped;
use crate::point_set::PointSet;
use crate::query::{LONGEST, Query};
use crate::search::SearchIndex;
use crate::trouble::Trouble;

/// Its elements, and what was found.
pub struct Finder {
    pub bar: HtmlElement,
    pub field: HtmlInputElement,
    clear: HtmlButtonElement,
    count: HtmlElement,
    pub filters: HtmlButtonElement,
    pub filters_count: HtmlElement,
    pub table: HtmlButtonElement,
    /// Made when the first question is asked: it costs a reading of all texts.
    index: Option<SearchIndex>,
    /// The points that answer; `None` while nothing is asked.
    pub found: Option<PointSet>,
    /// What is found comes into view after a rest.
    pub rested: Option<Delay>,
}

impl Finder {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            bar: by_id(d, "finder-bar")?,
            field: by_id(d, "search")?,
            clear: by_id(d, "search-clear")?,
            count: by_id(d, "search-count")?,
            filters: by_id(d, "filters-toggle")?,
            filters_count: by_id(d, "filters-count")?,
            table: by_id(d, "table-toggle")?,
            index: None,
            found: None,
            rested: None,
        })
    }

    /// Another table is there: what was read of the last one is not read again.
    pub fn forget(&mut self) {
        self.index = None;
    }

    /// What is asked.
    pub fn asked(&self) -> String {
        self.field.value().trim().chars().take(LONGEST).collect()
    }
}

/// Letters apart from their marks, as the browser knows them.
fn decompose(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { JsString::from(text).normalize("NFKD").into() }
}

impl App {
    /// Looks for what stands in the field, and shows only what is found.
    pub fn search(&mut self) {
        let before = self.tools.finder.found.is_some();
        self.look_up();
        self.refilter();
        self.await_found();
        legend::refresh(self);
        // To begin and to end a search are steps; its letters are not.
        match before == self.tools.finder.found.is_some() {
            true => self.drifted(),
            false => self.stepped(),
        }
    }

    /// Looks for what stands in the field.
    pub fn look_up(&mut self) {
        let (Some(shown), finder) = (&self.shown, &mut self.tools.finder) else { return };
        let query = Query::read(&decompose(&finder.asked()));
        finder.found = (!query.is_empty()).then(|| {
            let make = || SearchIndex::new(&shown.config, &shown.data, decompose);
            finder.index.get_or_insert_with(make).find(&query, &shown.data)
        });
    }

    /// Asks for `text`, or for nothing, without a person typing it.
    pub fn ask_for(&mut self, text: &str) {
        self.tools.finder.field.set_value(text);
        self.look_up();
    }

    /// Whether something is hidden by filters or by a search.
    pub fn narrowed(&self) -> bool {
        !self.view.filter.is_empty() || self.tools.finder.found.is_some()
    }

    /// Says how many are found.
    pub fn tell_finder(&self) {
        let finder = &self.tools.finder;
        let (shown, all) = (self.visible.count(), self.count());
        let said = match (self.narrowed(), shown) {
            (false, _) => String::new(),
            (true, 0) => "Nothing found".to_owned(),
            (true, n) => format!("{} of {}", grouped(n as f64), grouped(all as f64)),
        };
        finder.count.set_text_content(Some(&said));
        let _ = finder.count.class_list().toggle_with_force("none", self.narrowed() && shown == 0);
        finder.clear.set_hidden(finder.field.value().is_empty());
        let cuts = self.view.filter.cuts().count();
        finder.filters_count.set_text_content(Some(&if cuts > 0 { cuts.to_string() } else { String::new() }));
    }

    fn leave_search(&mut self) {
        if self.tools.finder.field.value().is_empty() {
            let _ = self.page.canvas.focus();
            return;
        }
        self.tools.finder.field.set_value("");
        self.search();
    }
}

/// Listens to the field and its buttons.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    finding::listen_all(app);
    let borrowed = app.borrow();
    let finder = &borrowed.tools.finder;
    let shared = Shared::clone(app);
    listen(&finder.field, "input", move |_: Event| shared.borrow_mut().search())?;
    let shared = Shared::clone(app);
    listen(&finder.field, "keydown", move |event: KeyboardEvent| {
        let mut app = shared.borrow_mut();
        match event.key().as_str() {
            "Escape" => app.leave_search(),
            // From the question to its answers.
            "ArrowDown" | "Enter" => app.enter_table(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })?;
    let shared = Shared::clone(app);
    listen(&finder.clear, "click", move |_: Event| {
        let mut app = shared.borrow_mut();
        app.leave_search();
        let field = app.tools.finder.field.clone();
        // Focus is an event of its own, and may ask for the state.
        drop(app);
        let _ = field.focus();
    })?;
    let shared = Shared::clone(app);
    listen(&finder.filters, "click", move |_: Event| filters::toggle(&mut shared.borrow_mut()))?;
    let shared = Shared::clone(app);
    listen(&finder.table, "click", move |_: Event| shared.borrow_mut().toggle_table())
}
