//! The table of points: label, file, descriptors, and what the model heard.

use std::collections::BTreeSet;

use scatter_dataset::{Classes, Column, ColumnInfo, columns as names, round_to};
use scatter_embed::ClassNames;
use scatter_map::{DuplicateKind, Duplicates};

use crate::assembly::Row;
use crate::labels::{Label, LabelRule, audioset};
use crate::settings::Input;

/// A column: name, unit, entries.
pub type NamedColumn = (String, Option<&'static str>, Column);

/// The label of each point; `best` are the classes that the model hears in it, best first, an entry a point.
pub fn labels(input: &Input, rows: &[Row], best: &[Vec<(usize, f32)>]) -> Vec<Label> {
    let heard = |number| best.get(number).map_or(&[][..], Vec::as_slice);
    let label = |(number, row): (usize, &Row)| match input {
        Input::Folder { path, labels } => {
            // `.` has a name only once it is resolved.
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            labels.label(&row.source, &path, heard(number))
        }
        Input::Recording { by_class: true, .. } => audioset::label(heard(number)),
        Input::Recording { .. } => {
            Label { id: format!("{:.2}", row.start_seconds), name: clock_time(row.start_seconds) }
        }
    };
    rows.iter().enumerate().map(label).collect()
}

/// `1:02:03.36`, the hours only where there are any.
fn clock_time(seconds: f64) -> String {
    let hundredths = (seconds * 100.0).round() as u64;
    let (minutes, rest) = (hundredths / 6_000, hundredths % 6_000);
    let tail = format!("{:02}.{:02}", rest / 100, rest % 100);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}:{tail}"),
        (hours, minutes) => format!("{hours}:{minutes:02}:{tail}"),
    }
}

/// The columns in the order to show them.
pub fn columns(input: &Input, rows: &[Row], labels: &[Label], duplicates: &Duplicates) -> Vec<NamedColumn> {
    let maybe = |value: &dyn Fn(&Row) -> Option<f64>, decimals| {
        Column::Number(rows.iter().map(|row| value(row).map(|value| round_to(value, decimals))).collect())
    };
    let number = |value: &dyn Fn(&Row) -> f64, decimals| maybe(&|row| Some(value(row)), decimals);
    let text = |entries: &mut dyn Iterator<Item = &String>| Column::Text(entries.cloned().collect());
    let own = [
        (names::LABELS, None, text(&mut labels.iter().map(|l| &l.id))),
        (names::LABEL_NAMES, None, text(&mut labels.iter().map(|l| &l.name))),
        (names::FILE_NAMES, None, text(&mut rows.iter().map(|r| &r.source))),
        (names::CENTROID, Some("Hz"), number(&|r| r.descriptors.centroid_hz, 2)),
        (names::ROLLOFF, Some("Hz"), number(&|r| r.descriptors.rolloff_hz, 2)),
        (names::BANDWIDTH, Some("Hz"), number(&|r| r.descriptors.bandwidth_hz, 2)),
        // A tone's is far below a hundredth.
        (names::FLATNESS, None, number(&|r| r.descriptors.flatness, 6)),
        (names::RMS, Some("dBFS"), maybe(&|r| r.descriptors.rms_dbfs, 2)),
        (names::PEAK, Some("dBFS"), maybe(&|r| r.descriptors.peak_dbfs, 2)),
        (names::ZERO_CROSSINGS, Some("per sample"), number(&|r| r.descriptors.zero_crossing_rate, 4)),
        (names::F0, Some("Hz"), maybe(&|r| r.pitch.f0_hz, 2)),
        (names::VOICED, None, number(&|r| r.pitch.voiced, 2)),
        (names::START, Some("s"), number(&|r| r.start_seconds, 3)),
        (names::DURATION, Some("s"), number(&|r| r.source_seconds, 3)),
        (
            names::DUPLICATE,
            None,
            Column::Text(duplicates.kinds.iter().map(|&kind| word(kind).to_owned()).collect()),
        ),
        (
            names::DUPLICATE_GROUP,
            None,
            Column::Number(duplicates.groups.iter().map(|g| g.map(f64::from)).collect()),
        ),
    ];
    let mut all: Vec<_> =
        own.into_iter().map(|(name, unit, column)| (name.to_owned(), unit, column)).collect();
    if let Input::Folder { labels: rule @ LabelRule::Table(_), .. } = input {
        let files: Vec<&str> = rows.iter().map(|row| row.source.as_str()).collect();
        all.extend(rule.columns(&files).into_iter().map(|(name, column)| (name, None, column)));
    }
    all
}

fn word(kind: DuplicateKind) -> &'static str {
    match kind {
        DuplicateKind::Unique => "",
        DuplicateKind::Near => "near",
        DuplicateKind::Exact => "exact",
    }
}

/// A column as `config.json` announces it.
pub fn column_info((name, unit, column): &NamedColumn) -> ColumnInfo {
    ColumnInfo { name: name.clone(), kind: column.kind(), unit: unit.map(str::to_owned) }
}

/// The best classes of each point, `(class, score)`, with their `names`, of which those that occur are kept.
pub fn classes(best: &[Vec<(usize, f32)>], names: &ClassNames) -> Classes {
    let occurring: BTreeSet<usize> = best.iter().flatten().map(|&(class, _)| class).collect();
    Classes {
        attribution: names.attribution().to_owned(),
        names: occurring.into_iter().map(|class| (class as u32, names.name(class))).collect(),
        top: best.iter().map(|row| row.iter().map(|&(class, _)| class as u32).collect()).collect(),
        scores: best
            .iter()
            .map(|row| row.iter().map(|&(_, score)| round_to(f64::from(score), 3) as f32).collect())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_windows_label_is_its_start_on_the_clock() {
        assert_eq!(clock_time(0.0), "0:00.00");
        assert_eq!(clock_time(0.48 * 462.0), "3:41.76");
        assert_eq!(clock_time(3_599.999), "1:00:00.00");
    }
}
