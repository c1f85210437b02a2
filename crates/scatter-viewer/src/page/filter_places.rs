//! The places of filters on the page: one a column, with its groups or its range.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::app::App;
use crate::columns::{Attribute, Values};
use crate::describe::{LONGEST, cut, grouped};

/// Groups that are offered of one column.
const LISTED: usize = 500;

/// Makes the place of column `k` in `list`.
pub fn place(app: &App, k: usize, column: &Attribute) -> Option<()> {
    let page = &app.page;
    let group = page.append(&app.tools.filters.list, "fieldset", "")?;
    group.set_attribute("data-column", &k.to_string()).ok()?;
    let title = page.append(&group, "legend", "")?;
    page.append(&title, "bdi", &column.title)?;
    let unit = column.numbers().and_then(|(numbers, _)| numbers.unit.clone());
    page.append(&title, "small", &unit.unwrap_or_default())?;
    let remove = page.append(&group, "button", "×")?;
    for (name, value) in [("type", "button"), ("class", "remove")] {
        remove.set_attribute(name, value).ok()?;
    }
    remove.set_attribute("aria-label", &format!("Remove the filter {}", column.title)).ok()?;
    match &column.values {
        Values::Categories(groups) => {
            let chips = page.append(&group, "div", "")?;
            chips.set_attribute("class", "chips").ok()?;
            for (g, category) in groups.all.iter().take(LISTED).enumerate() {
                let chip = page.append(&chips, "button", "")?;
                for (name, value) in
                    [("type", "button"), ("data-group", &g.to_string()), ("aria-pressed", "false")]
                {
                    chip.set_attribute(name, value).ok()?;
                }
                page.append(&chip, "bdi", &cut(&category.name, LONGEST))?;
                page.append(&chip, "b", &grouped(category.count as f64))?;
            }
        }
        Values::Numbers(numbers) => {
            let ends = numbers.scale.as_ref()?.ends;
            let row = page.append(&group, "div", "")?;
            row.set_attribute("class", "between").ok()?;
            for (which, word, end) in [("low", "from", ends[0]), ("high", "to", ends[1])] {
                let label = page.append(&row, "label", word)?;
                let input = page.append(&label, "input", "")?.dyn_into::<HtmlInputElement>().ok()?;
                input.set_type("number");
                input.set_step("any");
                input.set_placeholder(&end.to_string());
                input.set_attribute("data-end", which).ok()?;
                input.set_attribute("aria-label", &format!("{} {word}", column.title)).ok()?;
            }
        }
        Values::Texts(_) => {}
    }
    Some(())
}

/// The places that there are, with their columns.
pub fn places(app: &App) -> Vec<(usize, Element)> {
    let mut places = Vec::new();
    each(&app.tools.filters.list, "[data-column]", |place| {
        if let Some(column) = place.get_attribute("data-column").and_then(|k| k.parse().ok()) {
            places.push((column, place.clone()));
        }
    });
    places
}

/// Shows `see` each element below `root` that `selector` names.
pub fn each(root: &Element, selector: &str, mut see: impl FnMut(&Element)) {
    let Ok(found) = root.query_selector_all(selector) else { return };
    for k in 0..found.length() {
        if let Some(element) = found.item(k).and_then(|node| node.dyn_into::<Element>().ok()) {
            see(&element);
        }
    }
}

/// The column of the place in which `element` stands.
pub fn column_of(element: &Element) -> Option<usize> {
    element.closest("[data-column]").ok()??.get_attribute("data-column")?.parse().ok()
}
