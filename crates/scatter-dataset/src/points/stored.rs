//! How the values of a column lie in the Arrow file, and what they are once read.

use serde::{Deserialize, Serialize};

use crate::{CONFIG_FILE, FormatError, Point};

/// Bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u64; 2]", into = "[u64; 2]")]
pub struct Span {
    /// Where they begin.
    pub start: u64,
    /// How many there are.
    pub bytes: u64,
}

impl From<[u64; 2]> for Span {
    fn from([start, bytes]: [u64; 2]) -> Self {
        Self { start, bytes }
    }
}

impl From<Span> for [u64; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.bytes]
    }
}

/// Buffers of one Arrow array, all little-endian. A missing number is not a number under Arrow's mark for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Stored {
    /// `UInt8`.
    Uint8 {
        /// A byte a point.
        at: Span,
    },
    /// `UInt32`.
    Uint32 {
        /// Four bytes a point.
        at: Span,
    },
    /// `Float32`.
    Float32 {
        /// Four bytes a point.
        at: Span,
    },
    /// `Float64`.
    Float64 {
        /// Eight bytes a point.
        at: Span,
    },
    /// `FixedSizeList(Float32, 3)`.
    Points {
        /// Twelve bytes a point.
        at: Span,
    },
    /// `Utf8`.
    Texts {
        /// Ends of the texts, of 32 bits, behind a 0.
        offsets: Span,
        /// The texts, one after the other.
        text: Span,
    },
    /// `Dictionary(Int32, Utf8)`.
    Words {
        /// The dictionary's offsets.
        offsets: Span,
        /// Its words.
        text: Span,
        /// Index of each point's word.
        codes: Span,
    },
    /// `List(UInt32)`.
    Uint32Lists {
        /// Ends of the lists, of 32 bits, behind a 0.
        offsets: Span,
        /// Their entries.
        at: Span,
    },
    /// `List(Float32)`.
    Float32Lists {
        /// Ends of the lists, of 32 bits, behind a 0.
        offsets: Span,
        /// Their entries.
        at: Span,
    },
}

/// A column that was read, an entry a point.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Small numbers.
    Uint8(Vec<u8>),
    /// Indices.
    Uint32(Vec<u32>),
    /// Numbers, `None` where missing.
    Numbers(Vec<Option<f64>>),
    /// Points.
    Points(Vec<Point>),
    /// Texts.
    Texts(Vec<String>),
    /// Lists of indices.
    Uint32Lists(Vec<Vec<u32>>),
    /// Lists of numbers.
    Float32Lists(Vec<Vec<f32>>),
}

/// Most bytes that a column of words may unpack to: a long word that stands for every point must not fill the memory.
const MOST_TEXT: usize = 1 << 30;

impl Stored {
    /// Its buffers, in the order of its fields, which is that in the file.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        let (first, more) = match *self {
            Self::Uint8 { at }
            | Self::Uint32 { at }
            | Self::Float32 { at }
            | Self::Float64 { at }
            | Self::Points { at } => (at, [None, None]),
            Self::Texts { offsets, text } => (offsets, [Some(text), None]),
            Self::Words { offsets, text, codes } => (offsets, [Some(text), Some(codes)]),
            Self::Uint32Lists { offsets, at } | Self::Float32Lists { offsets, at } => {
                (offsets, [Some(at), None])
            }
        };
        std::iter::once(first).chain(more.into_iter().flatten())
    }

    /// Whether the buffers have room for `count` entries, and no more where that is known.
    pub(super) fn check(&self, what: &str, count: usize) -> Result<(), FormatError> {
        let sized = |span: &Span, each: usize, entries: usize| {
            let found = usize::try_from(span.bytes).unwrap_or(usize::MAX);
            FormatError::length(CONFIG_FILE, format!("{what} (bytes)"), found, each * entries)
        };
        match self {
            Self::Uint8 { at } => sized(at, 1, count),
            Self::Uint32 { at } | Self::Float32 { at } => sized(at, 4, count),
            Self::Float64 { at } => sized(at, 8, count),
            Self::Points { at } => sized(at, 12, count),
            Self::Words { codes, .. } => sized(codes, 4, count),
            Self::Texts { offsets, .. }
            | Self::Uint32Lists { offsets, .. }
            | Self::Float32Lists { offsets, .. } => sized(offsets, 4, count + 1),
        }
    }

    /// Reads the column from the bytes of its [`Self::spans`]. `None` where they are not what they should be.
    pub(super) fn read(&self, buffers: &[Vec<u8>]) -> Option<Values> {
        let first = buffers.first()?;
        let second = || buffers.get(1);
        Some(match self {
            Self::Uint8 { .. } => Values::Uint8(first.clone()),
            Self::Uint32 { .. } => Values::Uint32(numbers(first, u32::from_le_bytes).collect()),
            Self::Float32 { .. } => {
                Values::Numbers(numbers(first, f32::from_le_bytes).map(shortest).collect())
            }
            Self::Float64 { .. } => {
                let present = |value: f64| Some(value).filter(|value| value.is_finite());
                Values::Numbers(numbers(first, f64::from_le_bytes).map(present).collect())
            }
            Self::Points { .. } => Values::Points(points(first)),
            Self::Texts { .. } => Values::Texts(texts(first, second()?)?),
            Self::Words { .. } => {
                let words = texts(first, second()?)?;
                let codes = || numbers(buffers.get(2).map_or(&[], Vec::as_slice), u32::from_le_bytes);
                let length = |code| Some(words.get(code as usize)?.len());
                codes()
                    .try_fold(0usize, |sum, code| sum.checked_add(length(code)?))
                    .filter(|&all| all <= MOST_TEXT)?;
                Values::Texts(codes().map(|code| words[code as usize].clone()).collect())
            }
            Self::Uint32Lists { .. } => {
                let all: Vec<u32> = numbers(second()?, u32::from_le_bytes).collect();
                Values::Uint32Lists(lists(first, &all)?)
            }
            Self::Float32Lists { .. } => {
                let all: Vec<f32> = numbers(second()?, f32::from_le_bytes).collect();
                Values::Float32Lists(lists(first, &all)?)
            }
        })
    }
}

/// Whole points of `bytes`.
pub(super) fn points(bytes: &[u8]) -> Vec<Point> {
    let axis =
        |bytes: &[u8], k: usize| f32::from_le_bytes([bytes[k], bytes[k + 1], bytes[k + 2], bytes[k + 3]]);
    bytes.chunks_exact(12).map(|point| [axis(point, 0), axis(point, 4), axis(point, 8)]).collect()
}

fn numbers<'a, T: 'a, const N: usize>(
    bytes: &'a [u8],
    read: fn([u8; N]) -> T,
) -> impl Iterator<Item = T> + 'a {
    bytes.as_chunks::<N>().0.iter().map(move |&number| read(number))
}

/// The shortest decimal that is this number of 32 bits: what was rounded to a few decimals comes back as it was.
pub(super) fn shortest(value: f32) -> Option<f64> {
    const TENS: [f64; 7] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
    let wide = f64::from(value);
    let rounded = TENS.iter().map(|tens| (wide * tens).round() / tens);
    value.is_finite().then(|| rounded.into_iter().find(|&short| short as f32 == value).unwrap_or(wide))
}

/// Entries of `all` between each two of `offsets`.
fn between<'a, T>(offsets: &'a [u8], all: &'a [T]) -> impl Iterator<Item = Option<&'a [T]>> {
    let ends: Vec<usize> = numbers(offsets, u32::from_le_bytes).map(|end| end as usize).collect();
    (1..ends.len()).map(move |k| all.get(ends[k - 1]..ends[k]))
}

fn texts(offsets: &[u8], text: &[u8]) -> Option<Vec<String>> {
    // Checked once: a slice of it then only has to begin and end at a letter.
    let text = std::str::from_utf8(text).ok()?;
    let ends: Vec<usize> = numbers(offsets, u32::from_le_bytes).map(|end| end as usize).collect();
    ends.windows(2).map(|pair| text.get(pair[0]..pair[1]).map(str::to_owned)).collect()
}

fn lists<T: Copy>(offsets: &[u8], all: &[T]) -> Option<Vec<Vec<T>>> {
    between(offsets, all).map(|list| list.map(<[T]>::to_vec)).collect()
}
