//! The points as JSON, with everything that the dataset says of them.

use scatter_dataset::{Column, round_coordinate, round_to};
use serde_json::{Map, Value, json};

use super::Taken;

/// `{dataset, kind, count, layout, tags: [{name, note}], points: [{point, <columns>, tags, begin, end, place, classes}]}`, a point a line.
///
/// `begin` and `end` are seconds of the dataset's sound; missing values are left out.
pub fn json(taken: &Taken<'_>) -> String {
    let (layout, places) = taken.layout;
    let config = taken.config;
    let points: Vec<String> = taken
        .points
        .iter()
        .map(|&point| {
            let mut row = Map::new();
            row.insert("point".to_owned(), json!(point));
            for info in &config.columns {
                let value = match taken.data.metadata.get(&info.name) {
                    Some(Column::Number(values)) => values.get(point).copied().flatten().map(|v| json!(v)),
                    Some(column) => Some(Value::String(column.text(point))).filter(|v| v != ""),
                    None => None,
                };
                if let Some(value) = value {
                    row.insert(info.name.clone(), value);
                }
            }
            let tags: Vec<&str> = taken.tags.of(point).collect();
            if !tags.is_empty() {
                row.insert(taken.tag_column().to_owned(), json!(tags));
            }
            let time = config.audio.clip_seconds(point);
            row.insert("begin".to_owned(), json!(round_to(time.start, 6)));
            row.insert("end".to_owned(), json!(round_to(time.end, 6)));
            if let Some(place) = places.get(point) {
                let place = place.map(|x| round_to(f64::from(round_coordinate(x)), 4));
                row.insert("place".to_owned(), json!(place));
            }
            let classes: Vec<Value> = taken
                .classes(point)
                .map(|(name, score)| json!({"name": name, "score": round_to(f64::from(score), 3)}))
                .collect();
            if !classes.is_empty() {
                row.insert("classes".to_owned(), Value::Array(classes));
            }
            Value::Object(row).to_string()
        })
        .collect();
    let notes = taken.tags.all().iter().map(|tag| json!({"name": tag.name, "note": tag.note}));
    let notes: Vec<Value> = notes.collect();
    let mut head = json!({
        "dataset": config.name, "kind": config.kind, "count": taken.points.len(), "layout": layout,
    });
    if !notes.is_empty() {
        head["tags"] = Value::Array(notes);
    }
    let head = head.to_string();
    format!("{},\"points\":[\n{}\n]}}\n", head.trim_end_matches('}'), points.join(",\n"))
}

#[cfg(test)]
mod tests {
    use scatter_dataset::Kind;

    use super::super::tests::{dataset, hears, with};
    use super::*;
    use crate::tags::Tags;

    #[test]
    fn what_the_dataset_says_of_a_point_comes_back() {
        let (mut config, mut data) = dataset(Kind::Recording, &["n.wav", "n \"2\".wav"]);
        with(&mut config, &mut data, "rms", Column::Number(vec![Some(-20.5), None]));
        hears(&mut data, &[("Dog", 0.9), ("Bird", 0.5)]);
        let places = [[1.0, 2.0, 3.0], [0.1, 0.0, -1.5]];
        let taken = Taken {
            config: &config,
            data: &data,
            points: &[0, 1],
            tags: &Tags::default(),
            layout: ("umap", &places),
        };
        let read: Value = serde_json::from_str(&json(&taken)).unwrap();
        assert_eq!(
            (&read["dataset"], &read["kind"], &read["count"]),
            (&json!("a"), &json!("recording"), &json!(2))
        );
        let first = json!({"point": 0, "filenames": "n.wav", "rms": -20.5, "begin": 0.0, "end": 0.96,
            "place": [1.0, 2.0, 3.0], "classes": [{"name": "Dog", "score": 0.9}]});
        assert_eq!(read["points"][0], first);
        let second = json!({"point": 1, "filenames": "n \"2\".wav", "begin": 0.48, "end": 1.44,
            "place": [0.1, 0.0, -1.5], "classes": [{"name": "Bird", "score": 0.5}]});
        assert_eq!(read["points"][1], second);
    }

    #[test]
    fn nothing_taken_is_an_empty_list() {
        let (config, data) = dataset(Kind::Clips, &["a.wav"]);
        let taken = Taken {
            config: &config,
            data: &data,
            points: &[],
            tags: &Tags::default(),
            layout: ("umap", &[]),
        };
        let read: Value = serde_json::from_str(&json(&taken)).unwrap();
        assert_eq!(read["points"], json!([]));
    }
}
