//! `scatter-prep serve`: the page and the maps, on this machine only.

mod page;

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::cli::ServeArgs;
use crate::output::catalogue;

const DEFAULT_PORT: u16 = 8_000;

/// Headers of every answer: the page's own policy again, and no guessing of types.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    // Maps change under the same name; the browser asks, and gets 304 while they have not.
    (header::CACHE_CONTROL, "no-cache"),
];

/// Serves until it is stopped.
///
/// # Errors
/// When the data folder is missing, the port is taken, or there is no page to serve.
pub fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let data = &args.data;
    if !data.is_dir() {
        bail!("{} is no folder of maps: make one with scatter-prep -d FOLDER", data.display());
    }
    match &args.web {
        Some(web) if !web.join(page::ENTRY).is_file() => {
            bail!("{} holds no {}", web.display(), page::ENTRY);
        }
        None if !page::is_built() => bail!(
            "this scatter-prep was built without the page: run `cargo xtask web`, then build it again, or name a \
             built page with --web FOLDER"
        ),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = listen(args.port).await?;
        let address = format!("http://{}/web/{}", listener.local_addr()?, page::ENTRY);
        say(&format!("serving {} at {address}\nstop with Ctrl-C", data.display()));
        if args.open && webbrowser::open(&address).is_err() {
            eprintln!("scatter-prep: no browser could be opened; open the address above by hand");
        }
        let stop = async {
            // Without a signal handler the process ends by the signal itself, which is as good.
            let _ = tokio::signal::ctrl_c().await;
        };
        axum::serve(listener, router(data, args.web.as_deref())).with_graceful_shutdown(stop).await?;
        Ok(())
    })
}

/// Prints a line; whoever started this may have stopped listening.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

async fn listen(port: Option<u16>) -> anyhow::Result<TcpListener> {
    let wanted = port.unwrap_or(DEFAULT_PORT);
    match TcpListener::bind((Ipv4Addr::LOCALHOST, wanted)).await {
        Err(error) if port.is_none() && error.kind() == io::ErrorKind::AddrInUse => {
            Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?)
        }
        bound => bound.with_context(|| format!("port {wanted} cannot be used: choose another --port")),
    }
}

fn router(data: &Path, web: Option<&Path>) -> Router {
    let folder: Arc<PathBuf> = Arc::new(data.to_owned());
    let page = match web {
        Some(web) => Router::new().fallback_service(ServeDir::new(web)),
        None => Router::new().fallback(page::asset),
    };
    let router = Router::new()
        .route("/", get(|| async { Redirect::temporary("/web/index.html") }))
        .route("/data/index.json", get(index).with_state(folder))
        .nest_service("/data", ServeDir::new(data).append_index_html_on_directories(false))
        .nest("/web", page)
        .layer(middleware::from_fn(no_hidden_files));
    HEADERS.into_iter().fold(router, |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value)))
    })
}

/// The data folder as it is now: maps copied in by hand are listed too.
async fn index(State(data): State<Arc<PathBuf>>) -> Response {
    let scanned = tokio::task::spawn_blocking(move || catalogue::scan(&data)).await;
    match scanned.ok().and_then(Result::ok).and_then(|index| serde_json::to_vec(&index).ok()) {
        Some(json) => ([(header::CONTENT_TYPE, "application/json")], Body::from(json)).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Folders in the making and other hidden files are nobody's business.
async fn no_hidden_files(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let hidden = path
        .split('/')
        .any(|part| part.starts_with('.') || part.starts_with("%2e") || part.starts_with("%2E"));
    if hidden { StatusCode::NOT_FOUND.into_response() } else { next.run(request).await }
}
