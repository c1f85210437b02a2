//! The files of the sprite's pages: fetched, looked at, unpacked.

use std::ops::Range;

use js_sys::Array;
use scatter_dataset::{Config, Layout};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ImageBitmap};

use super::fetch::{Size, fetch};
use crate::address::{data_address, folder};
use crate::jpeg::{jpeg_profiles, jpeg_size};
use crate::trouble::Trouble;

/// Largest page that is read, in bytes.
const MOST_PICTURE: u64 = 256 << 20;
/// Bytes of a picture in which its size must stand.
const PICTURE_HEAD: usize = 1 << 20;
/// Most pixels of a sprite page: half a gigabyte when unpacked.
const MOST_PIXELS: u64 = 1 << 27;

const KIND: &str = "image/jpeg";

/// Where the pages are to be had, and what they must be.
#[derive(Clone)]
pub struct PictureFiles {
    pub config: Config,
    pub layout: Layout,
}

impl PictureFiles {
    /// Page `page` as it comes, known to be of its size, but without colour profiles: its pixels are data.
    pub async fn fetch(&self, page: usize) -> Result<Blob, Trouble> {
        let file = self.file(page);
        let size = self.config.files.get(&file).map(|facts| facts.bytes);
        let address = data_address(folder(&self.config.name, self.layout), &file)?;
        let body = fetch(&address, Size::of(size, MOST_PICTURE), |_| {}).await?;
        let unreadable = || Trouble::Picture { file: file.clone() };
        let head = body.head(PICTURE_HEAD);
        self.check(page, jpeg_size(&head).ok_or_else(unreadable)?)?;
        body.blob(KIND).and_then(|blob| without(&blob, &jpeg_profiles(&head))).map_err(|_| unreadable())
    }

    /// Unpacks page `page`.
    pub async fn unpack(&self, page: usize, blob: &Blob) -> Result<ImageBitmap, Trouble> {
        let unreadable = || Trouble::Picture { file: self.file(page) };
        let window = web_sys::window().ok_or_else(unreadable)?;
        // Without a profile no colour management changes them. For options that say the same a browser copies them all, in one
        // go between two frames.
        let unpacking = window.create_image_bitmap_with_blob(blob).map_err(|_| unreadable())?;
        JsFuture::from(unpacking).await.and_then(JsCast::dyn_into).map_err(|_| unreadable())
    }

    fn file(&self, page: usize) -> String {
        self.config.sprite.pages.get(page).cloned().unwrap_or_default()
    }

    /// Whether page `page` of `found` pixels can be its picture and may be unpacked.
    fn check(&self, page: usize, found: (u32, u32)) -> Result<(), Trouble> {
        let needed = self.config.sprite.page_size(page, self.config.count);
        let pixels = |(w, h): (u32, u32)| u64::from(w) * u64::from(h);
        // Pages may carry padding, and the original's more tiles than points: four times as much is no page's.
        let most = (4 * pixels(needed)).clamp(1 << 20, MOST_PIXELS);
        if found.0 >= needed.0 && found.1 >= needed.1 && pixels(found) <= most {
            return Ok(());
        }
        let size = |(w, h): (u32, u32)| format!("{w} × {h} pixels");
        Err(Trouble::PictureSize { file: self.file(page), found: size(found), expected: size(needed) })
    }
}

/// `blob` without these parts of it, which are in order.
fn without(blob: &Blob, parts: &[Range<usize>]) -> Result<Blob, JsValue> {
    if parts.is_empty() {
        return Ok(blob.clone());
    }
    let kept = Array::new();
    let mut from = 0.0;
    for part in parts {
        kept.push(blob.slice_with_f64_and_f64(from, part.start as f64)?.as_ref());
        from = part.end as f64;
    }
    kept.push(blob.slice_with_f64(from)?.as_ref());
    let bag = BlobPropertyBag::new();
    bag.set_type(KIND);
    Blob::new_with_blob_sequence_and_options(&kept, &bag)
}
