//! Fetching with progress.

use js_sys::{Array, ArrayBuffer, Boolean, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ReadableStreamDefaultReader, Response};

use crate::trouble::Trouble;

/// A fetched file, still in the browser's memory.
pub struct Body {
    chunks: Array,
    /// Size in bytes.
    pub length: u64,
}

impl Body {
    /// As a blob of the MIME type `kind`.
    pub fn blob(&self, kind: &str) -> Result<Blob, JsValue> {
        let bag = BlobPropertyBag::new();
        bag.set_type(kind);
        Blob::new_with_u8_array_sequence_and_options(&self.chunks, &bag)
    }

    /// As one buffer of the browser's.
    pub async fn buffer(&self) -> Result<ArrayBuffer, JsValue> {
        JsFuture::from(self.blob("")?.array_buffer()).await?.dyn_into()
    }

    /// As bytes of ours.
    pub fn bytes(&self) -> Vec<u8> {
        self.chunks.iter().flat_map(|chunk| chunk.unchecked_into::<Uint8Array>().to_vec()).collect()
    }
}

/// Fetches `address`; `progress` hears the bytes so far after each piece.
///
/// # Errors
/// [`Trouble::Missing`] for any answer but success, [`Trouble::Unreachable`] for none or half of one;
/// [`Trouble::Size`] where `expected` bytes are known and others came.
pub async fn fetch(
    address: &str,
    expected: Option<u64>,
    mut progress: impl FnMut(u64),
) -> Result<Body, Trouble> {
    let file = address.rsplit('/').next().unwrap_or(address).to_owned();
    let unreachable = |error: JsValue| Trouble::Unreachable { file: file.clone(), reason: words(&error) };
    let window = web_sys::window().ok_or_else(|| Trouble::Page("there is no window".to_owned()))?;
    let response: Response = JsFuture::from(window.fetch_with_str(address))
        .await
        .and_then(JsCast::dyn_into)
        .map_err(unreachable)?;
    if !response.ok() {
        return Err(Trouble::Missing { file, status: response.status() });
    }
    let chunks = Array::new();
    let mut length = 0;
    if let Some(body) = response.body() {
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        loop {
            let step = JsFuture::from(reader.read()).await.map_err(unreachable)?;
            let done = Reflect::get(&step, &"done".into()).map_err(unreachable)?;
            if Boolean::from(done).value_of() {
                break;
            }
            let chunk = Reflect::get(&step, &"value".into()).map_err(unreachable)?;
            length += u64::from(chunk.unchecked_ref::<Uint8Array>().length());
            chunks.push(&chunk);
            progress(length);
        }
    }
    match expected {
        Some(expected) if expected != length => Err(Trouble::Size { file, found: length, expected }),
        _ => Ok(Body { chunks, length }),
    }
}

/// A browser's error in its own words.
pub fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|m| m.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "unknown error".to_owned())
}
