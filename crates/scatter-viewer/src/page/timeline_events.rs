//! What a pointer, a wheel and keys do on the timeline.

use wasm_bindgen::JsValue;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};

use super::app::{App, Shared};
use super::events::listen;
use crate::gesture::{Action, Drag};
use crate::point_set::PointSet;
use crate::selection::Join;

/// Listens to the timeline of a recording, whose picture comes with the sprite pages.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let panel = &borrowed.tools.timeline;
    if panel.line.is_none() {
        return Ok(());
    }
    for (element, drag) in [(&panel.view, Drag::Box), (panel.ruler.as_ref(), Drag::Pan)] {
        on_pointer(app, element, drag)?;
    }
    let shared = Shared::clone(app);
    listen(&panel.root, "wheel", move |event: WheelEvent| {
        event.prevent_default();
        wheel(&mut shared.borrow_mut(), &event);
    })?;
    let shared = Shared::clone(app);
    listen(&panel.view, "keydown", move |event: KeyboardEvent| {
        if press(&mut shared.borrow_mut(), &event.key()) {
            event.prevent_default();
            event.stop_propagation();
        }
    })?;
    let shared = Shared::clone(app);
    listen(&panel.play, "click", move |_: web_sys::Event| {
        let mut app = shared.borrow_mut();
        match app.voices.tape_voice() {
            Some(_) => app.silence(),
            None => {
                let from = app.tools.timeline.cursor;
                let whole = app.tools.timeline.line.as_ref().map_or(0.0, |line| line.whole());
                app.play_from(if from + 0.05 < whole { from } else { 0.0 });
            }
        }
    })?;
    let shared = Shared::clone(app);
    listen(&panel.all, "click", move |_: web_sys::Event| {
        let mut app = shared.borrow_mut();
        if let Some(line) = &mut app.tools.timeline.line {
            line.show_all();
        }
        app.draw_timeline();
    })?;
    Ok(())
}

fn on_pointer(app: &Shared, element: &HtmlElement, drag: Drag) -> Result<(), JsValue> {
    let place = |event: &PointerEvent| [event.offset_x() as f32, event.offset_y() as f32];
    let (shared, target) = (Shared::clone(app), element.clone());
    listen(element, "pointerdown", move |event: PointerEvent| {
        let _ = target.set_pointer_capture(event.pointer_id());
        let drag = if event.button() == 0 { drag } else { Drag::Pan };
        shared.borrow_mut().tools.timeline.gestures.down(event.pointer_id(), place(&event), drag);
    })?;
    let shared = Shared::clone(app);
    listen(element, "pointermove", move |event: PointerEvent| {
        let mut app = shared.borrow_mut();
        for action in app.tools.timeline.gestures.moved(event.pointer_id(), place(&event)) {
            act(&mut app, action, drag, &event);
        }
    })?;
    let shared = Shared::clone(app);
    listen(element, "pointerup", move |event: PointerEvent| {
        let mut app = shared.borrow_mut();
        app.wake();
        for action in app.tools.timeline.gestures.up(event.pointer_id(), place(&event)) {
            act(&mut app, action, drag, &event);
        }
    })?;
    let shared = Shared::clone(app);
    listen(element, "pointercancel", move |event: PointerEvent| {
        let mut app = shared.borrow_mut();
        app.tools.timeline.gestures.cancel(event.pointer_id());
        app.tools.timeline.brush = None;
        app.mark_timeline();
    })?;
    let shared = Shared::clone(app);
    listen(element, "pointerleave", move |_: PointerEvent| {
        let mut app = shared.borrow_mut();
        if app.tools.timeline.gestures.idle() {
            app.hover(None);
        }
    })
}

fn act(app: &mut App, action: Action, tool: Drag, event: &PointerEvent) {
    let panel = &mut app.tools.timeline;
    let width = panel.width();
    let Some(line) = &mut panel.line else { return };
    let time = |x: f32| line.time(f64::from(x) / width);
    match action {
        Action::Hover(at) if tool == Drag::Box => {
            let Some(point) = line.window(time(at[0])) else { return };
            return app.glance(point);
        }
        Action::Tap(at) => {
            let time = time(at[0]);
            return app.play_from(time);
        }
        Action::BoxDrawn(from, to) => panel.brush = Some((time(from[0]), time(to[0]))),
        Action::BoxDone(from, to) => {
            panel.brush = None;
            let windows = line.windows(time(from[0]), time(to[0]));
            let how = match (event.shift_key(), event.alt_key()) {
                (true, _) => Join::Add,
                (false, true) => Join::Take,
                (false, false) => Join::Replace,
            };
            let chosen = windows.filter(|&point| app.visible.contains(point));
            let points = PointSet::of(app.count(), chosen);
            app.select(&points, how);
        }
        Action::Pan(dx, _) => {
            line.pan(-f64::from(dx) / width);
            return app.draw_timeline();
        }
        Action::Zoom(factor, at) => {
            line.zoom(factor.into(), f64::from(at[0]) / width);
            return app.draw_timeline();
        }
        _ => return,
    }
    app.mark_timeline();
}

fn wheel(app: &mut App, event: &WheelEvent) {
    let unit = [1.0, 16.0, 400.0].get(event.delta_mode() as usize).copied().unwrap_or(1.0);
    let (dx, dy) = (event.delta_x() * unit, (event.delta_y() * unit).clamp(-240.0, 240.0));
    let panel = &mut app.tools.timeline;
    let width = panel.width();
    let left = panel.view.get_bounding_client_rect().left();
    let Some(line) = &mut panel.line else { return };
    if dx.abs() > dy.abs() || event.shift_key() {
        line.pan((dx + if event.shift_key() { dy } else { 0.0 }) / width);
    } else {
        let pace = if event.ctrl_key() { 0.02 } else { 0.003 };
        let share = (f64::from(event.client_x()) - left) / width;
        line.zoom((-dy * pace).exp(), share.clamp(0.0, 1.0));
    }
    app.draw_timeline();
}

/// Keys while the timeline has the focus. True when the key meant something.
fn press(app: &mut App, key: &str) -> bool {
    let last = app.count().saturating_sub(1);
    let panel = &mut app.tools.timeline;
    let Some(line) = &mut panel.line else { return false };
    let at = line.window(panel.cursor).unwrap_or(0);
    let share = line.share(panel.cursor).clamp(0.0, 1.0);
    let to = match key {
        "ArrowRight" | "ArrowUp" => at + 1,
        "ArrowLeft" | "ArrowDown" => at.saturating_sub(1),
        "PageDown" => at + 10,
        "PageUp" => at.saturating_sub(10),
        "Home" => 0,
        "End" => last,
        "+" | "=" => {
            line.zoom(1.5, share);
            app.draw_timeline();
            return true;
        }
        "-" => {
            line.zoom(1.0 / 1.5, share);
            app.draw_timeline();
            return true;
        }
        "Enter" | " " => {
            app.wake();
            let cursor = app.tools.timeline.cursor;
            match app.voices.tape_voice() {
                Some(_) => app.silence(),
                None => app.play_from(cursor),
            }
            return true;
        }
        _ => return false,
    };
    let point = to.min(last);
    let time = line.slot(point).start;
    let turned = line.follow(time);
    app.move_cursor(time);
    app.wake();
    app.glance(point);
    if turned {
        app.draw_timeline();
    }
    true
}
