//! What was written comes back, in whatever pieces; what was not is refused.

#![cfg(feature = "write")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    AudioLayout, Classes, Column, ColumnInfo, FileFacts, Projected, Projections, SpriteLayout, round_to,
};

fn config(data: &Projections, count: usize) -> Config {
    let column = |(name, column): (&String, &Column)| ColumnInfo {
        name: name.clone(),
        kind: column.kind(),
        unit: None,
    };
    let names = std::iter::once("umap").chain(data.further.keys().map(String::as_str));
    let json = json!({
        "formatVersion": 1, "name": "a", "kind": "clips", "count": count, "audioFile": "a.flac", "spriteFile": "sprite.jpg",
        "projectionsFile": "p.json", "imgDim": 96, "audio": AudioLayout::clips(count as u64 * 15_360),
        "sprite": SpriteLayout::log_mel(count, -7.0, 1.0),
        "projections": names.map(|name| json!({"name": name, "dims": 3})).collect::<Vec<_>>(),
        "columns": data.metadata.iter().map(column).collect::<Vec<_>>(),
    });
    Config::from_json(json.to_string().as_bytes()).unwrap()
}

/// Writes `data`, and gives the file and a configuration that describes it.
fn written(data: &Projections, count: usize, levels: Option<&[u8]>) -> (Vec<u8>, Config) {
    let mut config = config(data, count);
    let (file, table) = write_points(data, &config.projections, &config.columns, levels).unwrap();
    let facts = FileFacts { bytes: file.len() as u64, sha256: String::new() };
    config.files.insert(table.file.clone(), facts);
    config.points = Some(table);
    // As a page gets it.
    (file, Config::from_json(serde_json::to_string(&config).unwrap().as_bytes()).unwrap())
}

fn read(file: &[u8], config: &Config, piece: usize) -> Result<(Projections, Vec<u8>), FormatError> {
    let table = config.points.clone().unwrap();
    let mut stream = PointsStream::new(table.clone());
    let mut parts = Parts::default();
    for piece in file.chunks(piece) {
        stream.push(piece)?;
        for (column, values) in stream.take() {
            parts.add(&table.columns[column].part, values)?;
        }
    }
    assert!(stream.is_whole());
    let levels = parts.levels.clone();
    Ok((parts.whole(&table, config)?, levels))
}

fn numbers(count: usize) -> impl Strategy<Value = Column> {
    let rounded = prop::option::weighted(0.9, (-30_000f64..30_000.0, 0..5).prop_map(|(v, d)| round_to(v, d)));
    let any = prop::option::weighted(0.9, prop_oneof![-1e12f64..1e12, Just(123_456.789), Just(0.000_001)]);
    prop_oneof![prop::collection::vec(rounded, count), prop::collection::vec(any, count)]
        .prop_map(Column::Number)
}

fn texts(count: usize) -> impl Strategy<Value = Column> {
    let few = prop::sample::select(vec!["", "rain", "dög", "a\u{202e}b"]).prop_map(str::to_owned);
    prop_oneof![prop::collection::vec(few, count), prop::collection::vec(".{0,9}", count)]
        .prop_map(Column::Text)
}

fn layout(count: usize) -> impl Strategy<Value = Projected> {
    let points = || prop::collection::vec(prop::array::uniform3(-1e6f32..1e6), count);
    (points(), points()).prop_map(|(points, spherical)| Projected { points, spherical })
}

fn dataset() -> impl Strategy<Value = (usize, Projections, Option<Vec<u8>>)> {
    (1usize..30).prop_flat_map(|count| {
        let metadata = prop::collection::btree_map(
            "[a-z]{1,8}|umap|idx|labels|labelnames",
            prop_oneof![numbers(count), texts(count)],
            0..6,
        );
        let further = prop::collection::btree_map("pca|tsne", layout(count), 0..3);
        let neighbours = prop_oneof![
            Just(Vec::new()),
            prop::collection::vec(prop::collection::vec(0..count as u32, 0..6), count)
        ];
        let row = prop::collection::vec((0u32..3, 0f32..1.0), 0..5);
        let classes = prop::option::of(prop::collection::vec(row, count)).prop_map(|rows| {
            rows.map(|rows| Classes {
                attribution: "someone".to_owned(),
                names: (0..3).map(|class| (class, format!("class {class}"))).collect(),
                top: rows.iter().map(|row| row.iter().map(|&(class, _)| class).collect()).collect(),
                scores: rows.iter().map(|row| row.iter().map(|&(_, score)| score).collect()).collect(),
            })
        });
        let idx = Just((0..count as u64).collect::<Vec<_>>()).prop_shuffle();
        let levels = prop::option::of(prop::collection::vec(any::<u8>(), count));
        (layout(count), metadata, further, neighbours, classes, idx, levels).prop_map(
            move |(first, metadata, further, neighbours, classes, idx, levels)| {
                (count, Projections { idx, metadata, first, further, neighbours, classes }, levels)
            },
        )
    })
}

proptest! {
    #[test]
    fn what_was_written_comes_back_in_pieces_of_any_size((count, data, levels) in dataset(), piece in 1usize..3_000) {
        let (file, config) = written(&data, count, levels.as_deref());
        let (found, shades) = read(&file, &config, piece).unwrap();
        prop_assert_eq!(found, data);
        prop_assert_eq!(shades, levels.unwrap_or_default());
    }

    #[test]
    fn a_broken_file_is_refused_or_is_another_map_but_stops_nothing(
        (count, data, _) in dataset(), at in any::<prop::sample::Index>(), value: u8, cut in any::<prop::sample::Index>(),
    ) {
        let (mut file, config) = written(&data, count, None);
        let at = at.index(file.len());
        file[at] = value;
        let _ = read(&file, &config, 100);
        let table = config.points.clone().unwrap();
        let mut stream = PointsStream::new(table);
        let _ = stream.push(&file[..cut.index(file.len())]);
        prop_assert!(stream.first_points(0).iter().flatten().all(|x| x.is_finite()));
    }

    #[test]
    fn any_map_of_a_file_is_refused_or_read(count in 1usize..9, spans in prop::collection::vec((0u64..300, 0u64..80), 1..6), bytes: Vec<u8>) {
        let span = |k: usize| spans.get(k).copied().map_or(Span { start: 0, bytes: 0 }, |(start, bytes)| Span { start, bytes });
        let stored = [
            Stored::Words { offsets: span(0), text: span(1), codes: span(2) },
            Stored::Uint32Lists { offsets: span(0), at: span(1) },
            Stored::Texts { offsets: span(0), text: span(1) },
        ];
        for values in stored {
            let table = PointsTable {
                file: "points.arrow".to_owned(), attribution: String::new(), classes: BTreeMap::new(),
                columns: vec![StoredColumn { part: Part::Column("x".to_owned()), values }],
            };
            let mut stream = PointsStream::new(table.clone());
            let _ = stream.push(&bytes);
            let mut checked = config(&empty(), count);
            checked.points = Some(table);
            let _ = Config::from_json(serde_json::to_string(&checked).unwrap().as_bytes());
        }
    }
}

fn empty() -> Projections {
    Projections {
        idx: Vec::new(),
        metadata: BTreeMap::new(),
        first: Projected { points: Vec::new(), spherical: Vec::new() },
        further: BTreeMap::new(),
        neighbours: Vec::new(),
        classes: None,
    }
}

fn small(count: usize) -> Projections {
    let rows = |k: f32| (0..count).map(|p| [p as f32, k, 0.5]).collect();
    let text = |of: fn(usize) -> String| Column::Text((0..count).map(of).collect());
    let table = [
        ("labels", text(|k| (k % 2).to_string())),
        ("filenames", text(|k| format!("{k}.wav"))),
        ("rms", Column::Number((0..count).map(|k| (k > 0).then_some(-0.25 * k as f64)).collect())),
    ];
    Projections {
        idx: (0..count as u64).collect(),
        metadata: table.into_iter().map(|(name, column)| (name.to_owned(), column)).collect(),
        first: Projected { points: rows(1.0), spherical: rows(2.0) },
        further: [("pca".to_owned(), Projected { points: rows(3.0), spherical: rows(4.0) })].into(),
        neighbours: (0..count as u32).map(|k| vec![k]).collect(),
        classes: None,
    }
}

#[test]
fn points_come_first_and_are_drawn_as_they_come_then_with_their_labels() {
    let data = small(1_000);
    let (file, config) = written(&data, 1_000, Some(&[9; 1_000]));
    let table = config.points.clone().unwrap();
    let drawable = table.drawable();
    assert_eq!(drawable, 3, "points, labels, shades: {:?}", table.columns);
    let mut stream = PointsStream::new(table.clone());
    let mut parts = Parts::default();
    let whole = table.columns[0].values.spans().next().unwrap();
    let half = (whole.start + whole.bytes / 2) as usize;
    stream.push(&file[..half]).unwrap();
    assert_eq!(stream.first_points(0), data.first.points[..500]);
    assert_eq!(stream.first_points(499), data.first.points[499..500]);
    assert!(stream.take().is_empty() && stream.first_points(2_000).is_empty());
    let end = table.columns[drawable - 1].values.spans().map(|span| span.start + span.bytes).max().unwrap()
        as usize;
    stream.push(&file[half..end]).unwrap();
    for (column, values) in stream.take() {
        parts.add(&table.columns[column].part, values).unwrap();
    }
    let (announced, seen) = parts.drawable(&table.file, &config).unwrap();
    assert_eq!((announced.projections.len(), announced.columns.len()), (1, 1));
    assert_eq!(
        (&seen.first.points, &seen.metadata["labels"]),
        (&data.first.points, &data.metadata["labels"])
    );
    // A sixth of the file: what a person waits for.
    assert!(end * 3 < file.len(), "{end} of {}", file.len());
}

#[test]
fn what_is_rounded_takes_half_the_room_and_what_is_not_keeps_its_digits() {
    let mut data = small(3);
    let column = |values: [f64; 3]| Column::Number(values.map(Some).to_vec());
    data.metadata.insert("rounded".to_owned(), column([12_345.67, 0.1, -4.5]));
    data.metadata.insert("precise".to_owned(), column([360_000.48, 1.0 / 3.0, 2.0]));
    let (file, config) = written(&data, 3, None);
    let stored = |name: &str| {
        let column =
            config.points.as_ref().unwrap().columns.iter().find(|c| c.part == Part::Column(name.to_owned()));
        column.unwrap().values.clone()
    };
    assert!(matches!(stored("rounded"), Stored::Float32 { .. }));
    assert!(matches!(stored("precise"), Stored::Float64 { .. }));
    assert_eq!(read(&file, &config, 999).unwrap().0, data);
}

#[test]
fn columns_that_reach_into_each_other_or_beyond_the_file_are_refused() {
    let (_, config) = written(&small(4), 4, None);
    let refused = |change: fn(&mut PointsTable)| {
        let mut config = config.clone();
        change(config.points.as_mut().unwrap());
        Config::from_json(serde_json::to_string(&config).unwrap().as_bytes()).unwrap_err().to_string()
    };
    let into = refused(|table| table.columns[0].values = table.columns[4].values.clone());
    assert!(into.contains("points.columns"), "{into}");
    let beyond =
        refused(|table| table.columns[0].values = Stored::Points { at: Span { start: 1 << 40, bytes: 48 } });
    assert!(beyond.contains("places of their own"), "{beyond}");
    let around =
        refused(|table| table.columns[0].values = Stored::Points { at: Span { start: u64::MAX, bytes: 48 } });
    assert!(around.contains("places of their own"), "{around}");
    let short =
        refused(|table| table.columns[0].values = Stored::Points { at: Span { start: 8, bytes: 47 } });
    assert!(short.contains("holds 47 entries where 48"), "{short}");
    let path = refused(|table| table.file = "../secret".to_owned());
    assert!(path.contains("not a plain file name"), "{path}");
}

/// One word of a megabyte that stands for every point would unpack to a terabyte.
#[test]
fn a_word_that_would_fill_the_memory_is_refused() {
    let (count, word) = (1usize << 12, 1u32 << 20);
    let mut bytes = [0u32.to_le_bytes(), word.to_le_bytes()].concat();
    bytes.resize(8 + word as usize + 4 * count, b'a');
    bytes[8 + word as usize..].fill(0);
    let span = |start: u64, bytes: usize| Span { start, bytes: bytes as u64 };
    let words = Stored::Words {
        offsets: span(0, 8),
        text: span(8, word as usize),
        codes: span(8 + u64::from(word), 4 * count),
    };
    let table = PointsTable {
        file: "points.arrow".to_owned(),
        columns: vec![StoredColumn { part: Part::Column("x".to_owned()), values: words }],
        attribution: String::new(),
        classes: BTreeMap::new(),
    };
    assert!(PointsStream::new(table).push(&bytes).is_err());
}

#[test]
fn a_column_of_another_kind_than_its_part_is_refused() {
    let mut parts = Parts::default();
    assert!(parts.add(&Part::Order, Values::Texts(vec!["0".to_owned()])).is_err());
    assert!(parts.add(&Part::Projection("x".to_owned()), Values::Uint8(vec![1])).is_err());
}
