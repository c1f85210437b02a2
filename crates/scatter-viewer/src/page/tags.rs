//! The panel of tags: a selection gets a name, a note, and can be found again.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, Event, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
    KeyboardEvent,
};

use super::app::{App, Shared};
use super::elements::{Elements, by_id};
use super::events::listen;
use super::keeping::Keeping;
use super::tag_row::row;
use super::{controls, filters, legend};
use crate::columns::TAGS;
use crate::selection::Join;
use crate::tags::Tags;
use crate::trouble::Trouble;

/// Its elements, and the tags.
pub struct TagPanel {
    pub root: HtmlElement,
    open: HtmlButtonElement,
    more: HtmlButtonElement,
    close: HtmlButtonElement,
    name: HtmlInputElement,
    add: HtmlButtonElement,
    colour: HtmlButtonElement,
    reason: HtmlElement,
    pub list: HtmlElement,
    empty: HtmlElement,
    pub all: Tags,
    keeping: Option<Keeping>,
    /// The tag that is being changed.
    pub edited: Option<usize>,
    /// It was asked to be deleted, and is asked back.
    doomed: bool,
}

impl TagPanel {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            root: by_id(d, "tags")?,
            open: by_id(d, "tags-open")?,
            more: by_id(d, "tag-selection")?,
            close: by_id(d, "tags-close")?,
            name: by_id(d, "tags-name")?,
            add: by_id(d, "tags-add")?,
            colour: by_id(d, "tags-colour")?,
            reason: by_id(d, "tags-reason")?,
            list: by_id(d, "tags-list")?,
            empty: by_id(d, "tags-empty")?,
            all: Tags::default(),
            keeping: None,
            edited: None,
            doomed: false,
        })
    }
}

impl App {
    /// Takes the tags that the browser keeps for the dataset.
    pub fn open_tags(&mut self) {
        let Some(shown) = &mut self.shown else { return };
        let keeping = Keeping::of(&self.page.window, &shown.config, &shown.data);
        let (tags, said) = keeping.read(shown.config.count);
        shown.attributes.set_tags(&tags, shown.config.count);
        self.tools.tags.all = tags;
        self.tools.tags.keeping = Some(keeping);
        if !said.is_empty() {
            self.page.note(said);
        }
    }

    /// Names of the tags of point `index`, in the order in which they were made.
    pub fn tags_of(&self, index: usize) -> Vec<String> {
        self.tools.tags.all.of(index).map(str::to_owned).collect()
    }

    /// Opens the panel, or closes it. The element that takes the keyboard then.
    pub fn toggle_tags(&mut self) -> HtmlElement {
        let open = self.tools.tags.root.hidden();
        self.tools.tags.root.set_hidden(!open);
        for button in [&self.tools.tags.open, &self.tools.tags.more] {
            let _ = button.set_attribute("aria-expanded", if open { "true" } else { "false" });
        }
        self.tools.tags.edited = None;
        self.fill_tags();
        match open {
            true => self.tools.tags.name.clone().into(),
            false => self.page.canvas.clone().into(),
        }
    }

    fn tag_selection(&mut self) {
        let (tags, selected) = (&mut self.tools.tags, self.selection.points());
        match tags.all.add(&tags.name.value(), selected) {
            Ok(_) => {
                tags.name.set_value("");
                self.tags_changed();
            }
            Err(reason) => Elements::say(&tags.reason, &reason.to_string()),
        }
    }

    /// Keeps the tags and shows them wherever they are shown.
    fn tags_changed(&mut self) {
        self.spread_tags();
        self.fill_tags();
    }

    /// Hands the tags to the browser, and says so where it does not keep them.
    fn keep_tags(&self) {
        let tags = &self.tools.tags;
        let kept = tags.keeping.as_ref().is_some_and(|keeping| keeping.write(&tags.all));
        let said = if kept {
            ""
        } else {
            "This browser does not keep the tags: they last until the page is closed."
        };
        Elements::say(&tags.reason, said);
    }

    /// The same, but for the panel's own list.
    fn spread_tags(&mut self) {
        self.keep_tags();
        let tags = &self.tools.tags;
        let Some(shown) = &mut self.shown else { return };
        let before = shown.attributes.find(TAGS);
        shown.attributes.set_tags(&tags.all, shown.config.count);
        let now = shown.attributes.find(TAGS);
        self.tools.table.set_columns(&self.page, shown);
        if let Some(column) = before {
            // Groups are others now: what hid some of them would hide others.
            self.view.filter.set_range(column, None);
            if self.view.colour == Some(column) {
                self.view.colour = now;
            }
        }
        self.refilter();
        controls::fill(self);
        self.recolour();
        legend::fill(self);
        filters::fill(self);
        self.describe_again();
    }

    /// Lists the tags.
    pub fn fill_tags(&self) {
        let panel = &self.tools.tags;
        if panel.root.hidden() {
            return;
        }
        panel.list.set_text_content(None);
        panel.empty.set_hidden(!panel.all.all().is_empty());
        panel.colour.set_hidden(panel.all.all().is_empty());
        for (k, tag) in panel.all.all().iter().enumerate() {
            // A tag that cannot be shown leaves the others.
            let _ = row(self, k, tag);
        }
    }

    fn press_tag(&mut self, target: &Element) -> Option<()> {
        let button = target.closest("[data-do]").ok()??;
        let place: usize = button.closest("li").ok()??.get_attribute("data-tag")?.parse().ok()?;
        let panel = &mut self.tools.tags;
        let tag = panel.all.all().get(place)?;
        let (points, what) = (tag.points.clone(), button.get_attribute("data-do")?);
        let doomed = std::mem::take(&mut panel.doomed);
        match what.as_str() {
            "choose" => self.select(&points, Join::Replace),
            "edit" => {
                panel.edited = if panel.edited == Some(place) { None } else { Some(place) };
                self.fill_tags();
            }
            "set" => {
                panel.all.set(place, self.selection.points());
                self.tags_changed();
            }
            "delete" if doomed => {
                panel.all.delete(place);
                panel.edited = None;
                self.tags_changed();
            }
            "delete" => {
                panel.doomed = true;
                button.set_text_content(Some("Really delete"));
            }
            _ => {}
        }
        Some(())
    }

    /// A name or a note was written.
    fn write_tag(&mut self, target: &Element) -> Option<()> {
        let place: usize = target.closest("li").ok()??.get_attribute("data-tag")?.parse().ok()?;
        let panel = &mut self.tools.tags;
        if let Some(note) = target.dyn_ref::<HtmlTextAreaElement>() {
            panel.all.note(place, &note.value());
            self.keep_tags();
            return Some(());
        }
        let name = target.dyn_ref::<HtmlInputElement>()?;
        match panel.all.rename(place, &name.value()) {
            Ok(()) => {
                // The list stays: whoever presses the next button must find it.
                let shown = target.closest("li").ok()??.query_selector("[data-do=choose] bdi").ok()??;
                shown.set_text_content(panel.all.all().get(place).map(|tag| tag.name.as_str()));
                self.spread_tags();
            }
            Err(reason) => Elements::say(&panel.reason, &reason.to_string()),
        }
        Some(())
    }

    /// Colours by tag.
    fn colour_by_tag(&mut self) {
        self.view.colour = self.shown.as_ref().and_then(|shown| shown.attributes.find(TAGS));
        self.recolour();
        legend::fill(self);
        controls::reflect(self);
        self.describe_again();
        self.stepped();
    }
}

/// Listens to the panel.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let panel = &borrowed.tools.tags;
    for button in [&panel.open, &panel.more, &panel.close] {
        let shared = Shared::clone(app);
        listen(button, "click", move |_: Event| {
            let next = shared.borrow_mut().toggle_tags();
            let _ = next.focus();
        })?;
    }
    let shared = Shared::clone(app);
    listen(&panel.add, "click", move |_: Event| shared.borrow_mut().tag_selection())?;
    let shared = Shared::clone(app);
    listen(&panel.colour, "click", move |_: Event| shared.borrow_mut().colour_by_tag())?;
    let shared = Shared::clone(app);
    listen(&panel.name, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            shared.borrow_mut().tag_selection();
        }
    })?;
    let shared = Shared::clone(app);
    listen(&panel.root, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            let next = shared.borrow_mut().toggle_tags();
            let _ = next.focus();
        }
    })?;
    let target = |event: &Event| event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let shared = Shared::clone(app);
    listen(&panel.list, "click", move |event: Event| {
        let _ = target(&event).and_then(|target| shared.borrow_mut().press_tag(&target));
    })?;
    let shared = Shared::clone(app);
    listen(&panel.list, "change", move |event: Event| {
        // A field that goes away while the list is made anew says so once more.
        if let (Some(target), Ok(mut app)) = (target(&event), shared.try_borrow_mut()) {
            let _ = app.write_tag(&target);
        }
    })
}
