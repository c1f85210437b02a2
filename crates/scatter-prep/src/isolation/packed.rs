//! Arrays of numbers as one string of bytes: element by element they would take longer than some files to decode.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::Serializer;

/// For `#[serde(with = "packed::floats")]`.
pub mod floats {
    use super::*;

    /// Little-endian.
    pub fn serialize<S: Serializer>(values: &[f32], serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        serializer.serialize_bytes(&bytes)
    }

    /// From what [`serialize`] wrote.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f32>, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        let (values, rest) = bytes.as_chunks();
        if rest.is_empty() {
            Ok(values.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
        } else {
            Err(D::Error::custom("half a number"))
        }
    }
}

/// For `#[serde(with = "packed::samples")]`.
pub mod samples {
    use super::*;

    /// Little-endian.
    pub fn serialize<S: Serializer>(values: &[i16], serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        serializer.serialize_bytes(&bytes)
    }

    /// From what [`serialize`] wrote.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i16>, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        let (values, rest) = bytes.as_chunks();
        if rest.is_empty() {
            Ok(values.iter().map(|&bytes| i16::from_le_bytes(bytes)).collect())
        } else {
            Err(D::Error::custom("half a number"))
        }
    }
}
