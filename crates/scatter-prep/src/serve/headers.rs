//! Headers of every answer, of refusals as well.

use axum::http::{HeaderName, HeaderValue, header};

/// No room for guessing, framing, reading by other sites, or calling out.
pub const SECURITY: [(HeaderName, HeaderValue); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        // The page's own, which is also in `web/index.html` for hosts that send no headers.
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=()",
        ),
    ),
    // Maps change under the same name; the browser asks, and gets 304 while they have not.
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
];
