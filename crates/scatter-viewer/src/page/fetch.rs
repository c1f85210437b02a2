//! Fetching with progress.

use std::ops::Range;

use js_sys::{Array, ArrayBuffer, Boolean, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ReadableStreamDefaultReader, RequestCache, RequestInit, Response};

use crate::audio::part::{content_range, range};
use crate::describe::cut;
use crate::trouble::Trouble;

/// A fetched file, still in the browser's memory.
pub struct Body {
    chunks: Array,
    /// Bytes in all.
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
pub async fn fetch(address: &str, size: Size, progress: impl FnMut(u64)) -> Result<Body, Trouble> {
    let response = ask(address, &RequestInit::new()).await?;
    if !response.ok() {
        return Err(Trouble::Missing { file: base(address), status: response.status() });
    }
    body(&response, base(address), size, progress).await
}

/// What came of a request for a part of a file.
pub enum Answer {
    /// The part.
    Part(Vec<u8>),
    /// All of the file: this server knows no parts.
    Whole(Body),
}

/// Fetches the bytes `part` of `address`, a file of `length` bytes. `progress` hears of a whole file's bytes, should it come.
///
/// # Errors
/// As [`fetch`]'s; and [`Trouble::Part`] where the answer is another part than the one asked for.
pub async fn fetch_part(
    address: &str,
    part: Range<u64>,
    (length, most): (u64, u64),
    progress: impl FnMut(u64),
) -> Result<Answer, Trouble> {
    let file = base(address);
    let (headers, asked) = (Object::new(), range(&part));
    // An object takes any property.
    let _ = Reflect::set(&headers, &"Range".into(), &asked.as_str().into());
    let request = RequestInit::new();
    request.set_headers(&headers);
    // A browser's cache lets requests for one address wait for one another: a clip would wait for those that may never be
    // wanted.
    request.set_cache(RequestCache::NoStore);
    let response = ask(address, &request).await?;
    let refused = |reason: String| Trouble::Part { file: file.clone(), reason };
    match response.status() {
        206 => {}
        200 => {
            let whole = body(&response, file.clone(), Size::of(Some(length), most), progress).await?;
            return Ok(Answer::Whole(whole));
        }
        416 => return Err(refused(format!("the server has no {asked}"))),
        status => return Err(Trouble::Missing { file, status }),
    }
    let said = response.headers().get("Content-Range").ok().flatten().unwrap_or_default();
    match content_range(&said) {
        Some((_, Some(found))) if found != length => {
            return Err(Trouble::Size { file, found, expected: length });
        }
        Some((sent, _)) if sent == part => {}
        _ => return Err(refused(format!("the server answered “{}” to {asked}", cut(&said, 80)))),
    }
    let expected = part.end - part.start;
    let body =
        body(&response, file.clone(), Size::Exactly(expected), |_| {}).await.map_err(
            |trouble| match trouble {
                Trouble::Size { found, .. } => refused(format!("{found} bytes came for {asked}")),
                other => other,
            },
        )?;
    Ok(Answer::Part(body.bytes()))
}

fn base(address: &str) -> String {
    address.rsplit('/').next().unwrap_or(address).to_owned()
}

async fn ask(address: &str, request: &RequestInit) -> Result<Response, Trouble> {
    let unreachable = |error: JsValue| Trouble::Unreachable { file: base(address), reason: words(&error) };
    let window = web_sys::window().ok_or_else(|| Trouble::Page("there is no window".to_owned()))?;
    let asking = window.fetch_with_str_and_init(address, request);
    JsFuture::from(asking).await.and_then(JsCast::dyn_into).map_err(unreachable)
}

/// The body of `response`.
async fn body(
    response: &Response,
    file: String,
    size: Size,
    mut progress: impl FnMut(u64),
) -> Result<Body, Trouble> {
    let mut download = Download::of(response, file, size);
    let chunks = Array::new();
    while let Some(chunk) = download.next().await? {
        chunks.push(&chunk);
        progress(download.length);
    }
    Ok(Body { chunks, length: download.length })
}

/// A file that is read as it comes.
pub struct Download {
    reader: Option<ReadableStreamDefaultReader>,
    file: String,
    size: Size,
    /// Bytes that have come.
    pub length: u64,
}

impl Download {
    /// Asks for `address`.
    ///
    /// # Errors
    /// As [`fetch`]'s.
    pub async fn begin(address: &str, size: Size) -> Result<Self, Trouble> {
        let response = ask(address, &RequestInit::new()).await?;
        match response.ok() {
            true => Ok(Self::of(&response, base(address), size)),
            false => Err(Trouble::Missing { file: base(address), status: response.status() }),
        }
    }

    fn of(response: &Response, file: String, size: Size) -> Self {
        let reader = response.body().map(|body| body.get_reader().unchecked_into());
        Self { reader, file, size, length: 0 }
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// As [`fetch`]'s.
    pub async fn next(&mut self) -> Result<Option<Uint8Array>, Trouble> {
        let unreachable =
            |error: JsValue| Trouble::Unreachable { file: self.file.clone(), reason: words(&error) };
        let chunk = match &self.reader {
            Some(reader) => {
                let step = JsFuture::from(reader.read()).await.map_err(unreachable)?;
                let done = Reflect::get(&step, &"done".into()).map_err(unreachable)?;
                match Boolean::from(done).value_of() {
                    true => None,
                    false => Some(Reflect::get(&step, &"value".into()).map_err(unreachable)?),
                }
            }
            None => None,
        };
        let Some(chunk) = chunk.map(JsCast::unchecked_into::<Uint8Array>) else {
            return match self.size {
                Size::Exactly(expected) if expected != self.length => {
                    Err(Trouble::Size { file: self.file.clone(), found: self.length, expected })
                }
                _ => Ok(None),
            };
        };
        self.length += u64::from(chunk.length());
        if self.length > self.size.most() {
            // Whether the server hears of it or not: nothing more is read.
            drop(self.reader.take().map(|reader| reader.cancel()));
            let file = self.file.clone();
            return Err(match self.size {
                Size::Exactly(expected) => Trouble::Size { file, found: self.length, expected },
                Size::AtMost(most) => Trouble::TooLarge { file, most },
            });
        }
        Ok(Some(chunk))
    }
}

/// A browser's error in its own words.
pub fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|m| m.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "unknown error".to_owned())
}
