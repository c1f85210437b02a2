//! What the info panel says of a point.

use scatter_dataset::{Column, ColumnInfo, Config, Kind, Projections, columns};

/// A point in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Description {
    /// File name without folders.
    pub title: String,
    /// Folders before it; empty where there are none.
    pub folder: String,
    /// Label; empty where there is none.
    pub label: String,
    /// Name and value of each further column, in the dataset's order.
    pub rows: Vec<(String, String)>,
    /// What the model heard: class and score in per cent, best first.
    pub heard: Vec<(String, u32)>,
}

/// Characters of a name that are shown at most, and rows of the table.
pub const LONGEST: usize = 300;
const ROWS: usize = 40;

/// Classes shown at most, and the least score in per cent worth showing.
const HEARD: (usize, u32) = (3, 5);
/// The least score that is shown, and found by a search: what rounds to five per cent.
pub const LEAST_HEARD: f32 = 0.045;

/// Describes point `index`.
pub fn describe(config: &Config, data: &Projections, index: usize) -> Description {
    let text = |name: &str| data.metadata.get(name).map(|c| c.text(index)).unwrap_or_default();
    let path = text(columns::FILE_NAMES);
    let (folder, title) = path.rsplit_once('/').unwrap_or(("", &path));
    let name = text(columns::LABEL_NAMES);
    let label = if name.is_empty() { text(columns::LABELS) } else { name };
    // Files that nobody labelled are labelled with their own names: that says nothing twice.
    let label =
        if title.rsplit_once('.').map(|(stem, _)| stem) == Some(&label) { String::new() } else { label };
    let mut rows = Vec::new();
    if config.kind == Kind::Recording {
        let time = config.audio.clip_seconds(index);
        rows.push(("Time".to_owned(), format!("{} – {}", clock(time.start), clock(time.end))));
    }
    // Title, label and (of a recording) time are shown already.
    let told: &[&str] = match config.kind {
        Kind::Clips => &[columns::FILE_NAMES, columns::LABELS, columns::LABEL_NAMES],
        Kind::Recording => {
            &[columns::FILE_NAMES, columns::LABELS, columns::LABEL_NAMES, columns::START, columns::DURATION]
        }
    };
    let shown = |info: &&ColumnInfo| !told.contains(&info.name.as_str());
    for info in config.columns.iter().filter(shown).take(ROWS) {
        let value = data.metadata.get(&info.name).map(|c| value(c, index, info.unit.as_deref()));
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            rows.push((cut(&heading(&info.name), LONGEST), cut(&value, LONGEST)));
        }
    }
    Description {
        title: if title.is_empty() { format!("Point {index}") } else { cut(title, LONGEST) },
        folder: cut(folder, LONGEST),
        label: cut(&label, LONGEST),
        rows,
        heard: heard(data, index),
    }
}

/// What a screen reader says of a point that is at `place` (from 1) of the `of` that are shown.
pub fn spoken(said: &Description, place: usize, of: usize) -> String {
    // Windows of a recording share its name: their time tells them apart.
    let time = said.rows.first().filter(|(name, _)| name == "Time").map(|(_, time)| time.as_str());
    let heard = said.heard.first().map_or("", |(class, _)| class.as_str());
    let label = if said.label.is_empty() || time.is_some() { heard } else { &said.label };
    let parts = [time.unwrap_or(&said.title), label].into_iter().filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join(", ");
    format!("{name}, {} of {}", grouped(place as f64), grouped(of as f64))
}

/// `text` of at most `most` characters.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn heard(data: &Projections, index: usize) -> Vec<(String, u32)> {
    let Some(classes) = &data.classes else { return Vec::new() };
    let (Some(top), Some(scores)) = (classes.top.get(index), classes.scores.get(index)) else {
        return Vec::new();
    };
    let named = top.iter().zip(scores).filter_map(|(class, score)| {
        let per_cent = (score * 100.0).round().clamp(0.0, 100.0) as u32;
        Some((cut(classes.names.get(class)?, LONGEST), per_cent))
    });
    named.filter(|(_, per_cent)| *per_cent >= HEARD.1).take(HEARD.0).collect()
}

/// All classes that the model heard in point `index`: name and score, 0 to 1, best first.
pub fn classes(data: &Projections, index: usize) -> Vec<(String, f32)> {
    let Some(classes) = &data.classes else { return Vec::new() };
    let (Some(top), Some(scores)) = (classes.top.get(index), classes.scores.get(index)) else {
        return Vec::new();
    };
    let named = top.iter().zip(scores);
    named
        .filter_map(|(class, &score)| Some((classes.names.get(class)?.clone(), score.clamp(0.0, 1.0))))
        .collect()
}

/// A projection's name as people write it: `umap-2d` is UMAP 2-D.
pub fn projection_title(name: &str) -> String {
    let (method, flat) = name.strip_suffix("-2d").map_or((name, ""), |method| (method, " 2-D"));
    let method = match method {
        "tsne" => "t-SNE".to_owned(),
        // Short names are abbreviations.
        short if short.len() <= 5 => short.to_uppercase(),
        long => long.to_owned(),
    };
    method + flat
}

/// A column's heading: the field's word for the columns every dataset has, else the name as it is.
pub fn heading(name: &str) -> String {
    match name {
        columns::CENTROID => "Centroid",
        columns::ROLLOFF => "Roll-off",
        columns::BANDWIDTH => "Bandwidth",
        columns::FLATNESS => "Flatness",
        columns::RMS => "Level",
        columns::PEAK => "Peak",
        columns::ZERO_CROSSINGS => "Zero crossings",
        columns::F0 => "Pitch",
        columns::VOICED => "Voiced",
        columns::START => "Starts at",
        columns::DURATION => "File length",
        columns::DUPLICATE => "Duplicate",
        columns::DUPLICATE_GROUP => "Group",
        other => other,
    }
    .to_owned()
}

fn value(column: &Column, index: usize, unit: Option<&str>) -> String {
    match column {
        Column::Text(_) => with_unit(column.text(index), unit),
        Column::Number(values) => {
            values.get(index).copied().flatten().map(|v| number_words(v, unit)).unwrap_or_default()
        }
    }
}

/// A number as print has it, with its unit.
pub fn number_words(value: f64, unit: Option<&str>) -> String {
    with_unit(if value.abs() >= 100.0 { grouped(value.round()) } else { plain(value) }, unit)
}

fn with_unit(bare: String, unit: Option<&str>) -> String {
    match unit {
        Some(unit) if !bare.is_empty() => format!("{bare}\u{a0}{unit}"),
        _ => bare,
    }
}

/// At most two decimals, none that are zero; two digits of what is less than a tenth.
fn plain(value: f64) -> String {
    let magnitude = value.abs().log10().floor();
    let decimals = if (-6.0..-1.0).contains(&magnitude) { 1 - magnitude as i32 } else { 2 };
    let text = format!("{value:.*}", decimals.unsigned_abs() as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A whole number in groups of three digits, parted by thin spaces (ISO 80000-1).
pub fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("−{text}") } else { text }
}

/// Seconds as `m:ss.cc`, or `h:mm:ss.cc` from an hour on.
pub fn clock(seconds: f64) -> String {
    let hundredths = (seconds.max(0.0) * 100.0).round() as u64;
    let (h, m, s, c) =
        (hundredths / 360_000, hundredths / 6_000 % 60, hundredths / 100 % 60, hundredths % 100);
    if h > 0 { format!("{h}:{m:02}:{s:02}.{c:02}") } else { format!("{m}:{s:02}.{c:02}") }
}

#[cfg(test)]
mod tests {
    use scatter_dataset::{DatasetName, FlatConfig};

    use super::*;

    fn flat(projections: &str) -> (Config, Projections) {
        let name = DatasetName::new("x").unwrap();
        let json = br#"{"projectionsFile":"./data/p.json","imgDim":150}"#;
        let (config, projections, _) =
            FlatConfig::from_json(&name, json).unwrap().read(&name, projections.as_bytes()).unwrap();
        (config, projections)
    }

    #[test]
    fn projections_are_called_what_people_call_them() {
        let names = ["umap", "umap-2d", "tsne-2d", "pca", "by hand"].map(projection_title);
        assert_eq!(names, ["UMAP", "UMAP 2-D", "t-SNE 2-D", "PCA", "by hand"]);
    }

    #[test]
    fn a_clip_shows_its_file_its_label_and_its_descriptors_with_units() {
        let (config, data) = flat(
            r#"{"metadata":{"labels":["2"],"labelnames":["siren"],"filenames":["street/a.wav"],
                "s_centroid":[12846.28],"s_rolloff":[null],"mood":["calm"]},"projections":[[1,2,3]]}"#,
        );
        let said = describe(&config, &data, 0);
        assert_eq!(
            (said.title.as_str(), said.folder.as_str(), said.label.as_str()),
            ("a.wav", "street", "siren")
        );
        assert_eq!(spoken(&said, 3, 12_000), "a.wav, siren, 3 of 12\u{202f}000");
        let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(said.rows, [row("Centroid", "12\u{202f}846\u{a0}Hz"), row("mood", "calm")]);
    }

    #[test]
    fn a_label_that_is_the_name_of_the_file_is_none() {
        let (config, data) = flat(
            r#"{"metadata":{"labels":["0","1"],"labelnames":["a","b"],"filenames":["street/a.wav","b"]},
                "projections":[[1,2,3],[4,5,6]]}"#,
        );
        assert_eq!([0, 1].map(|k| describe(&config, &data, k).label), ["", "b"]);
    }

    #[test]
    fn a_window_of_a_recording_shows_its_time() {
        let (config, data) = flat(
            r#"{"metadata":{"labels":[],"labelnames":["0.00 sec","0.48 sec"],"filenames":["c","c"]},
                "projections":[[1,2,3],[4,5,6]]}"#,
        );
        let said = describe(&config, &data, 1);
        assert_eq!(said.rows[0].1, "0:00.48 – 0:01.44");
        assert_eq!(spoken(&said, 2, 2), "0:00.48 – 0:01.44, 2 of 2");
    }

    #[test]
    fn a_name_without_end_is_cut_between_characters() {
        assert_eq!(cut("Vögel", 2), "Vö…");
        assert_eq!(cut("Vögel", 5), "Vögel");
        assert_eq!(cut(&"é".repeat(100_000), LONGEST).chars().count(), LONGEST + 1);
    }

    #[test]
    fn numbers_read_like_print() {
        assert_eq!(
            [plain(0.5), plain(3.0), plain(-0.126), grouped(1234.0), clock(3_661.5)],
            ["0.5", "3", "-0.13", "1234", "1:01:01.50"]
        );
        assert_eq!([plain(0.0), plain(0.0456), plain(0.000_302)], ["0", "0.046", "0.0003"]);
    }
}
