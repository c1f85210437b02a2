//! A tag in the list of tags, with what changes it while it is edited.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use super::app::App;
use crate::describe::grouped;
use crate::tags::{LONGEST_NAME, LONGEST_NOTE, Tag};

/// Adds tag `k` to the list.
pub fn row(app: &App, k: usize, tag: &Tag) -> Option<()> {
    let (page, panel) = (&app.page, &app.tools.tags);
    let item = page.append(&panel.list, "li", "")?;
    item.set_attribute("data-tag", &k.to_string()).ok()?;
    let button = |parent: &Element, what: &str, text: &str| {
        let button = page.append(parent, "button", text)?;
        button.set_attribute("type", "button").ok()?;
        button.set_attribute("data-do", what).ok()?;
        Some(button)
    };
    let name = button(&item, "choose", "")?;
    name.set_attribute("title", "Select its sounds").ok()?;
    page.append(&name, "bdi", &tag.name)?;
    page.append(&name, "b", &grouped(tag.points.count() as f64))?;
    if !tag.note.is_empty() && panel.edited != Some(k) {
        page.append(&name, "small", &tag.note)?;
    }
    let edited = panel.edited == Some(k);
    let edit = button(&item, "edit", if edited { "Done" } else { "Edit" })?;
    edit.set_attribute("aria-expanded", if edited { "true" } else { "false" }).ok()?;
    edit.set_attribute("aria-label", &format!("Edit {}", tag.name)).ok()?;
    if edited {
        let form = page.append(&item, "div", "")?;
        form.set_attribute("class", "edit").ok()?;
        let field = page.append(&form, "input", "")?.dyn_into::<HtmlInputElement>().ok()?;
        field.set_type("text");
        field.set_value(&tag.name);
        field.set_max_length(LONGEST_NAME as i32);
        field.set_attribute("aria-label", "Name of the tag").ok()?;
        let note = page.append(&form, "textarea", "")?.dyn_into::<HtmlTextAreaElement>().ok()?;
        note.set_value(&tag.note);
        note.set_max_length(LONGEST_NOTE as i32);
        note.set_rows(3);
        note.set_placeholder("A note");
        note.set_attribute("aria-label", &format!("Note on {}", tag.name)).ok()?;
        let buttons = page.append(&form, "div", "")?;
        buttons.set_attribute("class", "buttons").ok()?;
        button(&buttons, "set", "Set to selection")?;
        button(&buttons, "delete", "Delete")?;
    }
    Some(())
}
