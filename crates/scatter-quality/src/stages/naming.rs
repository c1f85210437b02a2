//! Whether `--labels audioset` gives clips of a class the same name.

use std::collections::BTreeMap;

use crate::sets::LabelledSet;
use crate::table::Table;

/// Measures each set whose clips were named.
pub fn measure(sets: &[LabelledSet]) -> Table {
    let mut table = Table::new(
        "Names by `--labels audioset`",
        &["set", "named", "names", "of the class most frequent under their name"],
    );
    for (set, names) in sets.iter().filter_map(|set| Some((set, set.names.as_ref()?))) {
        let mut under: BTreeMap<usize, BTreeMap<&str, usize>> = BTreeMap::new();
        for (name, label) in names.iter().zip(&set.labels) {
            if let Some(name) = name {
                *under.entry(*name).or_default().entry(label).or_default() += 1;
            }
        }
        let named: usize = under.values().flat_map(BTreeMap::values).sum();
        let pure: usize = under.values().filter_map(|labels| labels.values().max()).sum();
        table.row(&[
            set.name.clone(),
            format!("{named} of {}", names.len()),
            under.len().to_string(),
            format!("{:.1} %", 100.0 * pure as f64 / named.max(1) as f64),
        ]);
    }
    table
}
