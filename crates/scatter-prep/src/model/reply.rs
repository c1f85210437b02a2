//! What a server's answer means for a download.

use std::fmt;

use ureq::Body as ResponseBody;
use ureq::http::header::{CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED};
use ureq::http::{HeaderName, Response, StatusCode};

use super::source::Expected;

/// The parts of an answer that matter here.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    content_type: Option<String>,
    /// Bytes of the body, where the server announced them.
    length: Option<u64>,
    range: Option<ContentRange>,
    /// The server's mark of this version of the file, fit for `If-Range`.
    pub version: Option<String>,
}

/// `Content-Range`: which bytes of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ContentRange {
    /// First byte of the body; `None` where the server only tells the total.
    first: Option<u64>,
    total: Option<u64>,
}

/// What the body is.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    /// The file from its beginning.
    Whole {
        /// Bytes of the file.
        total: Option<u64>,
    },
    /// The file from where what is here ends.
    Rest {
        /// Bytes of the file.
        total: Option<u64>,
    },
    /// Nothing: the file ends where what is here ends.
    Nothing,
    /// Nothing that what is here could be joined with, and why.
    Useless(String),
    /// Nothing yet: the server asks for patience.
    Later(StatusCode),
}

/// Why an answer is not the file, whatever is tried.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An error status.
    Status(StatusCode),
    /// HTML.
    WebPage,
    /// The announced size is not that of the file.
    OtherSize {
        /// Bytes announced.
        announced: u64,
        /// Bytes of the file.
        expected: u64,
    },
    /// More bytes than the file, or any such file, has.
    TooLarge {
        /// Bytes beyond which nothing is read.
        most: u64,
    },
}

impl Reply {
    /// Reads the head of `response`.
    pub fn of(response: &Response<ResponseBody>) -> Self {
        let text = |name: HeaderName| Some(response.headers().get(name)?.to_str().ok()?.trim().to_owned());
        // A weak ETag promises equal meaning, not equal bytes (RFC 9110, section 8.8.1).
        let tag = text(ETAG).filter(|tag| !tag.starts_with("W/"));
        Self {
            status: response.status(),
            content_type: text(CONTENT_TYPE),
            length: response.body().content_length(),
            range: text(CONTENT_RANGE).as_deref().and_then(ContentRange::parse),
            version: tag.or_else(|| text(LAST_MODIFIED)),
        }
    }

    /// What the body is, where the first `have` bytes are here already.
    ///
    /// # Errors
    /// [`Refusal`] when it is not the file.
    pub fn body(&self, have: u64, expected: &Expected) -> Result<Body, Refusal> {
        match self.status {
            StatusCode::OK => {
                self.check(self.length, expected)?;
                Ok(Body::Whole { total: self.length })
            }
            StatusCode::PARTIAL_CONTENT if have > 0 => {
                let Some(range) = self.range.filter(|range| range.first == Some(have)) else {
                    return Ok(Body::Useless("the server sent another part than was asked for".to_owned()));
                };
                let total = range.total.or_else(|| Some(have + self.length?));
                self.check(total, expected)?;
                Ok(Body::Rest { total })
            }
            StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => {
                let total = self.range.and_then(|range| range.total);
                if total == Some(have) && expected.bytes.is_none() {
                    return Ok(Body::Nothing);
                }
                Ok(Body::Useless("the server's file does not go on where the part here ends".to_owned()))
            }
            status if status.is_server_error() => Ok(Body::Later(status)),
            status @ (StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS) => Ok(Body::Later(status)),
            status => Err(Refusal::Status(status)),
        }
    }

    fn check(&self, announced: Option<u64>, expected: &Expected) -> Result<(), Refusal> {
        if self.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/html")) {
            return Err(Refusal::WebPage);
        }
        match (announced, expected.bytes) {
            (Some(announced), Some(expected)) if announced != expected => {
                Err(Refusal::OtherSize { announced, expected })
            }
            (Some(announced), _) if announced > expected.most_bytes() => {
                Err(Refusal::TooLarge { most: expected.most_bytes() })
            }
            _ => Ok(()),
        }
    }
}

impl ContentRange {
    /// Reads `bytes 5-9/10`, `bytes 5-9/*` or `bytes */10` (RFC 9110, section 14.4).
    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes")?.trim().split_once('/')?;
        let total = if total == "*" { None } else { Some(total.parse().ok()?) };
        let first = match range {
            "*" => None,
            range => {
                let (first, last) = range.split_once('-')?;
                let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
                let within = first <= last && total.is_none_or(|total| last < total);
                Some(within.then_some(first)?)
            }
        };
        Some(Self { first, total })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "answered {status}"),
            Self::WebPage => write!(
                f,
                "answered with a web page instead of the file: the address is wrong, or this network asks to log in"
            ),
            Self::OtherSize { announced, expected } => {
                write!(f, "has another file: {announced} bytes where {expected} are expected")
            }
            Self::TooLarge { most } => {
                write!(f, "has another file: more than the {most} bytes expected at most")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, range: Option<&str>, length: Option<u64>) -> Reply {
        Reply {
            status: StatusCode::from_u16(status).unwrap(),
            content_type: None,
            length,
            range: range.and_then(ContentRange::parse),
            version: None,
        }
    }

    fn sized(bytes: u64) -> Expected {
        Expected { sha256: String::new(), bytes: Some(bytes) }
    }

    #[test]
    fn content_ranges_are_read_as_the_rfc_writes_them() {
        let range = |first, total| Some(ContentRange { first, total });
        assert_eq!(ContentRange::parse("bytes 5-9/10"), range(Some(5), Some(10)));
        assert_eq!(ContentRange::parse("bytes 5-9/*"), range(Some(5), None));
        assert_eq!(ContentRange::parse("bytes */10"), range(None, Some(10)));
        for bad in ["", "bytes", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "items 5-9/10", "bytes x-9/10"]
        {
            assert_eq!(ContentRange::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_rest_must_begin_where_the_part_ends_and_be_of_a_file_of_the_right_size() {
        let rest = |range, expected| reply(206, range, None).body(5, &expected);
        assert_eq!(rest(Some("bytes 5-9/10"), sized(10)), Ok(Body::Rest { total: Some(10) }));
        assert!(matches!(rest(Some("bytes 0-9/10"), sized(10)), Ok(Body::Useless(_))));
        assert!(matches!(rest(None, sized(10)), Ok(Body::Useless(_))));
        assert_eq!(
            rest(Some("bytes 5-10/11"), sized(10)),
            Err(Refusal::OtherSize { announced: 11, expected: 10 })
        );
    }

    #[test]
    fn a_range_beyond_the_end_means_whole_or_useless() {
        let beyond = |range, expected| reply(416, range, None).body(5, &expected);
        let unsized_file = Expected::checksum(String::new());
        assert_eq!(beyond(Some("bytes */5"), unsized_file.clone()), Ok(Body::Nothing));
        assert!(matches!(beyond(Some("bytes */4"), unsized_file.clone()), Ok(Body::Useless(_))));
        assert!(matches!(beyond(None, unsized_file), Ok(Body::Useless(_))));
        assert!(matches!(beyond(Some("bytes */5"), sized(10)), Ok(Body::Useless(_))));
    }

    #[test]
    fn what_is_not_the_file_is_refused_before_a_byte_is_read() {
        assert_eq!(reply(404, None, None).body(0, &sized(10)), Err(Refusal::Status(StatusCode::NOT_FOUND)));
        assert_eq!(
            reply(206, None, None).body(0, &sized(10)),
            Err(Refusal::Status(StatusCode::PARTIAL_CONTENT))
        );
        assert_eq!(
            reply(200, None, Some(9)).body(0, &sized(10)),
            Err(Refusal::OtherSize { announced: 9, expected: 10 })
        );
        let huge = reply(200, None, Some(1 << 40)).body(0, &Expected::checksum(String::new()));
        assert!(matches!(huge, Err(Refusal::TooLarge { .. })));
        let page =
            Reply { content_type: Some("text/html; charset=utf-8".to_owned()), ..reply(200, None, None) };
        assert_eq!(page.body(0, &sized(10)), Err(Refusal::WebPage));
        assert!(matches!(reply(503, None, None).body(0, &sized(10)), Ok(Body::Later(_))));
    }
}
