//! The graphics context goes and comes: what was on the device is made anew, and nobody has to reload.

use wasm_bindgen::JsValue;
use web_sys::{Event, HtmlCanvasElement};

use super::app::{App, Shared};
use super::elements::Elements;
use super::events::listen;
use crate::scene::Scene;
use crate::trouble::Trouble;

/// Listens to the context's comings and goings.
pub fn listen_all(app: &Shared, canvas: &HtmlCanvasElement) -> Result<(), JsValue> {
    let shared = Shared::clone(app);
    listen(canvas, "webglcontextlost", move |event: Event| {
        // Without this the browser never gives it back.
        event.prevent_default();
        let mut app = shared.borrow_mut();
        app.lost = true;
        Elements::say(&app.page.alert, &Trouble::ContextLost.to_string());
    })?;
    let shared = Shared::clone(app);
    listen(canvas, "webglcontextrestored", move |_: Event| {
        let mut app = shared.borrow_mut();
        match rebuild(&mut app) {
            // Else it is said until the tiles are there again.
            Ok(()) if app.recovers() => {}
            Ok(()) => Elements::say(&app.page.alert, ""),
            Err(trouble) => Elements::say(&app.page.alert, &trouble.to_string()),
        }
    })
}

/// Makes programs, textures and buffers anew, from what the page still holds.
fn rebuild(app: &mut App) -> Result<(), Trouble> {
    // What marks show is known by it.
    let picture = app.scene.picture;
    app.scene = Scene::new(&app.page.canvas)?;
    app.scene.picture = picture;
    app.lost = false;
    app.tile_comes.take();
    app.recover_pictures()?;
    app.travel = None;
    let goal = app.goal().to_vec();
    app.scene.place(&goal, &[]);
    app.regrow();
    app.paint();
    app.resize();
    Ok(())
}
