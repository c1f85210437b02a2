//! The table as CSV (RFC 4180), safe to open in a spreadsheet.

use scatter_dataset::{Column, round_coordinate};

use super::Taken;

/// Classes that have columns of their own.
const CLASSES: usize = 5;

/// A line of names, then a line a point: its number, its tags where there are any, the dataset's columns under their own names, its place in the layout
/// that is shown, and the classes heard with their scores. Lines end with CR LF.
///
/// Text that a spreadsheet would take for a formula, because it begins with `=`, `+`, `-`, `@` (also as wide as a Chinese
/// character), a tab or a line break, gets an apostrophe in front; numbers are never changed.
pub fn csv(taken: &Taken<'_>) -> String {
    let (layout, places) = taken.layout;
    let classes = if taken.data.classes.is_some() { CLASSES } else { 0 };
    let tagged = !taken.tags.all().is_empty();
    let mut names = vec!["point".to_owned()];
    names.extend(tagged.then(|| taken.tag_column().to_owned()));
    names.extend(taken.config.columns.iter().map(|info| info.name.clone()));
    names.extend(["x", "y", "z"].map(|axis| format!("{layout}_{axis}")));
    names.extend((1..=classes).flat_map(|k| [format!("class_{k}"), format!("score_{k}")]));
    let mut table = line(names.iter().map(|name| text(name)));
    for &point in taken.points {
        let mut cells = vec![point.to_string()];
        // Names may hold anything but line breaks; of several, a semicolon and a space stand between.
        cells.extend(tagged.then(|| text(&taken.tags.of(point).collect::<Vec<_>>().join("; "))));
        for info in &taken.config.columns {
            cells.push(match taken.data.metadata.get(&info.name) {
                Some(column @ Column::Number(_)) => column.text(point),
                Some(column @ Column::Text(_)) => text(&column.text(point)),
                None => String::new(),
            });
        }
        match places.get(point) {
            Some(place) => cells.extend(place.map(|x| round_coordinate(x).to_string())),
            None => cells.extend([const { String::new() }; 3]),
        }
        let mut heard = taken.classes(point);
        for _ in 0..classes {
            let class = heard.next();
            cells.push(class.map(|(name, _)| text(name)).unwrap_or_default());
            cells.push(class.map(|(_, score)| score.to_string()).unwrap_or_default());
        }
        table += &line(cells.into_iter());
    }
    table
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A cell of text.
fn text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    let guarded = if formula { format!("'{text}") } else { text.to_owned() };
    match guarded.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", guarded.replace('"', "\"\"")),
        false => guarded,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scatter_dataset::Kind;

    use super::super::tests::{dataset, hears, with};
    use super::*;
    use crate::tags::Tags;

    #[test]
    fn a_table_has_names_then_a_line_a_point() {
        let (mut config, mut data) = dataset(Kind::Clips, &["a.wav", "b, \"c\".wav", "=d.wav"]);
        with(&mut config, &mut data, "rms", Column::Number(vec![Some(-20.5), None, Some(3.0)]));
        hears(&mut data, &[("Dog", 0.875), ("Bird, wild", 0.5), ("-", 0.25)]);
        let places = [[1.0, 2.0, 3.0], [0.1, -0.5, 1e-9], [4.0, 5.0, 6.0]];
        let taken = Taken {
            config: &config,
            data: &data,
            points: &[0, 1, 2],
            tags: &Tags::default(),
            layout: ("umap", &places),
        };
        let table = csv(&taken);
        let lines: Vec<&str> = table.split("\r\n").collect();
        assert!(lines[0].starts_with("point,filenames,rms,umap_x,umap_y,umap_z,class_1,score_1,class_2"));
        assert_eq!(lines[1], "0,a.wav,-20.5,1,2,3,Dog,0.875,,,,,,,,");
        assert_eq!(lines[2], "1,\"b, \"\"c\"\".wav\",,0.1,-0.5,0,\"Bird, wild\",0.5,,,,,,,,");
        assert_eq!(lines[3], "2,'=d.wav,3,4,5,6,'-,0.25,,,,,,,,");
        assert_eq!((lines.len(), lines[4]), (5, ""));
    }

    /// Reads RFC 4180.
    fn read(table: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
        let mut rest = table.chars().peekable();
        let mut quoted = false;
        while let Some(c) = rest.next() {
            match c {
                '"' if quoted && rest.peek() == Some(&'"') => cell.push(rest.next().unwrap()),
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut cell)),
                '\r' if !quoted && rest.peek() == Some(&'\n') => {
                    rest.next();
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                c => cell.push(c),
            }
        }
        rows
    }

    #[test]
    fn tags_have_a_column_where_there_are_any() {
        let (config, data) = dataset(Kind::Clips, &["a.wav", "b.wav"]);
        let mut tags = Tags::default();
        assert!(
            !csv(&Taken { config: &config, data: &data, points: &[0], tags: &tags, layout: ("umap", &[]) })
                .contains("tags")
        );
        tags = Tags::none(2);
        tags.add("=good", &crate::point_set::PointSet::of(2, [0])).unwrap();
        tags.add("loud, dry", &crate::point_set::PointSet::of(2, [0])).unwrap();
        let taken =
            Taken { config: &config, data: &data, points: &[0, 1], tags: &tags, layout: ("umap", &[]) };
        let table = csv(&taken);
        let rows: Vec<&str> = table.lines().collect();
        assert!(rows[0].starts_with("point,tags,"));
        assert!(rows[1].starts_with("0,\"'=good; loud, dry\",") && rows[2].starts_with("1,,"), "{table}");
        let parsed: serde_json::Value = serde_json::from_str(&super::super::json(&taken)).unwrap();
        assert_eq!(parsed["points"][0]["tags"], serde_json::json!(["=good", "loud, dry"]));
        assert_eq!(
            (&parsed["points"][1]["tags"], &parsed["tags"][1]["name"]),
            (&serde_json::Value::Null, &"loud, dry".into())
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_none_is_a_formula(names in prop::collection::vec("[\\PC\r\n\t]{0,12}|[=+@\\-\t\r].{0,6}", 1..12)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (config, data) = dataset(Kind::Clips, &names);
            let points: Vec<usize> = (0..names.len()).collect();
            let rows = read(&csv(&Taken { config: &config, data: &data, points: &points, tags: &Tags::default(), layout: ("pca", &[]) }));
            prop_assert_eq!(rows.len(), names.len() + 1);
            for (row, name) in rows[1..].iter().zip(names) {
                prop_assert_eq!(row.len(), 5);
                let guarded = format!("'{name}");
                prop_assert!(row[1] == name || row[1] == guarded);
                prop_assert!(!row[1].starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            }
        }
    }
}
