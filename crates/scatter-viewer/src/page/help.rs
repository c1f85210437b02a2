//! The panel that lists keys, mouse and touch. What it says stands in `index.html` alone.

use wasm_bindgen::JsValue;
use web_sys::{Document, Event, HtmlButtonElement, HtmlDialogElement};

use super::app::Shared;
use super::elements::by_id;
use super::events::listen;
use crate::trouble::Trouble;

/// Its elements.
pub struct Help {
    dialog: HtmlDialogElement,
    open: HtmlButtonElement,
    close: HtmlButtonElement,
}

impl Help {
    /// Finds them.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self { dialog: by_id(d, "help")?, open: by_id(d, "help-open")?, close: by_id(d, "help-close")? })
    }

    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.dialog.open()
    }

    /// Opens or closes it. The browser keeps the focus inside, and gives it back.
    pub fn toggle(&self) {
        match self.is_open() {
            true => self.dialog.close(),
            // Where it cannot be shown above the page, it stays closed.
            false => drop(self.dialog.show_modal()),
        }
    }
}

/// Listens to its buttons.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let help = &borrowed.tools.help;
    let dialog = help.dialog.clone();
    listen(&help.close, "click", move |_: Event| dialog.close())?;
    let shared = Shared::clone(app);
    listen(&help.open, "click", move |_: Event| shared.borrow().tools.help.toggle())
}
