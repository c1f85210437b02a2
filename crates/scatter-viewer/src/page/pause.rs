//! Room for the browser between two steps that take long.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Lets the browser draw and listen, then goes on.
pub async fn pause() {
    let turn = Promise::new(&mut |done, _| {
        let set = web_sys::window().map(|window| window.set_timeout_with_callback(&done));
        // Where no timer can be set, nothing is waited for.
        if !matches!(set, Some(Ok(_))) {
            let _ = done.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(turn).await;
}
