//! The page's files, inside the binary.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// The page's first file.
pub const ENTRY: &str = "index.html";

#[derive(RustEmbed)]
#[folder = "../../web/"]
struct Page;

/// Whether the wasm was built before this binary was.
pub fn is_built() -> bool {
    Page::iter().any(|name| name.ends_with(".wasm"))
}

/// All files of the page: path below its folder, and content.
pub fn files() -> impl Iterator<Item = (String, Cow<'static, [u8]>)> {
    Page::iter().filter_map(|name| Some((name.to_string(), Page::get(&name)?.data)))
}

/// One file of the page.
pub async fn asset(uri: Uri, request: HeaderMap) -> Response {
    let Some(file) = Page::get(uri.path().trim_start_matches('/')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag: String = file.metadata.sha256_hash().iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let headers = [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned()), (header::ETAG, tag)];
    (headers, Body::from(file.data)).into_response()
}
