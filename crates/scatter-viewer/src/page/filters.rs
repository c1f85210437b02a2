//! Filters by column: groups to keep, ranges of numbers, and whether a sound has a duplicate. They join.

use scatter_dataset::columns;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

use super::app::{App, Shared};
use super::elements::by_id;
use super::events::listen;
use super::filter_places::{column_of, each, place, places};
use super::legend;
use crate::categories::NO_NAME;
use crate::point_set::PointSet;
use crate::trouble::Trouble;

/// Its elements, and the columns that have a place in it.
pub struct Filters {
    pub root: HtmlElement,
    pub list: HtmlElement,
    add: HtmlSelectElement,
    twins_row: HtmlElement,
    twins: HtmlInputElement,
    columns: Vec<usize>,
}

impl Filters {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            root: by_id(d, "filters")?,
            list: by_id(d, "filters-list")?,
            add: by_id(d, "filters-add")?,
            twins_row: by_id(d, "filters-twins-row")?,
            twins: by_id(d, "filters-twins")?,
            columns: Vec::new(),
        })
    }
}

/// The column that says which sounds have a duplicate, its group of those that have none, and how many groups there are.
fn twins(app: &App) -> Option<(usize, usize, usize)> {
    let attributes = &app.shown.as_ref()?.attributes;
    let column = attributes.find(columns::DUPLICATE)?;
    let groups = attributes.get(column)?.categories()?;
    Some((column, groups.all.iter().position(|group| group.name == NO_NAME)?, groups.all.len()))
}

/// Opens or closes them.
pub fn toggle(app: &mut App) {
    let open = app.tools.filters.root.hidden();
    app.tools.filters.root.set_hidden(!open);
    let _ = app.tools.finder.filters.set_attribute("aria-expanded", if open { "true" } else { "false" });
    if open {
        fill(app);
    }
}

/// Makes a place for each column that is filtered or was asked for.
pub fn fill(app: &mut App) {
    for (column, _) in app.view.filter.cuts() {
        if !app.tools.filters.columns.contains(&column) && Some(column) != twins(app).map(|t| t.0) {
            app.tools.filters.columns.push(column);
        }
    }
    let (filters, page) = (&app.tools.filters, &app.page);
    let Some(shown) = &app.shown else { return };
    filters.list.set_text_content(None);
    for (k, column) in filters.columns.iter().filter_map(|&k| Some((k, shown.attributes.get(k)?))) {
        // A column that cannot be shown leaves the others.
        let _ = place(app, k, column);
    }
    filters.add.set_text_content(None);
    let option = |value: &str, text: &str| {
        page.append(&filters.add, "option", text).and_then(|o| o.set_attribute("value", value).ok())
    };
    option("", "Add a filter…");
    let told = twins(app).map(|t| t.0);
    for (k, column) in shown.attributes.all.iter().enumerate() {
        if column.tells_apart() && !filters.columns.contains(&k) && Some(k) != told {
            option(&k.to_string(), &column.title);
        }
    }
    filters.twins_row.set_hidden(told.is_none());
    refresh(app);
}

/// Shows what is filtered, without touching what a keyboard or a finger is on.
pub fn refresh(app: &App) {
    if app.tools.filters.root.hidden() {
        return;
    }
    let filter = &app.view.filter;
    for (k, group) in places(app) {
        let Some(column) = app.attribute(Some(k)) else { continue };
        if let Some(groups) = column.categories() {
            // None pressed means that all are shown.
            let cuts = (0..groups.all.len()).any(|g| filter.hides(k, g));
            each(&group, "button[data-group]", |chip| {
                let g = chip.get_attribute("data-group").and_then(|g| g.parse().ok()).unwrap_or(usize::MAX);
                let pressed = cuts && !filter.hides(k, g);
                let _ = chip.set_attribute("aria-pressed", if pressed { "true" } else { "false" });
            });
        }
        if let Some((_, scale)) = column.numbers() {
            let range = filter.range(k);
            each(&group, "input", |input| {
                let Some(input) = input.dyn_ref::<HtmlInputElement>() else { return };
                let end = usize::from(input.get_attribute("data-end").as_deref() == Some("high"));
                let value = range.map(|range| range[end]).filter(|&v| v != scale.ends[end]);
                let typed = app.page.document.active_element().is_some_and(|a| &a == input.as_ref());
                if !typed {
                    input.set_value(&value.map(|v| v.to_string()).unwrap_or_default());
                }
            });
        }
    }
    if let Some((column, none, _)) = twins(app) {
        app.tools.filters.twins.set_checked(filter.hides(column, none));
    }
}

fn press(app: &mut App, target: &Element) -> Option<()> {
    let button = target.closest("button").ok()??;
    let column = column_of(&button)?;
    if button.class_list().contains("remove") {
        app.tools.filters.columns.retain(|&k| k != column);
        app.view.filter.set_range(column, None);
        legend::filtered(app);
        app.stepped();
        fill(app);
        return Some(());
    }
    let group: usize = button.get_attribute("data-group")?.parse().ok()?;
    let groups = app.attribute(Some(column))?.categories()?.all.len();
    let filter = &app.view.filter;
    let mut hidden = PointSet::of(groups, (0..groups).filter(|&g| filter.hides(column, g)));
    if hidden.is_empty() {
        // The first one pressed is the only one shown.
        hidden = PointSet::all(groups);
    }
    match hidden.contains(group) {
        true => hidden.remove(group),
        false => hidden.insert(group),
    }
    // The last one let go of shows all again.
    if hidden.count() == groups {
        hidden = PointSet::none(groups);
    }
    app.view.filter.set_hidden(column, hidden);
    legend::filtered(app);
    app.stepped();
    Some(())
}

fn cut_numbers(app: &mut App, target: &Element) -> Option<()> {
    let column = column_of(target)?;
    let (_, scale) = app.attribute(Some(column))?.numbers()?;
    let mut range = scale.ends;
    let place = target.closest("[data-column]").ok()??;
    each(&place, "input", |input| {
        let Some(input) = input.dyn_ref::<HtmlInputElement>() else { return };
        let value = input.value_as_number() as f32;
        let high = input.get_attribute("data-end").as_deref() == Some("high");
        if value.is_finite() {
            range[usize::from(high)] = value;
        }
    });
    let ends = scale.ends;
    // The wrong way round is meant the right way round.
    let range = [range[0].min(range[1]), range[0].max(range[1])];
    let cut = [range[0].max(ends[0]), range[1].min(ends[1])];
    let whole = cut == ends;
    app.view.filter.set_range(column, (!whole).then_some(range));
    legend::filtered(app);
    Some(())
}

/// Listens to them.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let filters = &borrowed.tools.filters;
    let target = |event: &Event| event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let shared = Shared::clone(app);
    listen(&filters.list, "click", move |event: Event| {
        let _ = target(&event).and_then(|target| press(&mut shared.borrow_mut(), &target));
    })?;
    let shared = Shared::clone(app);
    listen(&filters.list, "input", move |event: Event| {
        let _ = target(&event).and_then(|target| cut_numbers(&mut shared.borrow_mut(), &target));
    })?;
    let shared = Shared::clone(app);
    listen(&filters.list, "change", move |_: Event| {
        // A field that goes away says so while the list is made anew.
        if let Ok(mut app) = shared.try_borrow_mut() {
            app.stepped();
        }
    })?;
    let shared = Shared::clone(app);
    listen(&filters.add, "change", move |_: Event| {
        let mut app = shared.borrow_mut();
        if let Ok(column) = app.tools.filters.add.value().parse() {
            app.tools.filters.columns.push(column);
            fill(&mut app);
        }
    })?;
    let shared = Shared::clone(app);
    listen(&filters.twins, "change", move |_: Event| {
        let mut app = shared.borrow_mut();
        let Some((column, none, groups)) = twins(&app) else { return };
        let only = app.tools.filters.twins.checked();
        let hidden = PointSet::of(groups, only.then_some(none));
        app.view.filter.set_hidden(column, hidden);
        legend::filtered(&mut app);
        app.stepped();
    })?;
    let shared = Shared::clone(app);
    listen(&filters.root, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            let mut app = shared.borrow_mut();
            toggle(&mut app);
            let button = app.tools.finder.filters.clone();
            drop(app);
            let _ = button.focus();
        }
    })
}
