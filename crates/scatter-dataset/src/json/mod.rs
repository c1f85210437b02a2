//! Reading JSON that nobody vouches for: each refusal names the file, the place in it and what stands there.

mod place;
mod unique;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::FormatError;
use place::Place;

pub(crate) use unique::unique;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads `json`, the contents of `file`. A byte order mark before it is passed over, as RFC 8259 allows.
///
/// # Errors
/// [`FormatError::Json`] or [`FormatError::NoNumber`] when it is not JSON of the shape of `T`.
pub fn read<T: DeserializeOwned>(file: &str, json: &[u8]) -> Result<T, FormatError> {
    let json = json.strip_prefix(BOM).unwrap_or(json);
    serde_json::from_slice(json).map_err(|error| explain(file, json, &error))
}

fn explain(file: &str, json: &[u8], error: &serde_json::Error) -> FormatError {
    let broken = |reason: String| FormatError::Json { file: file.to_owned(), reason };
    match json.trim_ascii_start() {
        [] => return broken("it is empty".to_owned()),
        [b'<', ..] => {
            return broken("it is a web page, as a server sends where there is no such file".to_owned());
        }
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => return broken("it is UTF-16; save it as UTF-8".to_owned()),
        _ => {}
    }
    let place = Place::find(json, error.line(), error.column());
    let at = place.to_string();
    if let Some(value) = place.no_number(json) {
        return FormatError::NoNumber { file: file.to_owned(), value: value.to_owned(), at };
    }
    let whole = error.to_string();
    let said = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(said, _)| said);
    broken(match error.classify() {
        Category::Eof => format!("it ends in the middle, at {at}"),
        _ => format!("at {at}, {}", in_words(said)),
    })
}

/// The parser's complaint without the names of Rust's types.
fn in_words(said: &str) -> String {
    let Some((before, expected)) = said.rsplit_once("expected ") else { return said.to_owned() };
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative and not too large",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        named if named.starts_with("struct ") => "an object",
        other => other,
    };
    format!("{before}expected {expected}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Sample {
        #[serde(rename = "points")]
        _points: Vec<[f32; 3]>,
        #[serde(default, deserialize_with = "unique", rename = "by_name")]
        _by_name: BTreeMap<String, u32>,
    }

    fn complaint(json: &str) -> String {
        read::<Sample>("p.json", json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_complaint_names_the_file_the_place_and_what_stands_there() {
        for (json, wanted) in [
            ("", "p.json cannot be read: it is empty"),
            (" \n", "p.json cannot be read: it is empty"),
            (
                "<!doctype html><p>404",
                "p.json cannot be read: it is a web page, as a server sends where there is no such file",
            ),
            (
                r#"{"points":[[1,2,3],[4,5"#,
                "p.json cannot be read: it ends in the middle, at points[1][1] (line 1, column 23)",
            ),
            (
                r#"{"points":[[1,2,3],[4,null,6]]}"#,
                "p.json cannot be read: at points[1][1] (line 1, column 26), invalid type: null, expected a number",
            ),
            (
                "{\"points\":[],\n\"by_name\":{\"a\":-1}}",
                "p.json cannot be read: at by_name.a (line 2, column 17), invalid value: integer `-1`, expected a whole \
                 number, not negative and not too large",
            ),
            (
                r#"{"points":[],"by_name":{"a":1,"a":2}}"#,
                "p.json cannot be read: at by_name.a (line 1, column 33), the key \"a\" stands twice",
            ),
            (
                r#"{"points":[],"points":[]}"#,
                "p.json cannot be read: at points (line 1, column 21), duplicate field `points`",
            ),
            ("{}", "p.json cannot be read: at the top (line 1, column 2), missing field `points`"),
            (
                r#"{"points":[]} {}"#,
                "p.json cannot be read: at the top (line 1, column 15), trailing characters",
            ),
            (
                r#"{"points":[[1,2,1e999]]}"#,
                "p.json cannot be read: at points[0][2] (line 1, column 21), number out of range",
            ),
        ] {
            assert_eq!(complaint(json), wanted, "{json}");
        }
    }

    #[test]
    fn what_python_writes_for_no_number_is_said_plainly() {
        for (json, value) in [
            (r#"{"points":[[0,1,2],[3,NaN,5]]}"#, "NaN"),
            (r#"{"points":[[0,1,2],[3,Infinity,5]]}"#, "Infinity"),
            (r#"{"points":[[0,1,2],[3,-Infinity,5]]}"#, "-Infinity"),
            (r#"{"points":[[0,1,2],[3,nan,5]]}"#, "nan"),
        ] {
            let said = complaint(json);
            let wanted = format!("p.json holds {value} at points[1][1] (line 1, column ");
            assert!(said.starts_with(&wanted), "{said}");
            assert!(
                said.ends_with("), which is no JSON: the program that wrote it had no number there"),
                "{said}"
            );
        }
        assert!(!complaint(r#"{"points":["NaN"]}"#).contains("had no number"));
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_deep_nesting_is_refused() {
        assert!(read::<Sample>("p.json", b"\xef\xbb\xbf{\"points\":[]}").is_ok());
        let deep = format!("{{\"points\":{}", "[".repeat(1_000_000));
        assert!(read::<Sample>("p.json", deep.as_bytes()).is_err());
        // What nobody asks for is passed over without a stack.
        let deep = format!("{{\"other\":{}", "[".repeat(1_000_000));
        assert!(
            complaint(&deep).starts_with("p.json cannot be read: it ends in the middle"),
            "{}",
            complaint(&deep)
        );
    }
}
