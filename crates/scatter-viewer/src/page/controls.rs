//! The controls: filled for a dataset, read when one changes.

use scatter_dataset::{Index, Kind};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlInputElement, HtmlOptionElement, HtmlSelectElement};

use super::app::{App, Shared};
use super::elements::Elements;
use super::events::listen;
use crate::address::query_for;
use crate::describe::{LONGEST, cut, grouped};

/// Labels that the legend lists: more nobody reads, and each is an element.
const LEGEND: usize = 500;

/// Lists the datasets; `current` is the one that is shown.
pub fn fill_datasets(page: &Elements, index: &Index, current: Option<&str>) {
    page.dataset.set_text_content(None);
    if current.is_none() {
        page.append(&page.dataset, "option", "Choose a dataset");
    }
    for entry in &index.datasets {
        let name = entry.name.as_str();
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
    if let Some(body) = page.document.body() {
        let _ = body.class_list().add_1("ready");
    }
    let what = match shown.config.kind {
        Kind::Clips => "sounds",
        Kind::Recording => "windows",
    };
    page.summary.set_text_content(Some(&format!("{} {what}", grouped(shown.config.count as f64))));
    let has_sprites = !shown.pages.is_empty();
    page.draw_sprites.set_disabled(!has_sprites);
    page.draw_sprites.set_checked(has_sprites);
    page.draw_points.set_checked(!has_sprites);
    app.view.sprites = has_sprites;
    let reason = shown.attributes.no_labels();
    page.colour_label.set_disabled(!reason.is_empty());
    Elements::say(&page.colour_reason, reason);
    let layouts = &shown.layouts.all;
    page.projection_set.set_hidden(layouts.len() < 2);
    page.projection.set_text_content(None);
    for (k, layout) in layouts.iter().enumerate() {
        // A page without this radio button would still show the first projection.
        let _ = radio(page, &layout.title, k, k == app.view.layout);
    }
    fill_legend(app);
}

fn radio(page: &Elements, title: &str, value: usize, checked: bool) -> Option<()> {
    let label = page.append(&page.projection, "label", "")?;
    let input = page.append(&label, "input", "")?.dyn_into::<HtmlInputElement>().ok()?;
    input.set_type("radio");
    input.set_name("projection");
    input.set_value(&value.to_string());
    input.set_checked(checked);
    page.append(&label, "span", title)?.set_attribute("dir", "auto").ok()?;
    Some(())
}

fn fill_legend(app: &App) {
    let page = &app.page;
    page.legend_list.set_text_content(None);
    let column = app.shown.as_ref().zip(app.view.colour).and_then(|(shown, k)| shown.attributes.get(k));
    let groups = column.and_then(|column| column.categories());
    page.legend.set_hidden(groups.is_none());
    let all = groups.map_or(&[][..], |groups| &groups.all);
    for (k, label) in all.iter().take(LEGEND).enumerate() {
        let Some(row) = page.append(&page.legend_list, "li", "") else { continue };
        let [r, g, b] = app.colouring.groups[k];
        if let Some(swatch) =
            page.append(&row, "i", "").and_then(|i| i.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = swatch.style().set_property("background-color", &format!("rgb({r} {g} {b})"));
        }
        let shown = cut(&label.name, LONGEST);
        if let Some(name) = page.append(&row, "span", &shown) {
            let _ = name.set_attribute("dir", "auto");
            let _ = name.set_attribute("title", &shown);
        }
        page.append(&row, "b", &grouped(label.count as f64));
    }
    if let Some(rest) = all.len().checked_sub(LEGEND).filter(|&rest| rest > 0) {
        page.append(&page.legend_list, "li", &format!("… and {} more", grouped(rest as f64)));
    }
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
        })?;
    }
    for element in [&page.shape_cartesian, &page.shape_spherical] {
        on(element, |app| {
            app.view.spherical = app.page.shape_spherical.checked();
            app.place();
        })?;
    }
    on(&page.projection, |app| {
        let chosen = app.page.projection.query_selector("input:checked").ok().flatten();
        let chosen = chosen.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        app.view.layout = chosen.and_then(|input| input.value().parse().ok()).unwrap_or(0);
        app.place();
    })?;
    for element in [&page.colour_default, &page.colour_label] {
        on(element, |app| {
            app.view.colour = app.page.colour_label.checked().then_some(0);
            app.recolour();
            fill_legend(app);
            app.describe_again();
        })?;
    }
    on(&page.auto_orbit, |app| {
        app.view.auto_orbit = app.page.auto_orbit.checked();
        (app.ask_frame)();
    })?;
    let shared = Shared::clone(app);
    listen(&page.size, "input", move |_: Event| {
        let mut app = shared.borrow_mut();
        app.view.size = app.page.size.value_as_number() as f32;
        (app.ask_frame)();
    })?;
    let shared = Shared::clone(app);
    listen(&page.select, "click", move |_: Event| toggle_box(&mut shared.borrow_mut()))?;
    let shared = Shared::clone(app);
    listen(&page.reset, "click", move |_: Event| shared.borrow_mut().frame_all())?;
    let shared = Shared::clone(app);
    listen(&page.panel_handle, "click", move |_: Event| toggle_sheet(&mut shared.borrow_mut()))?;
    listen_dataset(&page.dataset)
}

/// Switches box selection on or off.
pub fn toggle_box(app: &mut App) {
    app.view.box_select = !app.view.box_select;
    let _ = app.page.select.set_attribute("aria-pressed", if app.view.box_select { "true" } else { "false" });
    app.cursor("");
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
            // A browser that refuses leaves the page as it is.
            let _ = window.location().set_search(&query_for(&name));
        }
    })
}
