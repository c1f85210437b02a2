//! The controls: filled for a dataset, read when one changes.

use scatter_dataset::Index;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlInputElement, HtmlOptionElement, HtmlSelectElement};

use super::app::{App, Shared};
use super::elements::Elements;
use super::events::listen;
use super::legend;
use super::moving::Way;
use crate::address::query_for;
use crate::columns::{Attribute, Attributes};

/// Lists the datasets; `current` is the one that is shown.
pub fn fill_datasets(page: &Elements, index: &Index, current: Option<&str>) {
    page.dataset.set_text_content(None);
    if current.is_none() {
        page.append(&page.dataset, "option", "Choose a dataset");
    }
    let listed = index.datasets.iter().map(|entry| entry.name.as_str());
    // A map can be opened by its address where no list tells of it.
    let unlisted = current.filter(|name| listed.clone().all(|other| other != *name));
    for name in unlisted.into_iter().chain(listed) {
        let option =
            page.append(&page.dataset, "option", name).and_then(|o| o.dyn_into::<HtmlOptionElement>().ok());
        if let Some(option) = option {
            option.set_value(name);
            option.set_selected(Some(name) == current);
        }
    }
    page.dataset.set_disabled(index.datasets.is_empty());
}

/// Sets the controls to what the dataset offers.
pub fn fill(app: &mut App) {
    let Some(shown) = &app.shown else { return };
    let page = &app.page;
    let _ = page.panel.remove_attribute("inert");
    let has_sprites = shown.has_tiles;
    page.draw_sprites.set_disabled(!has_sprites);
    app.view.sprites &= has_sprites;
    let layouts = &shown.layouts.all;
    page.projection_set.set_hidden(layouts.len() < 2);
    page.projection.set_text_content(None);
    for (k, layout) in layouts.iter().enumerate() {
        // A page without this radio button would still show the first projection.
        let _ = radio(page, &layout.title, k);
    }
    fill_columns(page, &shown.attributes);
    reflect(app);
}

/// Sets the controls to what is chosen.
pub fn reflect(app: &App) {
    let (page, view) = (&app.page, &app.view);
    let Some(shown) = &app.shown else { return };
    page.draw_sprites.set_checked(view.sprites);
    page.draw_points.set_checked(!view.sprites);
    page.shape_cartesian.set_checked(!view.spherical);
    page.shape_spherical.set_checked(view.spherical);
    let chosen = page.projection.query_selector(&format!("input[value=\"{}\"]", view.layout)).ok().flatten();
    if let Some(input) = chosen.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.set_checked(true);
    }
    let hint = shown.layouts.all.get(view.layout).filter(|_| !view.spherical);
    Elements::say(&page.projection_hint, hint.map_or("", |layout| &layout.hint));
    for (select, column) in [(&page.colour, view.colour), (&page.size_by, view.size_by)] {
        let key = column.and_then(|k| shown.attributes.get(k)).map_or("", |column| &column.key);
        select.set_value(key);
    }
    // Whoever found another column does not miss the labels.
    let reason = if view.colour.is_none() { shown.attributes.no_labels() } else { String::new() };
    Elements::say(&page.colour_reason, &reason);
    page.size.set_value(&view.size.to_string());
    page.names_on.set_checked(view.names);
    page.auto_orbit.set_checked(view.auto_orbit);
    app.tools.chooser.reflect(view.choosing);
}

/// Offers the columns that tell points apart.
fn fill_columns(page: &Elements, attributes: &Attributes) {
    for (select, nothing, sizes) in [(&page.colour, "Default", false), (&page.size_by, "All alike", true)] {
        select.set_text_content(None);
        option(page, select, nothing, "");
        let groups = attributes.all.iter().filter(|column| column.categories().is_some() && !sizes);
        let numbers = attributes.all.iter().filter(|column| column.numbers().is_some());
        let parts: [(&str, Vec<&Attribute>); 2] =
            [("Groups", groups.collect()), ("Numbers", numbers.collect())];
        for (name, columns) in parts.iter().filter(|(_, columns)| !columns.is_empty()) {
            let Some(part) = page.append(select, "optgroup", "") else { continue };
            // Without its heading the part still holds its columns.
            let _ = part.set_attribute("label", name);
            columns.iter().for_each(|column| option(page, &part, &column.title, &column.key));
        }
        let several = parts.iter().any(|(_, columns)| !columns.is_empty());
        select.set_disabled(!several);
    }
}

fn option(page: &Elements, parent: &Element, text: &str, value: &str) {
    let option = page.append(parent, "option", text).and_then(|o| o.dyn_into::<HtmlOptionElement>().ok());
    if let Some(option) = option {
        option.set_value(value);
    }
}

fn radio(page: &Elements, title: &str, value: usize) -> Option<()> {
    let label = page.append(&page.projection, "label", "")?;
    let input = page.append(&label, "input", "")?.dyn_into::<HtmlInputElement>().ok()?;
    input.set_type("radio");
    input.set_name("projection");
    input.set_value(&value.to_string());
    page.append(&label, "span", title)?.set_attribute("dir", "auto").ok()?;
    Some(())
}

/// Listens to all controls.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let page = app.borrow();
    let page = &page.page;
    let on = |element: &Element, change: fn(&mut App)| {
        let app = Shared::clone(app);
        listen(element, "change", move |_: Event| change(&mut app.borrow_mut()))
    };
    for element in [&page.draw_sprites, &page.draw_points] {
        on(element, |app| {
            app.view.sprites = app.page.draw_sprites.checked();
            (app.ask_frame)();
            app.stepped();
        })?;
    }
    for element in [&page.shape_cartesian, &page.shape_spherical] {
        on(element, |app| {
            let spherical = app.page.shape_spherical.checked();
            app.lay_out(app.view.layout, spherical, Way::Followed);
            reflect(app);
            app.stepped();
        })?;
    }
    on(&page.projection, |app| {
        let chosen = app.page.projection.query_selector("input:checked").ok().flatten();
        let chosen = chosen.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        let layout = chosen.and_then(|input| input.value().parse().ok()).unwrap_or(0);
        app.lay_out(layout, app.view.spherical, Way::Followed);
        reflect(app);
        app.stepped();
    })?;
    on(&page.colour, |app| {
        app.view.colour = column(app, &app.page.colour);
        app.recolour();
        legend::fill(app);
        reflect(app);
        app.describe_again();
        app.stepped();
    })?;
    on(&page.size_by, |app| {
        app.view.size_by = column(app, &app.page.size_by);
        app.regrow();
        app.stepped();
    })?;
    on(&page.names_on, |app| {
        app.view.names = app.page.names_on.checked();
        (app.ask_frame)();
        app.stepped();
    })?;
    on(&page.auto_orbit, |app| {
        app.view.auto_orbit = app.page.auto_orbit.checked();
        (app.ask_frame)();
        app.drifted();
    })?;
    let shared = Shared::clone(app);
    listen(&page.size, "input", move |_: Event| {
        let mut app = shared.borrow_mut();
        app.view.size = app.page.size.value_as_number() as f32;
        (app.ask_frame)();
        app.drifted();
    })?;
    let shared = Shared::clone(app);
    listen(&page.reset, "click", move |_: Event| shared.borrow_mut().frame_all())?;
    let shared = Shared::clone(app);
    listen(&page.panel_handle, "click", move |_: Event| toggle_sheet(&mut shared.borrow_mut()))
}

/// The column that a list names.
fn column(app: &App, select: &HtmlSelectElement) -> Option<usize> {
    app.shown.as_ref()?.attributes.find(&select.value())
}

fn toggle_sheet(app: &mut App) {
    let handle = &app.page.panel_handle;
    let open = handle.get_attribute("aria-expanded").as_deref() != Some("true");
    let _ = handle.set_attribute("aria-expanded", if open { "true" } else { "false" });
    if let Some(body) = app.page.document.body() {
        let _ = body.class_list().toggle_with_force("sheet-open", open);
    }
    // The cloud moves to what is left of the screen.
    app.resize();
}

/// Choosing a dataset opens its address, so that it can be kept and sent.
pub fn listen_dataset(select: &HtmlSelectElement) -> Result<(), JsValue> {
    let chosen = select.clone();
    listen(select, "change", move |_: Event| {
        let Ok(name) = scatter_dataset::DatasetName::new(&chosen.value()) else { return };
        if let Some(window) = web_sys::window() {
            // Without what the address says of this one's view. A browser that refuses leaves the page as it is.
            let _ = window.location().set_href(&query_for(&name));
        }
    })
}
