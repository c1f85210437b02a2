//! Ctrl-C and other requests to end: what is in the making is removed before the process ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Paths that are to be removed.
static IN_THE_MAKING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Has Ctrl-C (and SIGTERM and SIGHUP) remove what is in the making, say so, and end the process with 128 and the
/// signal's number, as shells have it. A second one, meanwhile, changes nothing. `last_words` are said too.
///
/// # Errors
/// When the system refuses; Ctrl-C then ends the process at once, and the next run clears up.
#[cfg(unix)]
pub fn listen(last_words: impl Fn(u8) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(128 + signal, &last_words);
        }
    })?;
    Ok(())
}

/// Has Ctrl-C remove what is in the making, say so, and end the process with 130. `last_words` are said too.
///
/// # Errors
/// When the system refuses; Ctrl-C then ends the process at once, and the next run clears up.
#[cfg(not(unix))]
pub fn listen(last_words: impl Fn(u8) + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(move || end(130, &last_words)).map_err(io::Error::other)
}

fn end(code: i32, last_words: &dyn Fn(u8)) {
    // Held to the end: nothing new is begun.
    let paths = paths();
    for path in paths.iter() {
        // What cannot be removed now, the next run clears away.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
    last_words(u8::try_from(code).unwrap_or(u8::MAX));
    // At once: an ordinary exit would take ONNX Runtime down under the threads that run in it.
    signal_hook::low_level::exit(code);
}

/// Has Ctrl-C wait until this is dropped: for steps that make sense only together.
pub fn hold() -> impl Drop {
    paths()
}

fn paths() -> MutexGuard<'static, Vec<PathBuf>> {
    IN_THE_MAKING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A path that Ctrl-C removes, until this is dropped.
#[derive(Debug)]
pub struct InTheMaking(PathBuf);

impl InTheMaking {
    /// From here on.
    pub fn new(path: &Path) -> Self {
        paths().push(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for InTheMaking {
    fn drop(&mut self) {
        paths().retain(|path| *path != self.0);
    }
}
