//! The panel that lists keys, mouse and touch, which stand in `index.html` alone, and says which model heard the sounds.

use scatter_dataset::ModelInfo;
use wasm_bindgen::JsValue;
use web_sys::{Document, Event, HtmlButtonElement, HtmlDialogElement, HtmlElement};

use super::app::Shared;
use super::elements::by_id;
use super::events::listen;
use crate::hearer::Hearer;
use crate::trouble::Trouble;

/// Its elements.
pub struct Help {
    dialog: HtmlDialogElement,
    open: HtmlButtonElement,
    close: HtmlButtonElement,
    hearer: HtmlElement,
    hearer_name: HtmlElement,
    hearer_advice: HtmlElement,
    /// Beside the map's name, where a better model is to be had.
    heard_by: HtmlElement,
}

impl Help {
    /// Finds them.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            dialog: by_id(d, "help")?,
            open: by_id(d, "help-open")?,
            close: by_id(d, "help-close")?,
            hearer: by_id(d, "hearer")?,
            hearer_name: by_id(d, "hearer-name")?,
            hearer_advice: by_id(d, "hearer-advice")?,
            heard_by: by_id(d, "heard-by")?,
        })
    }

    /// Says which model heard the sounds; nothing where the dataset does not tell.
    pub fn say_hearer(&self, model: Option<&ModelInfo>) {
        let hearer = model.map(Hearer::of);
        let better = hearer.as_ref().filter(|hearer| hearer.advice.is_some());
        self.hearer.set_hidden(hearer.is_none());
        self.heard_by.set_hidden(better.is_none());
        if let Some(Hearer { name, .. }) = better {
            self.heard_by.set_text_content(Some(&format!("Heard by {name}")));
        }
        if let Some(Hearer { name, advice }) = &hearer {
            self.hearer_name.set_text_content(Some(name));
            self.hearer_advice.set_text_content(*advice);
            self.heard_by.set_title(advice.unwrap_or_default());
        }
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
