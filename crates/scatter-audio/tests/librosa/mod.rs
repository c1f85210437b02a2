//! The numbers that `librosa_descriptors.py` wrote.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part, and stops at the first surprise")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

/// librosa's numbers for one sound.
pub struct Row(Value);

impl Row {
    /// The number of that name; `None` where librosa has none.
    pub fn number(&self, name: &str) -> Option<f64> {
        let value = self.0.get(name).unwrap();
        assert!(value.is_null() || value.is_number(), "{name}: {value}");
        value.as_f64()
    }
}

fn table(part: &str) -> BTreeMap<String, Row> {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/librosa_descriptors.json")).unwrap();
    fixture[part].as_object().unwrap().iter().map(|(name, row)| (name.clone(), Row(row.clone()))).collect()
}

/// The made signals by name.
pub fn made() -> BTreeMap<String, Row> {
    table("made")
}

/// The real clips by path; `None`, after saying so, where they are not at hand.
pub fn clips(test: &str) -> Option<BTreeMap<PathBuf, Row>> {
    let Some(audio) = std::env::var_os("SCATTER_TEST_AUDIO").map(PathBuf::from) else {
        println!("skipped: {test}: SCATTER_TEST_AUDIO is not set");
        return None;
    };
    Some(table("clips").into_iter().map(|(name, row)| (audio.join(name), row)).collect())
}
