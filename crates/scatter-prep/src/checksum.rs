//! Checksums as people type them.

/// Reads a SHA-256 as typed: 64 hexadecimal digits, in the end lower-case.
///
/// # Errors
/// A sentence when it is none.
pub fn parse_sha256(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    match typed.len() == 64 && typed.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(typed.to_ascii_lowercase()),
        false => Err("a SHA-256 has 64 hexadecimal digits".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_64_hexadecimal_digits() {
        assert_eq!(parse_sha256(&"Ab".repeat(32)).unwrap(), "ab".repeat(32));
        for bad in ["", "ab", &"é".repeat(32), &"zz".repeat(32)] {
            assert!(parse_sha256(bad).is_err(), "{bad}");
        }
    }
}
