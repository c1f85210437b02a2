//! What is done after a rest.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::Window;

use super::app::{App, Shared};

/// An act that waits, and begins to wait again whenever it is asked for.
pub struct Delay {
    window: Window,
    act: Closure<dyn FnMut()>,
    timer: Option<i32>,
}

impl Delay {
    /// `act` on `app`, not asked for yet.
    pub fn new(app: &Shared, act: fn(&mut App)) -> Self {
        let window = app.borrow().page.window.clone();
        let app = Rc::downgrade(app);
        let act = Closure::new(move || {
            if let Some(app) = app.upgrade() {
                act(&mut app.borrow_mut());
            }
        });
        Self { window, act, timer: None }
    }

    /// Acts in `milliseconds`, and not before, however often it was asked for.
    pub fn ask(&mut self, milliseconds: i32) {
        self.call_off();
        let act = self.act.as_ref().unchecked_ref();
        let timer = self.window.set_timeout_with_callback_and_timeout_and_arguments_0(act, milliseconds);
        self.timer = timer.ok();
    }

    /// Nothing is wanted any more.
    pub fn call_off(&mut self) {
        if let Some(timer) = self.timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
    }
}
