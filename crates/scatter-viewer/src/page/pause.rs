//! Room for the browser between two steps that take long.

use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

/// Lets the browser paint and answer, then goes on.
pub async fn pause(window: &Window) {
    let waited = Promise::new(&mut |done, _| {
        // Where no timer can be set, nothing is waited for.
        if window.set_timeout_with_callback(&done).is_err() {
            let _ = done.call0(&wasm_bindgen::JsValue::NULL);
        }
    });
    let _ = JsFuture::from(waited).await;
}
