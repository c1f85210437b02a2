//! Ctrl-C: what is in the making is removed before the process ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Exit code of a run that was interrupted: 128 and the number of the signal, as shells have it.
const INTERRUPTED: i32 = 130;

/// Paths that are to be removed.
static IN_THE_MAKING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Has Ctrl-C remove what is in the making, say so, and end the process.
///
/// # Errors
/// When the system refuses; Ctrl-C then ends the process at once, and the next run clears up.
pub fn listen() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        // Held to the end: nothing new is begun.
        let paths = paths();
        for path in paths.iter() {
            // What cannot be removed now, the next run clears away.
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
        eprintln!("\nscatter-prep: interrupted; earlier maps are as they were");
        // At once: an ordinary exit would take ONNX Runtime down under the threads that run in it.
        signal_hook::low_level::exit(INTERRUPTED);
    })
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
