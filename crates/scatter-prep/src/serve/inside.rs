//! Files are served from inside their folders, wherever links lead.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use super::guard::{parts, refuse};

/// The folders that are served, each with the first part of its addresses.
pub type Folders = Arc<Vec<(&'static str, PathBuf)>>;

/// Lets through what lies inside its folder once every link is followed, and is a file or a folder: a pipe would never
/// end.
pub async fn stay_inside(State(folders): State<Folders>, request: Request, next: Next) -> Response {
    let parts = parts(request.uri().path()).unwrap_or_default();
    let found = folders.iter().find(|(first, _)| parts.first().is_some_and(|part| part == first));
    let Some((_, folder)) = found.cloned() else { return next.run(request).await };
    let looked = tokio::task::spawn_blocking(move || look(&folder, &parts[1..])).await;
    match looked.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
        // What is not there is told where it is looked for.
        Ok(Place::Inside) | Err(_) => next.run(request).await,
        Ok(Place::Outside) => refuse(
            StatusCode::FORBIDDEN,
            "this is a link out of the folder that is served: copy the files into it",
        ),
        Ok(Place::NoFile) => {
            refuse(StatusCode::FORBIDDEN, "this is a pipe, a socket or a device, and no file")
        }
    }
}

#[derive(Debug, PartialEq)]
enum Place {
    Inside,
    Outside,
    NoFile,
}

fn look(folder: &Path, parts: &[String]) -> io::Result<Place> {
    let real = parts.iter().fold(folder.to_owned(), |path, part| path.join(part)).canonicalize()?;
    if !real.starts_with(folder.canonicalize()?) {
        return Ok(Place::Outside);
    }
    let metadata = real.metadata()?;
    Ok(if metadata.is_file() || metadata.is_dir() { Place::Inside } else { Place::NoFile })
}
