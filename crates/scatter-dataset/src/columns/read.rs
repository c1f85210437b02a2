//! Reading a column entry by entry, so that a complaint names the entry.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::Column;

impl<'de> Deserialize<'de> for Column {
    /// A column of `null` alone is one of numbers.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Column;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts or of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Column, A::Error> {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        // Told at the list's end: an error on the way would bear the place of the entry that follows.
        let mut odd = None;
        while let Some(entry) = entries.next_element::<Entry>()? {
            let row = texts.len() + numbers.len();
            let (found, before) = match entry {
                Entry::Text(text) => {
                    texts.push(text);
                    ("text", "numbers")
                }
                Entry::Number(number) => {
                    numbers.push(Some(number));
                    ("a number", "text")
                }
                Entry::Missing => {
                    numbers.push(None);
                    ("null", "text")
                }
            };
            if odd.is_none() && !texts.is_empty() && !numbers.is_empty() {
                odd = Some(format!("entry {row} is {found} in a column of {before}"));
            }
        }
        match odd {
            Some(odd) => Err(A::Error::custom(odd)),
            None if numbers.is_empty() => Ok(Column::Text(texts)),
            None => Ok(Column::Number(numbers)),
        }
    }
}

enum Entry {
    Text(String),
    Number(f64),
    Missing,
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(One)
    }
}

struct One;

impl Visitor<'_> for One {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number or null")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Entry, E> {
        Ok(Entry::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Entry, E> {
        Ok(Entry::Text(text))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Entry, E> {
        Ok(Entry::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Entry, E> {
        Ok(Entry::Number(number as f64))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Entry, E> {
        Ok(Entry::Number(number as f64))
    }

    fn visit_unit<E: Error>(self) -> Result<Entry, E> {
        Ok(Entry::Missing)
    }
}
