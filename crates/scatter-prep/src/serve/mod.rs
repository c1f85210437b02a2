//! `scatter-prep serve`: the page and the maps, on this machine only unless it is told otherwise.

mod guard;
mod headers;
mod inside;
pub mod page;

use std::future::IntoFuture;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::cli::ServeArgs;
use crate::output::catalogue;
use crate::shown;
use guard::ThisMachineOnly;

const DEFAULT_PORT: u16 = 8_000;

/// Serves until it is stopped.
///
/// # Errors
/// When the data folder is missing, the address or the port cannot be used, or there is no page to serve.
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
    let outcome = runtime.block_on(async {
        let listener = listen(args.host, args.port).await?;
        let bound = listener.local_addr()?;
        let address = format!("http://{}/web/{}", reachable(bound), page::ENTRY);
        say(&format!("serving {} at {address}\nstop with Ctrl-C", data.display()));
        let only = ThisMachineOnly(bound.ip().is_loopback());
        if !only.0 {
            eprintln!(
                "scatter-prep: on {bound} the maps and their sounds can be seen and heard by everyone who reaches this \
                 machine over the network"
            );
        }
        if args.open && open::that_detached(&address).is_err() {
            eprintln!("scatter-prep: no browser could be opened; open the address above by hand");
        }
        let serving = axum::serve(listener, router(data, args.web.as_deref(), only));
        let serving = tokio::spawn(serving.into_future());
        // Nothing is written here, so nothing is lost: a client that hangs must not keep the server from ending.
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a signal handler the process ends by the signal itself.
            serving.await??;
        }
        Ok(())
    });
    // A pipe or a slow disk may hold a thread for ever.
    runtime.shutdown_background();
    outcome
}

/// Prints a line; whoever started this may have stopped listening.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{}", shown::lines(text));
}

async fn listen(host: IpAddr, port: Option<u16>) -> anyhow::Result<TcpListener> {
    let wanted = port.unwrap_or(DEFAULT_PORT);
    let bound = match TcpListener::bind((host, wanted)).await {
        Err(error) if port.is_none() && error.kind() == io::ErrorKind::AddrInUse => {
            TcpListener::bind((host, 0)).await
        }
        bound => bound,
    };
    bound.map_err(|error| {
        let said = match error.kind() {
            io::ErrorKind::AddrNotAvailable => {
                format!("{host} is no address of this machine: choose another --host")
            }
            _ => format!("port {wanted} cannot be used: choose another --port"),
        };
        anyhow::Error::from(error).context(said)
    })
}

/// An address to open for the one that is bound: `0.0.0.0` means all of this machine's, of which a browser needs one.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}

fn router(data: &Path, web: Option<&Path>, only: ThisMachineOnly) -> Router {
    let mut folders = vec![("data", data.to_owned())];
    let page = match web {
        Some(web) => {
            folders.push(("web", web.to_owned()));
            Router::new().fallback_service(ServeDir::new(web))
        }
        None => Router::new().fallback(page::asset),
    };
    let folder: Arc<PathBuf> = Arc::new(data.to_owned());
    let router = Router::new()
        .route("/", get(|| async { Redirect::temporary("/web/index.html") }))
        .route("/data/index.json", get(index).with_state(folder))
        .nest_service("/data", ServeDir::new(data).append_index_html_on_directories(false))
        .nest("/web", page)
        .layer(from_fn_with_state(Arc::new(folders), inside::stay_inside))
        .layer(from_fn_with_state(only, guard::guard));
    headers::SECURITY
        .into_iter()
        .fold(router, |router, (name, value)| router.layer(SetResponseHeaderLayer::overriding(name, value)))
}

/// The data folder as it is now: maps copied in by hand are listed too.
async fn index(State(data): State<Arc<PathBuf>>) -> Response {
    let scanned = tokio::task::spawn_blocking(move || catalogue::scan(&data)).await;
    match scanned.ok().and_then(Result::ok).and_then(|index| serde_json::to_vec(&index).ok()) {
        Some(json) => ([(header::CONTENT_TYPE, "application/json")], Body::from(json)).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
