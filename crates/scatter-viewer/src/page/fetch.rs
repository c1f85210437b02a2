//! Fetching with progress.

use js_sys::{Array, ArrayBuffer, Boolean, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ReadableStreamDefaultReader, Response};

use crate::trouble::Trouble;

/// A fetched file, still in the browser's memory.
pub struct Body {
    chunks: Array,
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

    /// As bytes of ours, piece by piece.
    pub fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        self.chunks.iter().map(|chunk| chunk.unchecked_into::<Uint8Array>().to_vec())
    }

    /// The first pieces, `wanted` bytes or a little more where there are as many.
    pub fn head(&self, wanted: usize) -> Vec<u8> {
        let mut head = Vec::new();
        for piece in self.pieces() {
            head.extend_from_slice(&piece);
            if head.len() >= wanted {
                break;
            }
        }
        head
    }

    /// As bytes of ours.
    pub fn bytes(&self) -> Vec<u8> {
        let mut all = Vec::new();
        self.pieces().for_each(|piece| all.extend_from_slice(&piece));
        all
    }
}

/// How long a file may be.
#[derive(Debug, Clone, Copy)]
pub enum Size {
    /// As many bytes, as the configuration says.
    Exactly(u64),
    /// Not known, but no more bytes than this.
    AtMost(u64),
}

impl Size {
    /// What is `known`, if that is not more than `most`.
    pub fn of(known: Option<u64>, most: u64) -> Self {
        known.filter(|&bytes| bytes <= most).map_or(Self::AtMost(most), Self::Exactly)
    }

    fn most(self) -> u64 {
        match self {
            Self::Exactly(bytes) | Self::AtMost(bytes) => bytes,
        }
    }
}

/// Fetches `address`; `progress` hears the bytes so far after each piece. What is longer than `size` is not read to
/// its end.
///
/// # Errors
/// [`Trouble::Missing`] for any answer but success, [`Trouble::Unreachable`] for none or half of one;
/// [`Trouble::Size`] or [`Trouble::TooLarge`] where `size` is not kept.
pub async fn fetch(address: &str, size: Size, mut progress: impl FnMut(u64)) -> Result<Body, Trouble> {
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
            if length > size.most() {
                // Whether the server hears of it or not: nothing more is read.
                drop(reader.cancel());
                return Err(match size {
                    Size::Exactly(expected) => Trouble::Size { file, found: length, expected },
                    Size::AtMost(most) => Trouble::TooLarge { file, most },
                });
            }
            chunks.push(&chunk);
            progress(length);
        }
    }
    match size {
        Size::Exactly(expected) if expected != length => Err(Trouble::Size { file, found: length, expected }),
        _ => Ok(Body { chunks }),
    }
}

/// A browser's error in its own words.
pub fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|m| m.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "unknown error".to_owned())
}
