//! What a person can do about what the system refused.

use std::io::{self, ErrorKind};

/// A sentence for an error that the system's refusal is at the bottom of.
pub fn of(error: &anyhow::Error) -> Option<&'static str> {
    let kind = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind)?;
    Some(match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "The disk is full. Free some space, or choose other folders with --output and --cache; the same command \
             then goes on from what was heard."
        }
        ErrorKind::ReadOnlyFilesystem => {
            "That place can only be read. Choose another with --output (for maps) or --cache (for what was heard)."
        }
        ErrorKind::PermissionDenied => {
            "The rights to it are missing. Choose another place with --output (for maps) or --cache (for what was \
             heard), or have the rights changed."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_missing_file_however_deep_it_lies() {
        let failed = |kind: ErrorKind| {
            let failed: Result<(), io::Error> = Err(kind.into());
            of(&failed.context("a").context("b").unwrap_err())
        };
        assert!(failed(ErrorKind::StorageFull).is_some_and(|remedy| remedy.contains("disk is full")));
        assert!(failed(ErrorKind::NotFound).is_none());
    }
}
