use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::{AudioError, AudioErrorKind};

/// Runs `work` on the file at `path`; a panic becomes the file's error.
///
/// The caller drops or never again uses what `work` was changing when it panicked.
pub(crate) fn guard<T>(path: &Path, work: impl FnOnce() -> Result<T, AudioError>) -> Result<T, AudioError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = message(panic.as_ref()).to_owned();
        Err(AudioErrorKind::DecoderPanic { message }.at(path))
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_files_error_and_says_what_it_said() {
        let result: Result<(), _> = guard(Path::new("a.wav"), || panic!("index {} out of bounds", 7));
        let error = result.unwrap_err();
        assert_eq!(error.path(), Path::new("a.wav"));
        assert!(error.reason().contains("index 7 out of bounds"), "{error}");
    }
}
