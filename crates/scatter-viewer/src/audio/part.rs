//! What an HTTP answer says of the part that it carries (RFC 9110, section 14.4).

use std::ops::Range;

/// The value of a request's `Range` for these bytes.
pub fn range(bytes: &Range<u64>) -> String {
    format!("bytes={}-{}", bytes.start, bytes.end.saturating_sub(1))
}

/// Bytes and whole length of an answer's `Content-Range`; `None` for the length where the server does not say.
/// `None` where there is no such value.
pub fn content_range(value: &str) -> Option<(Range<u64>, Option<u64>)> {
    let (bytes, whole) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = bytes.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let whole = match whole {
        "*" => None,
        whole => Some(whole.parse().ok()?),
    };
    (first <= last).then_some((first..last.checked_add(1)?, whole))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn servers_say_what_part_of_how_much_they_send() {
        assert_eq!(range(&(5..70)), "bytes=5-69");
        assert_eq!(content_range("bytes 5-69/100"), Some((5..70, Some(100))));
        assert_eq!(content_range("bytes 0-0/*"), Some((0..1, None)));
        for other in [
            "",
            "bytes */100",
            "bytes 9-5/100",
            "items 0-1/2",
            "bytes 0-18446744073709551615/1",
            "bytes -1/2",
        ] {
            assert_eq!(content_range(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_value_can_be_read(value: String, start: u32, count in 1u64..u64::from(u32::MAX)) {
            let _ = content_range(&value);
            let _ = content_range(&format!("bytes {value}"));
            let bytes = u64::from(start)..u64::from(start) + count;
            let asked = range(&bytes).replace('=', " ");
            prop_assert_eq!(content_range(&format!("{asked}/9")), Some((bytes, Some(9))));
        }
    }
}
