//! The table of points as columns of one type each: what to colour, size, filter, sort and search by.

use std::borrow::Cow;
use std::collections::HashSet;

use scatter_dataset::{Column, ColumnInfo, Config, Kind, Projections, columns};

use crate::categories::{Categories, NO_NAME, NoCategories};
use crate::describe::{LONGEST, cut, heading};
use crate::scale::Scale;
use crate::tags::Tags;

/// Keys of columns that are made here: no name of a file's column is meant to begin like this.
pub const FOLDER: &str = "@folder";
/// The class that the model is surest of.
pub const CLASS: &str = "@class";
/// Names that the person gave to selections.
pub const TAGS: &str = "@tags";
/// What a point without a tag is listed as.
pub const NO_TAG: &str = "(no tag)";
/// Start of a recording's window in seconds.
pub const TIME: &str = "@time";

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name in links: that in the dataset, or one of those above.
    pub key: String,
    /// What the page calls it.
    pub title: String,
    /// An entry a point.
    pub values: Values,
}

/// The entries of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Words that several points share.
    Categories(Categories),
    /// Numbers.
    Numbers(Numbers),
    /// Words that group nothing; they stand in the dataset's table.
    Texts(NoCategories),
}

/// A column of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// An entry a point, not a number where it is missing.
    pub values: Vec<f32>,
    /// Unit, such as `Hz`.
    pub unit: Option<String>,
    /// Its scale; `None` where all values are the same.
    pub scale: Option<Scale>,
}

/// All columns, in the order to offer them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes {
    /// The columns.
    pub all: Vec<Attribute>,
}

/// Columns that are offered at most.
const MOST: usize = 200;

impl Attribute {
    /// The groups, where it has any.
    pub fn categories(&self) -> Option<&Categories> {
        if let Values::Categories(groups) = &self.values { Some(groups) } else { None }
    }

    /// The numbers and their scale, where they differ.
    pub fn numbers(&self) -> Option<(&Numbers, &Scale)> {
        match &self.values {
            Values::Numbers(numbers) => numbers.scale.as_ref().map(|scale| (numbers, scale)),
            _ => None,
        }
    }

    /// Whether points can be told apart by it.
    pub fn tells_apart(&self) -> bool {
        self.categories().is_some() || self.numbers().is_some()
    }
}

impl Attributes {
    /// The columns of a dataset.
    pub fn of(config: &Config, data: &Projections) -> Self {
        let texts = |key: &str, title: &str, texts: &dyn Fn(usize) -> String| {
            let all: Vec<String> = (0..config.count).map(texts).collect();
            text_column(key, title, all.iter().map(String::as_str))
        };
        let label = label_of(config, data);
        let mut all = vec![match label {
            Ok(of) => texts(columns::LABELS, "Label", &|k| of(k).into_owned()),
            Err(reason) => Attribute {
                key: columns::LABELS.to_owned(),
                title: "Label".to_owned(),
                values: Values::Texts(reason),
            },
        }];
        if let Some(Column::Text(files)) = data.metadata.get(columns::FILE_NAMES) {
            let folders = files.iter().map(|file| file.rsplit_once('/').map_or("", |(folder, _)| folder));
            let folder = text_column(FOLDER, "Folder", folders);
            // Folders that say what the labels say are offered once.
            let known = all[0].categories().map(|c| &c.of_point);
            if folder.categories().is_some_and(|c| Some(&c.of_point) != known) {
                all.push(folder);
            }
        }
        if let Some(classes) = &data.classes {
            let name = |k: usize| classes.names.get(classes.top.get(k)?.first()?);
            all.push(texts(CLASS, "Heard class", &|k| name(k).cloned().unwrap_or_default()));
        }
        if config.kind == Kind::Recording {
            let start = |k: usize| config.audio.clip_seconds(k).start as f32;
            all.push(number_column(TIME, "Time", Some("s"), (0..config.count).map(start).collect()));
        }
        let mut told = HashSet::from([columns::LABELS, columns::LABEL_NAMES]);
        if config.kind == Kind::Recording {
            told.extend([columns::START, columns::DURATION]);
        }
        let further = config.columns.iter().filter(|info| !told.contains(info.name.as_str()));
        all.extend(further.take(MOST).filter_map(|info| attribute(info, data)));
        Self { all }
    }

    /// Makes the last column that of the tags, where there are any that tell points apart. Other columns stay where they are.
    pub fn set_tags(&mut self, tags: &Tags, count: usize) {
        self.all.retain(|column| column.key != TAGS);
        let names = |k: usize| tags.of(k).collect::<Vec<_>>().join(" + ");
        let names: Vec<String> = (0..count).map(names).collect();
        let mut column = text_column(TAGS, "Tags", names.iter().map(String::as_str));
        if let Values::Categories(groups) = &mut column.values {
            let untagged = groups.all.iter_mut().filter(|group| group.name == NO_NAME);
            untagged.for_each(|group| group.name = NO_TAG.to_owned());
            self.all.push(column);
        }
    }

    /// Column `index`.
    pub fn get(&self, index: usize) -> Option<&Attribute> {
        self.all.get(index)
    }

    /// Where the column with `key` stands.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.all.iter().position(|column| column.key == key)
    }

    /// Why points cannot be told apart by label, in words; empty where they can.
    pub fn no_labels(&self) -> String {
        let Some(Values::Texts(reason)) = self.all.first().map(|column| &column.values) else {
            return String::new();
        };
        let names = match self.naming().and_then(|k| self.get(k)).map(|column| column.key.as_str()) {
            Some(FOLDER) => " The names on the map are folders.",
            Some(CLASS) => " The names on the map are what the model heard.",
            _ => "",
        };
        format!("{}{names}", reason.reason())
    }

    /// The column after which groups of points are named: labels, else folders, else what was heard.
    pub fn naming(&self) -> Option<usize> {
        let grouped = |key: &&str| self.find(key).filter(|&k| self.all[k].categories().is_some());
        [columns::LABELS, FOLDER, CLASS].iter().find_map(grouped)
    }
}

/// Label of each point: the name where it has one, else the identifier.
fn label_of<'a>(
    config: &Config,
    data: &'a Projections,
) -> Result<impl Fn(usize) -> Cow<'a, str>, NoCategories> {
    let ids = data.metadata.get(columns::LABELS);
    // A recording's names are start times, which are no classes.
    let names =
        data.metadata.get(columns::LABEL_NAMES).filter(|_| config.kind == Kind::Clips || ids.is_some());
    let Some(column) = names.or(ids) else {
        let recording = config.kind == Kind::Recording;
        return Err(if recording { NoCategories::AllDifferent } else { NoCategories::None });
    };
    Ok(move |k: usize| match word(column, k) {
        name if name.is_empty() => ids.map(|c| word(c, k)).unwrap_or_default(),
        name => name,
    })
}

fn word(column: &Column, row: usize) -> Cow<'_, str> {
    match column {
        Column::Text(values) => Cow::Borrowed(values.get(row).map_or("", String::as_str)),
        Column::Number(_) => Cow::Owned(column.text(row)),
    }
}

fn attribute(info: &ColumnInfo, data: &Projections) -> Option<Attribute> {
    let (key, title) = (info.name.as_str(), cut(&heading(&info.name), LONGEST));
    Some(match data.metadata.get(key)? {
        Column::Text(values) => text_column(key, &title, values.iter().map(String::as_str)),
        // Numbers that only name groups.
        Column::Number(values) if key == columns::DUPLICATE_GROUP => {
            let names: Vec<String> =
                values.iter().map(|v| v.map(|v| v.to_string()).unwrap_or_default()).collect();
            text_column(key, &title, names.iter().map(String::as_str))
        }
        Column::Number(values) => {
            let values = values.iter().map(|v| v.map_or(f32::NAN, |v| v as f32)).collect();
            number_column(key, &title, info.unit.as_deref(), values)
        }
    })
}

fn text_column<'a>(key: &str, title: &str, texts: impl Iterator<Item = &'a str>) -> Attribute {
    let values = match Categories::group(texts) {
        Ok(groups) => Values::Categories(groups),
        Err(reason) => Values::Texts(reason),
    };
    Attribute { key: key.to_owned(), title: title.to_owned(), values }
}

fn number_column(key: &str, title: &str, unit: Option<&str>, values: Vec<f32>) -> Attribute {
    let scale = Scale::of(&values);
    let unit = unit.map(|unit| cut(unit, LONGEST));
    Attribute {
        key: key.to_owned(),
        title: title.to_owned(),
        values: Values::Numbers(Numbers { values, unit, scale }),
    }
}

#[cfg(test)]
mod tests {
    use scatter_dataset::{DatasetName, FlatConfig};

    use super::*;

    fn attributes(projections: &str) -> Attributes {
        let name = DatasetName::new("x").unwrap();
        let json = br#"{"projectionsFile":"./data/p.json","imgDim":150}"#;
        let (config, data, _) =
            FlatConfig::from_json(&name, json).unwrap().read(&name, projections.as_bytes()).unwrap();
        Attributes::of(&config, &data)
    }

    fn names(column: &Attribute) -> Vec<(&str, usize)> {
        column.categories().unwrap().all.iter().map(|c| (c.name.as_str(), c.count)).collect()
    }

    #[test]
    fn clips_have_labels_folders_and_their_own_columns_each_with_its_type() {
        let table = attributes(
            r#"{"metadata":{"labels":["2","0","2"],"labelnames":["rain","dog","rain"],
                "filenames":["a/1.wav","a/2.wav","b/3.wav"],"s_centroid":[100,null,300],"mood":["x","y","x"]},
                "projections":[[1,2,3],[4,5,6],[7,8,9]]}"#,
        );
        let keys: Vec<&str> = table.all.iter().map(|c| c.key.as_str()).collect();
        assert_eq!(keys, ["labels", "@folder", "filenames", "s_centroid", "mood"]);
        assert_eq!(names(&table.all[0]), [("dog", 1), ("rain", 2)]);
        assert_eq!(names(&table.all[1]), [("a", 2), ("b", 1)]);
        assert_eq!(table.all[2].values, Values::Texts(NoCategories::AllDifferent));
        let (numbers, scale) = table.all[3].numbers().unwrap();
        assert_eq!((table.all[3].title.as_str(), numbers.unit.as_deref()), ("Centroid", Some("Hz")));
        assert_eq!((scale.ends, numbers.values[1].is_nan()), ([100.0, 300.0], true));
        assert_eq!((table.no_labels().as_str(), table.naming()), ("", Some(0)));
    }

    #[test]
    fn a_recording_has_its_time_and_says_that_its_labels_are_no_groups() {
        let table = attributes(
            r#"{"metadata":{"labels":[],"labelnames":["0.00 sec","0.48 sec"],"filenames":["c","c"]},
                "projections":[[1,2,3],[4,5,6]]}"#,
        );
        assert_eq!(table.no_labels(), "No two points share a label.");
        let (time, scale) = table.get(table.find(TIME).unwrap()).unwrap().numbers().unwrap();
        assert_eq!((time.unit.as_deref(), scale.ends), (Some("s"), [0.0, 0.48]));
        assert_eq!(table.naming(), None);
    }

    #[test]
    fn whose_labels_are_no_groups_hears_what_the_names_on_the_map_are() {
        let table = attributes(
            r#"{"metadata":{"labels":["0","1","2"],"labelnames":["a","b","c"],"filenames":["x/1.wav","x/2.wav","y/3.wav"]},
                "projections":[[1,2,3],[4,5,6],[7,8,9]]}"#,
        );
        assert_eq!(table.no_labels(), "No two points share a label. The names on the map are folders.");
    }

    #[test]
    fn tags_are_a_column_at_the_end_and_points_may_have_several() {
        let mut table = attributes(
            r#"{"metadata":{"labels":[],"labelnames":["a","b","a","b"],"filenames":["c","d","e","f"]},
                "projections":[[1,2,3],[4,5,6],[7,8,9],[1,1,1]]}"#,
        );
        let before = table.clone();
        let mut tags = Tags::none(4);
        tags.add("good", &crate::point_set::PointSet::of(4, [0, 1])).unwrap();
        tags.add("loud", &crate::point_set::PointSet::of(4, [1])).unwrap();
        table.set_tags(&tags, 4);
        assert_eq!(names(table.all.last().unwrap()), [("good", 1), ("good + loud", 1), (NO_TAG, 2)]);
        assert_eq!(table.find(TAGS), Some(before.all.len()));
        table.set_tags(&Tags::none(4), 4);
        assert_eq!(table, before);
    }

    #[test]
    fn folders_that_repeat_the_labels_are_offered_once() {
        let table = attributes(
            r#"{"metadata":{"labels":["0","1","0"],"labelnames":["dog","rain","dog"],
                "filenames":["dog/1.wav","rain/2.wav","dog/3.wav"]},"projections":[[1,2,3],[4,5,6],[7,8,9]]}"#,
        );
        assert_eq!(table.find(FOLDER), None);
    }
}
