//! The table of points as it is listed: its columns, the text of each cell, and the order by a column.

use std::borrow::Cow;

use scatter_dataset::{Column, Config, Kind, Projections, columns};

use crate::categories::{NO_NAME, NoCategories};
use crate::columns::{Attribute, Attributes, CLASS, FOLDER, NO_TAG, TIME, Values};
use crate::describe::{LONGEST, clock, cut, number_words};
use crate::ranking::{By, order};

/// Columns at most: each costs elements in every row.
const MOST: usize = 40;

/// One column of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// What stands over it.
    pub title: String,
    /// Its unit.
    pub unit: Option<String>,
    /// Whether it holds numbers, which stand to the right.
    pub numeric: bool,
    source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Source {
    /// File of a clip, time of a window.
    Name,
    Attribute(usize),
}

/// A dataset, cell by cell.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// What the dataset is.
    pub config: &'a Config,
    /// Its table.
    pub data: &'a Projections,
    /// Its columns by type.
    pub attributes: &'a Attributes,
}

impl Cells<'_> {
    /// The columns worth listing: the name first, then those that hold anything that is not said already.
    pub fn columns(&self) -> Vec<Listed> {
        let recording = self.config.kind == Kind::Recording;
        let title = if recording { "Time" } else { "File" };
        let name = Listed { title: title.to_owned(), unit: None, numeric: false, source: Source::Name };
        let told = |key: &str| key == columns::FILE_NAMES || (recording && key == TIME);
        let further = self
            .attributes
            .all
            .iter()
            .enumerate()
            .filter(|(_, column)| !told(&column.key) && self.says(column));
        let listed = further.map(|(k, column)| {
            let numbers = if let Values::Numbers(numbers) = &column.values { Some(numbers) } else { None };
            Listed {
                title: column.title.clone(),
                unit: numbers.and_then(|numbers| numbers.unit.clone()),
                numeric: numbers.is_some(),
                source: Source::Attribute(k),
            }
        });
        std::iter::once(name).chain(listed).take(MOST).collect()
    }

    /// Whether a column says of points what their names do not.
    fn says(&self, column: &Attribute) -> bool {
        match &column.values {
            Values::Categories(_) => true,
            Values::Numbers(numbers) => numbers.values.iter().any(|v| v.is_finite()),
            Values::Texts(NoCategories::None | NoCategories::AllSame) => false,
            Values::Texts(NoCategories::AllDifferent | NoCategories::TooMany) => {
                // Labels made of file names, and the labels of a recording, which are its times.
                let label = column.key == columns::LABELS;
                let same = (0..self.config.count.min(50))
                    .all(|k| self.name(k).starts_with(&*self.words(&column.key, k)));
                !(label && (same || self.config.kind == Kind::Recording))
            }
        }
    }

    /// Name of point `index`: file without folders, or time of a window.
    pub fn name(&self, index: usize) -> Cow<'_, str> {
        match (self.config.kind, self.data.metadata.get(columns::FILE_NAMES)) {
            (Kind::Recording, _) => Cow::Owned(clock(self.config.audio.clip_seconds(index).start)),
            (Kind::Clips, Some(files)) => match word(files, index) {
                Cow::Borrowed(path) => Cow::Borrowed(path.rsplit_once('/').map_or(path, |(_, file)| file)),
                owned => owned,
            },
            (Kind::Clips, None) => Cow::Owned(format!("Point {index}")),
        }
    }

    /// Text of a cell; empty where the point has nothing there.
    pub fn text(&self, column: &Listed, index: usize) -> String {
        let Source::Attribute(k) = column.source else { return cut(&self.name(index), LONGEST) };
        let Some(attribute) = self.attributes.get(k) else { return String::new() };
        match &attribute.values {
            Values::Numbers(numbers) => match numbers.values.get(index) {
                Some(value) if value.is_finite() && attribute.key == TIME => clock(f64::from(*value)),
                Some(value) if value.is_finite() => number_words(f64::from(*value), None),
                _ => String::new(),
            },
            Values::Categories(groups) => {
                let group = groups.of_point.get(index).and_then(|&group| groups.all.get(group as usize));
                group
                    .filter(|group| ![NO_NAME, NO_TAG].contains(&group.name.as_str()))
                    .map(|group| cut(&group.name, LONGEST))
                    .unwrap_or_default()
            }
            Values::Texts(_) => cut(&self.words(&attribute.key, index), LONGEST),
        }
    }

    /// All points in the order of a column; what is missing last.
    pub fn order(&self, column: &Listed, descending: bool) -> Vec<u32> {
        let texts =
            |of: &dyn Fn(usize) -> String| -> Vec<String> { (0..self.config.count).map(of).collect() };
        let attribute = match column.source {
            Source::Attribute(k) => self.attributes.get(k),
            // Windows are in the order of time already.
            Source::Name if self.config.kind == Kind::Recording => {
                let times: Vec<f32> = (0..self.config.count).map(|k| k as f32).collect();
                return order(By::Numbers(&times), descending);
            }
            Source::Name => None,
        };
        match attribute.map(|attribute| (&attribute.values, attribute)) {
            None => order(By::Texts(&texts(&|k| self.name(k).into_owned())), descending),
            Some((Values::Numbers(numbers), _)) => order(By::Numbers(&numbers.values), descending),
            Some((Values::Categories(groups), _)) => {
                let names: Vec<&str> = groups
                    .all
                    .iter()
                    .map(|g| if [NO_NAME, NO_TAG].contains(&g.name.as_str()) { "" } else { g.name.as_str() })
                    .collect();
                order(By::Groups(&names, &groups.of_point), descending)
            }
            Some((Values::Texts(_), attribute)) => {
                order(By::Texts(&texts(&|k| self.words(&attribute.key, k).into_owned())), descending)
            }
        }
    }

    /// What stands in a column of words that group nothing.
    fn words(&self, key: &str, index: usize) -> Cow<'_, str> {
        let column =
            |name: &str| self.data.metadata.get(name).map(|column| word(column, index)).unwrap_or_default();
        match key {
            columns::LABELS => match column(columns::LABEL_NAMES) {
                name if name.is_empty() => column(columns::LABELS),
                name => name,
            },
            FOLDER => match column(columns::FILE_NAMES) {
                Cow::Borrowed(path) => Cow::Borrowed(path.rsplit_once('/').map_or("", |(folder, _)| folder)),
                Cow::Owned(path) => {
                    Cow::Owned(path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned())
                }
            },
            CLASS => {
                let classes = self.data.classes.as_ref();
                let name = classes.and_then(|c| c.names.get(c.top.get(index)?.first()?));
                Cow::Borrowed(name.map_or("", String::as_str))
            }
            other => column(other),
        }
    }
}

fn word(column: &Column, index: usize) -> Cow<'_, str> {
    match column {
        Column::Text(values) => Cow::Borrowed(values.get(index).map_or("", String::as_str)),
        Column::Number(_) => Cow::Owned(column.text(index)),
    }
}

#[cfg(test)]
mod tests {
    use scatter_dataset::{DatasetName, FlatConfig};

    use super::*;

    fn with<T>(projections: &str, look: impl FnOnce(Cells<'_>) -> T) -> T {
        let name = DatasetName::new("x").unwrap();
        let json = br#"{"projectionsFile":"./data/p.json","imgDim":150}"#;
        let (config, data, _) =
            FlatConfig::from_json(&name, json).unwrap().read(&name, projections.as_bytes()).unwrap();
        let attributes = Attributes::of(&config, &data);
        look(Cells { config: &config, data: &data, attributes: &attributes })
    }

    #[test]
    fn clips_are_listed_by_file_and_sorted_by_any_column() {
        let table = r#"{"metadata":{"labels":["0","1","0"],"labelnames":["rain","","rain"],
            "filenames":["a/clip 10.wav","a/clip 2.wav","b/clip 1.wav"],"s_centroid":[12846.2,null,100.5],
            "silence":[null,null,null],"mood":["","",""],"take":["t10","t9",""]},
            "projections":[[1,2,3],[4,5,6],[7,8,9]]}"#;
        with(table, |cells| {
            let columns = cells.columns();
            let titles: Vec<&str> = columns.iter().map(|c| c.title.as_str()).collect();
            assert_eq!(titles, ["File", "Label", "Folder", "Centroid", "take"]);
            assert_eq!(
                (columns[3].unit.as_deref(), columns[3].numeric, columns[0].numeric),
                (Some("Hz"), true, false)
            );
            let row = |k: usize| columns.iter().map(|c| cells.text(c, k)).collect::<Vec<_>>();
            assert_eq!(row(0), ["clip 10.wav", "rain", "a", "12\u{202f}846", "t10"]);
            assert_eq!(row(1), ["clip 2.wav", "1", "a", "", "t9"]);
            assert_eq!(cells.order(&columns[0], false), [2, 1, 0]);
            assert_eq!(cells.order(&columns[2], true), [2, 0, 1]);
            assert_eq!(
                (cells.order(&columns[3], false), cells.order(&columns[3], true)),
                (vec![2, 0, 1], vec![0, 2, 1])
            );
            assert_eq!(cells.order(&columns[4], false), [1, 0, 2]);
        });
    }

    #[test]
    fn windows_are_listed_by_time_and_labels_that_repeat_the_name_are_left_out() {
        let recording = r#"{"metadata":{"labels":[],"labelnames":["0.00 sec","0.48 sec"],"filenames":["c","c"]},
            "projections":[[1,2,3],[4,5,6]]}"#;
        with(recording, |cells| {
            let columns = cells.columns();
            assert_eq!(
                (columns.len(), columns[0].title.as_str(), cells.text(&columns[0], 1).as_str()),
                (1, "Time", "0:00.48")
            );
            assert_eq!(cells.order(&columns[0], true), [1, 0]);
        });
        let stems = r#"{"metadata":{"labels":["1-a","1-b"],"labelnames":["1-a","1-b"],"filenames":["x/1-a.ogg","x/1-b.ogg"]},
            "projections":[[1,2,3],[4,5,6]]}"#;
        with(stems, |cells| assert_eq!(cells.columns().len(), 1));
    }
}
