//! A row of the table and its headings as they stand on the page.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::app::Shown;
use super::elements::Elements;
use crate::cells::{Cells, Listed};
use crate::palette::Rgb;

/// A row that stands on the page.
pub struct Row {
    pub element: HtmlElement,
    swatch: HtmlElement,
    cells: Vec<Element>,
    /// What it shows.
    pub shows: Option<Shows>,
}

/// What a row shows.
#[derive(Clone, Copy, PartialEq)]
pub struct Shows {
    pub index: usize,
    pub point: usize,
    pub at: f64,
    pub selected: bool,
    pub hovered: bool,
    pub focus: bool,
    pub active: bool,
    pub sounds: bool,
    pub colour: Option<Rgb>,
}

/// The dataset, cell by cell.
pub fn cells(shown: &Shown) -> Cells<'_> {
    Cells { config: &shown.config, data: &shown.data, attributes: &shown.attributes }
}

/// Adds the heading of column `k`.
pub fn heading(page: &Elements, head: &Element, k: usize, column: &Listed) -> Option<()> {
    let cell = page.append(head, "div", "")?;
    cell.set_attribute("role", "columnheader").ok()?;
    cell.set_attribute("aria-colindex", &(k + 1).to_string()).ok()?;
    cell.set_attribute("class", if column.numeric { "number" } else { "" }).ok()?;
    let button = page.append(&cell, "button", "")?;
    button.set_attribute("type", "button").ok()?;
    button.set_attribute("data-sort", &k.to_string()).ok()?;
    page.append(&button, "bdi", &column.title)?;
    page.append(&button, "small", column.unit.as_deref().unwrap_or_default())?;
    Some(())
}

/// A new row without contents.
pub fn row(page: &Elements, body: &Element, columns: &[Listed]) -> Option<Row> {
    let element = page.append(body, "div", "")?.dyn_into::<HtmlElement>().ok()?;
    element.set_attribute("role", "row").ok()?;
    element.set_attribute("class", "row-of-table").ok()?;
    let mut cells = Vec::new();
    let mut swatch = None;
    for (k, column) in columns.iter().enumerate() {
        let cell = page.append(&element, "div", "")?;
        cell.set_attribute("role", if k == 0 { "rowheader" } else { "gridcell" }).ok()?;
        cell.set_attribute("aria-colindex", &(k + 1).to_string()).ok()?;
        cell.set_attribute("class", if column.numeric { "number" } else { "" }).ok()?;
        if k == 0 {
            swatch = page.append(&cell, "i", "").and_then(|i| i.dyn_into::<HtmlElement>().ok());
        }
        cells.push(page.append(&cell, "bdi", "")?);
    }
    Some(Row { element, swatch: swatch?, cells, shows: None })
}

impl Row {
    /// Shows `new`, touching only what differs from what it shows.
    pub fn show(&mut self, new: Shows, columns: &[Listed], shown: &Shown) {
        let old = self.shows.replace(new);
        if old == Some(new) {
            return;
        }
        let element = &self.element;
        if old.is_none_or(|old| (old.index, old.point) != (new.index, new.point)) {
            element.set_id(&format!("row-{}", new.point));
            for (name, value) in [("data-point", new.point), ("aria-rowindex", new.index + 2)] {
                let _ = element.set_attribute(name, &value.to_string());
            }
            let cells_of = cells(shown);
            for (cell, column) in self.cells.iter().zip(columns) {
                let text = cells_of.text(column, new.point);
                cell.set_text_content(Some(&text));
                // Longer texts are cut by the page; a title says all of it.
                let _ = cell.set_attribute("title", if text.chars().count() > 14 { &text } else { "" });
            }
        }
        if old.is_none_or(|old| old.at != new.at) {
            let _ = element.style().set_property("transform", &format!("translateY({:.1}px)", new.at));
        }
        let _ = element.set_attribute("aria-selected", if new.selected { "true" } else { "false" });
        let marks =
            [("met", new.hovered), ("focus", new.focus), ("active", new.active), ("sounds", new.sounds)];
        for (class, on) in marks {
            let _ = element.class_list().toggle_with_force(class, on);
        }
        self.swatch.set_hidden(new.colour.is_none());
        if let Some([r, g, b]) = new.colour {
            let _ = self.swatch.style().set_property("background-color", &format!("rgb({r} {g} {b})"));
        }
        element.set_hidden(false);
    }
}
