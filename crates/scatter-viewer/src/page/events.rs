//! Pointer, wheel and window events become actions on the state.

use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::app::{App, Shared};
use super::{choosing, keys, recovery};
use crate::camera::Rect;
use crate::gesture::{Action, Drag, Place};

/// Listens to events named `name` for the page's whole life.
pub fn listen<E: FromWasmAbi + 'static>(
    target: &EventTarget,
    name: &str,
    handle: impl FnMut(E) + 'static,
) -> Result<(), JsValue> {
    let closure = Closure::<dyn FnMut(E)>::new(handle);
    target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())?;
    closure.forget();
    Ok(())
}

/// Listens to the cloud and the window.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let (canvas, window) = {
        let app = app.borrow();
        (app.page.canvas.clone(), app.page.window.clone())
    };
    let with = |act: fn(&mut App, &PointerEvent)| {
        let app = Shared::clone(app);
        move |event: PointerEvent| act(&mut app.borrow_mut(), &event)
    };
    listen(&canvas, "pointerdown", with(down))?;
    listen(&canvas, "pointermove", with(moved))?;
    // Where a browser tells of the pointer before it draws the next frame, hovering is heard a frame earlier.
    listen(&canvas, "pointerrawupdate", with(moved_early))?;
    listen(&canvas, "pointerup", with(up))?;
    listen(&canvas, "pointercancel", with(cancelled))?;
    let leave = |app: &mut App, _: &PointerEvent| {
        app.move_brush(None);
        app.hover(None);
    };
    listen(&canvas, "pointerleave", with(leave))?;
    let shared = Shared::clone(app);
    listen(&canvas, "wheel", move |event: WheelEvent| {
        event.prevent_default();
        // Lines and pages of old mice, in pixels.
        let unit = [1.0, 16.0, 400.0].get(event.delta_mode() as usize).copied().unwrap_or(1.0);
        let pixels = (event.delta_y() as f32 * unit).clamp(-240.0, 240.0);
        // A pinch on a touchpad comes as small steps with Ctrl.
        let pace = if event.ctrl_key() { 0.01 } else { 0.0018 };
        let at = [event.offset_x() as f32, event.offset_y() as f32];
        act(&mut shared.borrow_mut(), Action::Zoom((-pixels * pace).exp(), at));
    })?;
    listen(&canvas, "contextmenu", |event: MouseEvent| event.prevent_default())?;
    recovery::listen_all(app, &canvas)?;
    let shared = Shared::clone(app);
    listen(&window, "resize", move |_: Event| shared.borrow_mut().resize())?;
    let shared = Shared::clone(app);
    listen(&window, "keydown", move |event: KeyboardEvent| {
        let mut app = shared.borrow_mut();
        if !["Escape", "Shift", "Control", "Alt", "Meta"].contains(&event.key().as_str()) {
            app.wake();
        }
        if keys::press(&mut app, &event) {
            event.prevent_default();
        }
    })?;
    // A mouse may switch sound on as it goes down, a finger only as it goes up; which of the three events counts differs
    // from browser to browser.
    let shared = Shared::clone(app);
    listen(&window, "pointerdown", move |event: PointerEvent| {
        if event.pointer_type() == "mouse" {
            shared.borrow_mut().wake();
        }
    })?;
    for name in ["pointerup", "touchend", "click"] {
        let shared = Shared::clone(app);
        listen(&window, name, move |_: Event| shared.borrow_mut().wake())?;
    }
    // Coming back to the page after a call, the system may give the loudspeakers back without a gesture.
    let document = app.borrow().page.document.clone();
    let shared = Shared::clone(app);
    listen(&document, "visibilitychange", move |_: Event| shared.borrow().sound.out.resume())
}

fn place(event: &PointerEvent) -> Place {
    [event.offset_x() as f32, event.offset_y() as f32]
}

fn down(app: &mut App, event: &PointerEvent) {
    let choice = choosing::drag_of(app, event);
    let drag = match choice {
        _ if event.button() == 2 || event.button() == 1 => Drag::Pan,
        Some(drag) => drag,
        None if event.shift_key() => Drag::Pan,
        None if app.tools.stroke.on => Drag::Stroke,
        None => Drag::Orbit,
    };
    if !app.gestures.idle() {
        // Two fingers move the camera: what the first one drew was not meant.
        app.cancel_choice();
        app.end_stroke();
    }
    // Without capture a drag only ends at the canvas's edge.
    let _ = app.page.canvas.set_pointer_capture(event.pointer_id());
    app.gestures.down(event.pointer_id(), place(event), drag);
    app.begin_hold(event, drag);
}

fn moved(app: &mut App, event: &PointerEvent) {
    app.move_brush(Some(place(event)));
    for action in app.gestures.moved(event.pointer_id(), place(event)) {
        act(app, action);
    }
}

/// Hovers only, and no more often than leaves the page its time: a mouse may report a thousand places a second.
fn moved_early(app: &mut App, event: &PointerEvent) {
    let Some(clock) = app.page.window.performance() else { return };
    let now = clock.now();
    if app.gestures.idle() && now >= app.hover_again {
        app.hover(Some(place(event)));
        let after = clock.now();
        app.hover_again = after + (8.0 * (after - now)).max(4.0);
    }
}

fn up(app: &mut App, event: &PointerEvent) {
    let actions = app.gestures.up(event.pointer_id(), place(event));
    // The click that is heard first must also sound.
    app.wake();
    for action in actions {
        // A press of another button than the first means nothing by itself.
        if !(matches!(action, Action::Tap(_)) && event.button() != 0) {
            act(app, action);
        }
    }
    app.cursor(if app.hovered.is_some() { "point" } else { "" });
}

fn cancelled(app: &mut App, event: &PointerEvent) {
    if app.gestures.cancel(event.pointer_id()) {
        app.cancel_choice();
        app.end_stroke();
    }
}

impl App {
    /// Switches the loudspeakers on, within a gesture.
    pub fn wake(&mut self) {
        let mix = self.mix;
        self.sound.out.wake(&mix);
    }
}

/// Does what a gesture means.
pub fn act(app: &mut App, action: Action) {
    match action {
        Action::Orbit(dx, dy) => {
            app.take_camera();
            app.camera.orbit(dx, dy);
            app.cursor("drag");
        }
        Action::Pan(dx, dy) => {
            app.take_camera();
            app.camera.pan(dx, dy);
            app.cursor("drag");
        }
        Action::Zoom(factor, at) => {
            app.take_camera();
            app.camera.zoom(factor, at);
        }
        Action::Hover(at) => return app.hover(Some(at)),
        Action::Tap(at) => return app.tap(at),
        Action::Drawn(from, to) => app.draw_choice(from, to),
        Action::DrawnDone => app.finish_choice(),
        Action::StrokeDrawn(from, to) => app.draw_stroke(from, to),
        Action::StrokeDone => app.end_stroke(),
        Action::BoxDrawn(from, to) => return draw_box(app, &Rect::between(from, to)),
        Action::BoxDone(from, to) => {
            app.page.selection_box.set_hidden(true);
            return app.select_area(&Rect::between(from, to));
        }
    }
    (app.ask_frame)();
}

fn draw_box(app: &App, area: &Rect) {
    let style = app.page.selection_box.style();
    for (name, value) in [("left", area.x), ("top", area.y), ("width", area.width), ("height", area.height)] {
        // A box that cannot be drawn still selects.
        let _ = style.set_property(name, &format!("{value}px"));
    }
    app.page.selection_box.set_hidden(false);
}
