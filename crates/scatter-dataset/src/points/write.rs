//! Writing the Arrow file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, PrimitiveBuilder, StringDictionaryBuilder};
use arrow_array::types::{ArrowPrimitiveType, Float32Type, Int32Type, UInt32Type};
use arrow_array::{
    ArrayRef, FixedSizeListArray, Float32Array, Float64Array, RecordBatch, StringArray, UInt8Array,
    UInt32Array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use thiserror::Error;

use super::locate::{Unlocatable, locate};
use super::stored::shortest;
use super::{Part, PointsTable, StoredColumn};
use crate::{Column, ColumnInfo, POINTS_FILE, Point, Projected, ProjectionInfo, Projections, columns};

/// Why no Arrow file could be made.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A column does not fit Arrow's offsets of 32 bits, or has not one entry a point.
    #[error("the table cannot be put in Arrow's columns")]
    Arrow(#[from] ArrowError),
    /// What was written is not laid out as it should be.
    #[error("the Arrow file is not laid out as expected")]
    Layout(#[from] Unlocatable),
}

/// Makes the Arrow file of `data`: its bytes, and its map for `config.json`. `projections` and `columns` are the order in
/// which to put them; `levels` are the mean shades of the tiles.
///
/// # Errors
/// [`WriteError`] when a column has another length than the others, or holds more than 2 GB of text.
pub fn write_points(
    data: &Projections,
    projections: &[ProjectionInfo],
    columns: &[ColumnInfo],
    levels: Option<&[u8]>,
) -> Result<(Vec<u8>, PointsTable), WriteError> {
    let mut table = Columns::default();
    let layout = |k: usize, name: &str| if k == 0 { Some(&data.first) } else { data.further.get(name) };
    let first = projections.first().map(|info| info.name.as_str());
    // What the map is drawn of comes first.
    if let Some(name) = first {
        table.push(name, Part::Projection(name.to_owned()), points(&data.first.points)?);
    }
    let named = |info: &&ColumnInfo| [columns::LABELS, columns::LABEL_NAMES].contains(&info.name.as_str());
    for info in columns.iter().filter(named) {
        table.push_column(data, info);
    }
    if let Some(levels) = levels {
        table.push("level", Part::Level, Arc::new(UInt8Array::from(levels.to_vec())));
    }
    for info in columns.iter().filter(|info| !named(info)) {
        table.push_column(data, info);
    }
    let order = data.idx.iter().map(|&index| index as u32).collect::<Vec<_>>();
    table.push("idx", Part::Order, Arc::new(UInt32Array::from(order)));
    for (k, info) in projections.iter().enumerate() {
        let Some(Projected { points: flat, spherical }) = layout(k, &info.name) else { continue };
        if k > 0 {
            table.push(&info.name, Part::Projection(info.name.clone()), points(flat)?);
        }
        table.push(&format!("{}_sphere", info.name), Part::Sphere(info.name.clone()), points(spherical)?);
    }
    if !data.neighbours.is_empty() {
        table.push("neighbours", Part::Neighbours, lists::<UInt32Type>(&data.neighbours));
    }
    if let Some(classes) = &data.classes {
        let best = |row: &Vec<u32>| {
            row.first().and_then(|class| classes.names.get(class)).map_or("", String::as_str)
        };
        table.push("classes", Part::Classes, lists::<UInt32Type>(&classes.top));
        table.push("scores", Part::Scores, lists::<Float32Type>(&classes.scores));
        // The page has it from the two; people who open the file need not look names up.
        table.add("class", words(classes.top.iter().map(best)));
    }
    table.write(data)
}

/// Arrays in the order of the file.
#[derive(Default)]
struct Columns {
    names: BTreeSet<String>,
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
    parts: Vec<Part>,
}

impl Columns {
    /// Adds an array that the page reads.
    fn push(&mut self, name: &str, part: Part, array: ArrayRef) {
        self.parts.push(part);
        self.add(name, array);
    }

    fn push_column(&mut self, data: &Projections, info: &ColumnInfo) {
        let array = match data.metadata.get(&info.name) {
            Some(Column::Text(entries)) => text_array(entries),
            Some(Column::Number(entries)) => number_array(entries),
            None => return,
        };
        self.push(&info.name, Part::Column(info.name.clone()), array);
    }

    fn add(&mut self, name: &str, array: ArrayRef) {
        // A user's own column may have the name of a projection; readers refuse a file with a name twice.
        let mut name = name.to_owned();
        while !self.names.insert(name.clone()) {
            name.push('_');
        }
        self.fields.push(Field::new(name, array.data_type().clone(), array.null_count() > 0));
        self.arrays.push(array);
    }

    fn write(self, data: &Projections) -> Result<(Vec<u8>, PointsTable), WriteError> {
        let schema = Arc::new(Schema::new_with_metadata(self.fields, HashMap::new()));
        let batch = RecordBatch::try_new(Arc::clone(&schema), self.arrays)?;
        let mut file = Vec::new();
        let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut file, &schema)?;
        writer.write(&batch)?;
        writer.finish()?;
        drop(writer);
        // Those beyond the parts are for people alone.
        let stored = locate(&file, &schema)?;
        let columns =
            self.parts.into_iter().zip(stored).map(|(part, values)| StoredColumn { part, values }).collect();
        let (attribution, classes) = match &data.classes {
            Some(classes) => (classes.attribution.clone(), classes.names.clone()),
            None => (String::new(), BTreeMap::new()),
        };
        Ok((file, PointsTable { file: POINTS_FILE.to_owned(), columns, attribution, classes }))
    }
}

fn points(points: &[Point]) -> Result<ArrayRef, ArrowError> {
    let axes = Arc::new(Float32Array::from(points.as_flattened().to_vec()));
    let field = Arc::new(Field::new("item", DataType::Float32, false));
    Ok(Arc::new(FixedSizeListArray::try_new(field, 3, axes, None)?))
}

/// A dictionary where entries come twice on average, plain text otherwise.
fn text_array(entries: &[String]) -> ArrayRef {
    let all: BTreeSet<&str> = entries.iter().map(String::as_str).collect();
    match 2 * all.len() <= entries.len() {
        true => words(entries.iter().map(String::as_str)),
        false => Arc::new(StringArray::from_iter_values(entries)),
    }
}

fn words<'a>(entries: impl Iterator<Item = &'a str>) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    entries.for_each(|entry| builder.append_value(entry));
    Arc::new(builder.finish())
}

/// 32 bits where they say the same: what is rounded to a few decimals mostly is.
fn number_array(entries: &[Option<f64>]) -> ArrayRef {
    let present =
        NullBuffer::from(entries.iter().map(|entry| entry.is_some_and(f64::is_finite)).collect::<Vec<_>>());
    let nulls = (present.null_count() > 0).then_some(present);
    let values = entries.iter().map(|entry| entry.filter(|value| value.is_finite()).unwrap_or(f64::NAN));
    let same = |value: f64| value.is_nan() || shortest(value as f32) == Some(value);
    match values.clone().all(same) {
        true => Arc::new(Float32Array::new(values.map(|value| value as f32).collect(), nulls)),
        false => Arc::new(Float64Array::new(values.collect(), nulls)),
    }
}

fn lists<T: ArrowPrimitiveType>(rows: &[Vec<T::Native>]) -> ArrayRef {
    let item = Field::new("item", T::DATA_TYPE, false);
    let mut builder = ListBuilder::new(PrimitiveBuilder::<T>::new()).with_field(item);
    for row in rows {
        builder.values().append_slice(row);
        builder.append(true);
    }
    Arc::new(builder.finish())
}
