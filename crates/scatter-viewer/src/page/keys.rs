//! Keys: everything a pointer can do, without one.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::app::App;
use super::dock::Order;
use super::events::act;
use crate::gesture::Action;
use crate::roam::Direction;
use crate::view::Choosing;

/// Pixels that one press of an arrow key turns or moves.
const KEY_STEP: f32 = 36.0;
/// Factor of one press of a zoom key.
const KEY_ZOOM: f32 = 1.2;

/// True when the key meant something to the cloud.
pub fn press(app: &mut App, event: &KeyboardEvent) -> bool {
    // A dialog has the keys to itself, Escape above all.
    if app.tools.take.is_open() {
        return false;
    }
    if app.tools.help.is_open() {
        let closes = event.key() == "?";
        if closes {
            app.tools.help.toggle();
        }
        return closes;
    }
    if event.key() == "Escape" {
        if let Some(tool) = app.view.choosing {
            app.toggle_choosing(tool);
        }
        if app.tools.stroke.on {
            app.toggle_stroke();
        }
        app.escape();
        return true;
    }
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let tag = target.map(|t| t.tag_name()).unwrap_or_default();
    // Lists take letters, and every control its own arrows and Enter.
    if tag == "SELECT" || types(event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let on_cloud = tag == "CANVAS" || tag == "BODY";
    let arrow = match event.key().as_str() {
        "ArrowLeft" => Some(Direction::Left),
        "ArrowRight" => Some(Direction::Right),
        "ArrowUp" => Some(Direction::Up),
        "ArrowDown" => Some(Direction::Down),
        _ => None,
    };
    if let Some(direction) = arrow.filter(|_| on_cloud) {
        match event.shift_key() {
            true => app.orbit_by(direction),
            false => app.roam(direction),
        }
        return true;
    }
    match event.key().as_str() {
        "Home" if on_cloud => app.pan_by(-KEY_STEP, 0.0),
        "End" if on_cloud => app.pan_by(KEY_STEP, 0.0),
        "PageUp" if on_cloud => app.pan_by(0.0, -KEY_STEP),
        "PageDown" if on_cloud => app.pan_by(0.0, KEY_STEP),
        " " if on_cloud => return app.play_described(),
        "Enter" if on_cloud => {
            let Some(point) = app.described else { return false };
            app.click(point);
        }
        "+" | "=" => app.zoom_by(KEY_ZOOM),
        "-" => app.zoom_by(1.0 / KEY_ZOOM),
        "b" | "B" => app.toggle_choosing(Choosing::Box),
        "l" | "L" => app.toggle_choosing(Choosing::Lasso),
        "u" | "U" => app.toggle_choosing(Choosing::Brush),
        "[" => app.size_brush(false),
        "]" => app.size_brush(true),
        "a" | "A" => app.select_all(),
        "i" | "I" => app.invert(),
        "g" | "G" => app.grow(),
        "o" | "O" => app.play_selection(Order::Listed),
        "r" | "R" => app.toggle_table(),
        "/" => drop(app.tools.finder.field.focus()),
        "s" | "S" => return app.toggle_focus(),
        "t" | "T" => {
            if on_cloud && app.tools.tags.root.hidden() {
                app.choose_focus();
            }
            let _ = app.toggle_tags().focus();
        }
        "?" => app.tools.help.toggle(),
        "d" | "D" => app.toggle_stroke(),
        "m" | "M" => app.mute(),
        "f" | "F" => app.frame_all(),
        "n" | "N" => app.walk(1),
        "p" | "P" => app.walk(-1),
        _ => return false,
    }
    true
}

/// Whether the key goes into a text.
fn types(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.is_some_and(|t| match t.tag_name().as_str() {
        "TEXTAREA" => true,
        "INPUT" => {
            let kind = t.get_attribute("type").unwrap_or_default();
            !["range", "radio", "checkbox", "button"].contains(&kind.as_str())
        }
        _ => false,
    })
}

impl App {
    fn orbit_by(&mut self, direction: Direction) {
        let (dx, dy) = match direction {
            Direction::Left => (-KEY_STEP, 0.0),
            Direction::Right => (KEY_STEP, 0.0),
            Direction::Up => (0.0, -KEY_STEP),
            Direction::Down => (0.0, KEY_STEP),
        };
        act(self, Action::Orbit(dx, dy));
        self.cursor("");
    }

    fn pan_by(&mut self, dx: f32, dy: f32) {
        act(self, Action::Pan(-dx, -dy));
        self.cursor("");
    }

    fn zoom_by(&mut self, factor: f32) {
        let centre = self.camera.centre_on_screen();
        act(self, Action::Zoom(factor, centre));
    }
}
