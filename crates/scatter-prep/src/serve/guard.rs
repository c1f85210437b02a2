//! What is answered at all: who asks, how, and for what path.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

/// Longest path: no file of ours is nearly as deep.
const LONGEST_PATH: usize = 2_048;

/// Whether the server is for this machine alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThisMachineOnly(pub bool);

/// Refuses what is not for us, and gives every refusal a sentence.
pub async fn guard(State(only): State<ThisMachineOnly>, request: Request, next: Next) -> Response {
    match refusal(only, &request) {
        Some(refused) => refused,
        None => in_words(next.run(request).await),
    }
}

/// Why a request is not answered; `None` for one that is.
fn refusal(ThisMachineOnly(only): ThisMachineOnly, request: &Request) -> Option<Response> {
    let path = request.uri().path();
    if only && !asks_for_this_machine(request) {
        // A page of a site whose name was pointed at 127.0.0.1 would otherwise read the maps (DNS rebinding).
        Some(refuse(
            StatusCode::FORBIDDEN,
            "this server answers to 127.0.0.1 and localhost alone: open it by one of these, or start it with --host",
        ))
    } else if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut refused = refuse(StatusCode::METHOD_NOT_ALLOWED, "there is nothing here but files to GET");
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        Some(refused)
    } else if path.len() > LONGEST_PATH {
        Some(refuse(StatusCode::URI_TOO_LONG, "no address here is that long"))
    } else {
        parts(path).is_none().then(|| refuse(StatusCode::NOT_FOUND, NO_FILE))
    }
}

const NO_FILE: &str = "there is no such file here";

/// The parts of a path, decoded; `None` where one of them is no plain file name, is hidden or is in the making.
pub fn parts(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() {
        return Some(Vec::new());
    }
    path.strip_suffix('/')
        .unwrap_or(path)
        .split('/')
        .map(|part| {
            let part = percent_decode_str(part).decode_utf8().ok()?;
            // `:` is Windows' other way out of a folder.
            let hostile = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
            (!part.is_empty() && !part.starts_with('.') && !part.contains(hostile)).then(|| part.into_owned())
        })
        .collect()
}

/// Whether every name that the request calls this server by is this machine's own.
fn asks_for_this_machine(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter().peekable();
    hosts.peek().is_some()
        && hosts.all(|host| host.to_str().ok().and_then(|h| h.parse().ok()).is_some_and(|h| is_loopback(&h)))
        && request.uri().authority().is_none_or(is_loopback)
}

fn is_loopback(authority: &Authority) -> bool {
    // A tunnel may give us another port.
    let host = authority.host();
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let ours =
        host.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    ours && !authority.as_str().contains('@')
}

/// A refusal with a sentence.
pub fn refuse(status: StatusCode, sentence: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, headers, format!("{sentence}\n")).into_response()
}

/// A refusal without a word gets one.
fn in_words(answer: Response) -> Response {
    let sentence = match answer.status() {
        StatusCode::NOT_FOUND => NO_FILE,
        StatusCode::RANGE_NOT_SATISFIABLE => "the file has no such bytes",
        StatusCode::INTERNAL_SERVER_ERROR => "the file cannot be read",
        _ => return answer,
    };
    if answer.headers().contains_key(header::CONTENT_TYPE) {
        return answer;
    }
    let (mut head, _) = answer.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Response::from_parts(head, Body::from(format!("{sentence}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_plain_names_pass_and_no_others() {
        for (path, wanted) in [
            ("/", &[][..]),
            ("/web/index.html", &["web", "index.html"]),
            ("/data/a/V%C3%B6gel%20%28.flac", &["data", "a", "Vögel (.flac"]),
            ("/web/", &["web"]),
        ] {
            assert_eq!(parts(path).unwrap(), wanted, "{path}");
        }
        for path in [
            "",
            "web",
            "//",
            "//evil/x",
            "/data//x",
            "/data/../x",
            "/data/%2e%2e/x",
            "/data/%2E%2e/x",
            "/data/..%2fx",
            "/data/a%2f..%2fx",
            "/data/%5c..%5cx",
            "/data/a%00",
            "/data/.x",
            "/data/%2ex",
            "/data/c:x",
            "/data/%ff",
            "/data/a%0ab",
            "/data/./x",
        ] {
            assert_eq!(parts(path), None, "{path}");
        }
    }

    #[test]
    fn only_this_machines_own_names_are_its_own() {
        for (host, ours) in [
            ("127.0.0.1", true),
            ("127.0.0.1:8000", true),
            ("LOCALHOST:1", true),
            ("[::1]:8000", true),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false),
            ("evil.example:8000", false),
            ("192.168.0.7:8000", false),
            ("localhost@evil.example", false),
            ("evil@localhost", false),
        ] {
            assert_eq!(host.parse().is_ok_and(|h| is_loopback(&h)), ours, "{host}");
        }
    }
}
