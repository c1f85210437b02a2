//! What the person set once and for all pages: the browser's store, as far as there is one.

use web_sys::Window;

/// What is kept under `key`. A browser that keeps nothing, or forbids to look, has nothing.
pub fn kept(window: &Window, key: &str) -> Option<String> {
    window.local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps `text` under `key`. Where there is no room, or it is forbidden, the next page begins as new.
pub fn keep(window: &Window, key: &str, text: &str) {
    if let Ok(Some(storage)) = window.local_storage() {
        let _ = storage.set_item(key, text);
    }
}
