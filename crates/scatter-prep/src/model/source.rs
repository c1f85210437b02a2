//! Where weights are to come from, and how they are known to be the right ones.

use std::path::PathBuf;

use anyhow::bail;
use scatter_embed::{WEIGHTS_MAX_BYTES, YAMNET_H5_BYTES, YAMNET_H5_SHA256, YAMNET_H5_URL};

/// A file here, or one at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file on this machine.
    File(PathBuf),
    /// An http or https address.
    Address(Address),
}

/// An http or https address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// What the weights must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Size in bytes, where it is known.
    pub bytes: Option<u64>,
}

impl Source {
    /// The file that Google publishes.
    pub fn official() -> Self {
        Self::Address(Address(YAMNET_H5_URL.to_owned()))
    }

    /// Reads what was typed: an address if it names a scheme, else a path.
    ///
    /// # Errors
    /// When the scheme is neither http nor https.
    pub fn parse(typed: &str) -> anyhow::Result<Self> {
        match typed.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase()).as_deref() {
            None => Ok(Self::File(typed.into())),
            Some("http" | "https") => Ok(Self::Address(Address(typed.to_owned()))),
            Some(scheme) => {
                bail!("{typed}: {scheme} addresses cannot be read; give http:// or https://, or a file")
            }
        }
    }
}

impl Address {
    /// The whole address, as it is asked for.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// Whether the connection must be encrypted, redirections included.
    pub fn is_https(&self) -> bool {
        self.0.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }

    /// The address for people and receipts: without user, password, query and fragment, which may hold secrets.
    pub fn shown(&self) -> String {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let host = authority.rsplit('@').next().unwrap_or_default();
        format!("{scheme}://{host}{path}")
    }
}

impl Expected {
    /// The file that Google publishes.
    pub fn official() -> Self {
        Self { sha256: YAMNET_H5_SHA256.to_owned(), bytes: Some(YAMNET_H5_BYTES) }
    }

    /// A file known by its checksum alone.
    pub fn checksum(sha256: String) -> Self {
        Self { sha256, bytes: None }
    }

    /// Bytes beyond which nothing is read.
    pub fn most_bytes(&self) -> u64 {
        self.bytes.unwrap_or(WEIGHTS_MAX_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(typed: &str) -> Address {
        match Source::parse(typed).unwrap() {
            Source::Address(address) => address,
            Source::File(path) => panic!("{} is a path", path.display()),
        }
    }

    #[test]
    fn what_has_a_scheme_is_an_address_and_all_else_a_path() {
        assert_eq!(Source::parse("weights/yamnet.h5").unwrap(), Source::File("weights/yamnet.h5".into()));
        assert_eq!(Source::parse("C:\\yamnet.h5").unwrap(), Source::File("C:\\yamnet.h5".into()));
        assert!(address("HTTPS://example.org/a").is_https());
        assert!(!address("http://example.org/a").is_https());
        assert!(Source::parse("ftp://example.org/a").unwrap_err().to_string().contains("ftp"));
    }

    #[test]
    fn secrets_of_an_address_are_not_shown() {
        let shown = |typed| address(typed).shown();
        assert_eq!(
            shown("https://me:pw@example.org:8443/a/b.h5?token=1#x"),
            "https://example.org:8443/a/b.h5"
        );
        assert_eq!(shown("http://example.org"), "http://example.org");
        assert_eq!(shown("http://example.org/a@b"), "http://example.org/a@b");
    }
}
