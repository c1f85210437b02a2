//! A finger that rests on a point selects it, or lets it go, with a sign that is seen and felt.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Document, HtmlElement, PointerEvent, Window};

use super::app::{App, Shared};
use super::delay::Delay;
use super::elements::by_id;
use crate::gesture::{Drag, Place};
use crate::trouble::Trouble;

/// Milliseconds that a finger rests: what the systems of phones call a long press.
const LONG: i32 = 500;
/// Milliseconds that the phone shakes.
const SHAKE: u32 = 12;

/// The sign, and the wait for it.
pub struct Hold {
    sign: HtmlElement,
    waiting: Option<Delay>,
}

impl Hold {
    /// Finds its element.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self { sign: by_id(d, "held")?, waiting: None })
    }

    fn show(&self, [x, y]: Place, taken: bool) {
        let style = self.sign.style();
        for (name, value) in [("left", x), ("top", y)] {
            let _ = style.set_property(name, &format!("{value}px"));
        }
        let _ = self.sign.class_list().toggle_with_force("off", !taken);
        // Shown anew, it moves anew; reading its width makes the browser see that it was gone.
        self.sign.set_hidden(true);
        let _ = self.sign.offset_width();
        self.sign.set_hidden(false);
    }
}

impl App {
    /// A pointer went down that does `drag`: a finger or pen that stays will select.
    pub fn begin_hold(&mut self, event: &PointerEvent, drag: Drag) {
        if let Some(waiting) = &mut self.tools.hold.waiting {
            match event.pointer_type() != "mouse" && drag == Drag::Orbit {
                true => waiting.ask(LONG),
                false => waiting.call_off(),
            }
        }
    }

    fn held(&mut self) {
        let Some(at) = self.gestures.resting() else { return };
        // A finger that rests beside all points may still be about to turn the cloud.
        let Some(point) = self.cloud().pick(&self.lens(), &self.footprint(), at) else { return };
        self.gestures.spend();
        self.preview(point);
        let taken = self.toggle_selected(point);
        self.tools.hold.show(at, taken);
        shake(&self.page.window);
    }
}

/// Shakes the phone, where there is one that lets a page do so.
fn shake(window: &Window) {
    let navigator = window.navigator();
    let can = Reflect::has(&navigator, &JsValue::from_str("vibrate")).unwrap_or(false);
    let activation = navigator.user_activation();
    // Before the first tap browsers refuse, and complain of it.
    if can && !activation.is_undefined() && activation.has_been_active() {
        navigator.vibrate_with_duration(SHAKE);
    }
}

/// Begins to listen.
pub fn listen_all(app: &Shared) {
    let waiting = Delay::new(app, App::held);
    app.borrow_mut().tools.hold.waiting = Some(waiting);
}
