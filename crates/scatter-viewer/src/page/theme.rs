//! Dark and light: the system's choice, or the person's, which is remembered.

use wasm_bindgen::JsValue;
use web_sys::{Event, Window};

use super::app::{App, Shared};
use super::elements::Elements;
use super::events::listen;
use super::legend;
use super::preferences::{keep, kept};
use crate::theme::Theme;

/// Where the choice is kept; `main.js` reads it as well, so that the page does not flash.
const KEY: &str = "scatter-sounds-theme";
const PREFERS_LIGHT: &str = "(prefers-color-scheme: light)";

/// The theme that the page has now.
pub fn current(window: &Window) -> Theme {
    let prefers_light = window.match_media(PREFERS_LIGHT).ok().flatten().is_some_and(|query| query.matches());
    // A browser that keeps nothing lets the system choose.
    Theme::resolve(kept(window, KEY).as_deref(), prefers_light)
}

/// Listens to the switch and to the system.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let (button, window) = {
        let app = app.borrow();
        label(&app.page, app.theme);
        (app.page.theme.clone(), app.page.window.clone())
    };
    let shared = Shared::clone(app);
    listen(&button, "click", move |_: Event| {
        let mut app = shared.borrow_mut();
        let theme = app.theme.other();
        keep(&app.page.window, KEY, theme.name());
        if let Some(root) = app.page.document.document_element() {
            let _ = root.set_attribute("data-theme", theme.name());
        }
        wear(&mut app, theme);
    })?;
    if let Ok(Some(query)) = window.match_media(PREFERS_LIGHT) {
        let shared = Shared::clone(app);
        listen(&query, "change", move |_: Event| {
            let mut app = shared.borrow_mut();
            let theme = current(&app.page.window);
            wear(&mut app, theme);
        })?;
    }
    Ok(())
}

fn wear(app: &mut App, theme: Theme) {
    app.theme = theme;
    label(&app.page, theme);
    app.recolour();
    legend::fill(app);
    app.describe_again();
}

fn label(page: &Elements, theme: Theme) {
    let words = match theme {
        Theme::Dark => "Light theme",
        Theme::Light => "Dark theme",
    };
    for name in ["aria-label", "title"] {
        // A switch without a name still works.
        let _ = page.theme.set_attribute(name, words);
    }
}
