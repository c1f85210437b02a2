//! Labels of the points, grouped for the legend and for colouring.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use scatter_dataset::{Column, Kind, columns};

/// One entry of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Name to show.
    pub name: String,
    /// Number of points that bear it.
    pub count: usize,
}

/// The labels of a dataset, and which one each point bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// In the order of the legend.
    pub all: Vec<Label>,
    /// Index into `all`, an entry a point.
    pub of_point: Vec<usize>,
}

/// Why colouring by label makes no sense, in words for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLabels {
    /// There is no label at all.
    None,
    /// Each point has its own.
    AllDifferent,
    /// All points share one.
    AllSame,
}

impl NoLabels {
    /// A sentence for the person.
    pub fn reason(self) -> &'static str {
        match self {
            Self::None => "These points have no labels.",
            Self::AllDifferent => "Each point has a label of its own.",
            Self::AllSame => "All points share one label.",
        }
    }
}

impl Labels {
    /// Groups the points of `metadata` by label; names come from `labelnames` where they are given.
    ///
    /// # Errors
    /// [`NoLabels`] when there is nothing to tell apart.
    pub fn group(metadata: &BTreeMap<String, Column>, kind: Kind, count: usize) -> Result<Self, NoLabels> {
        let ids = metadata.get(columns::LABELS);
        // A recording's names are start times, which are no classes.
        let names = metadata.get(columns::LABEL_NAMES).filter(|_| kind == Kind::Clips || ids.is_some());
        let Some(column) = names.or(ids) else {
            return Err(if kind == Kind::Recording { NoLabels::AllDifferent } else { NoLabels::None });
        };
        let of = |k: usize| match column.text(k) {
            name if name.is_empty() => ids.map(|c| c.text(k)).unwrap_or_default(),
            name => name,
        };
        let texts: Vec<String> = (0..count).map(of).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in &texts {
            *counts.entry(text).or_default() += 1;
        }
        match counts.len() {
            0 => return Err(NoLabels::None),
            1 if counts.contains_key("") => return Err(NoLabels::None),
            1 if count > 1 => return Err(NoLabels::AllSame),
            distinct if distinct == count => return Err(NoLabels::AllDifferent),
            _ => {}
        }
        let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
        names.sort_by(|a, b| natural(a.0, b.0));
        let place: BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(k, (name, _))| (*name, k)).collect();
        let of_point = texts.iter().map(|text| place.get(text.as_str()).copied().unwrap_or(0)).collect();
        let shown = |name: &str| if name.is_empty() { "(none)".to_owned() } else { name.to_owned() };
        let all = names.iter().map(|&(name, count)| Label { name: shown(name), count }).collect();
        Ok(Self { all, of_point })
    }
}

/// Numbers by value, then words by letter.
fn natural(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x.total_cmp(&y),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        _ => a.to_lowercase().cmp(&b.to_lowercase()).then(a.cmp(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[(&str, &[&str])]) -> BTreeMap<String, Column> {
        let text = |values: &[&str]| Column::Text(values.iter().map(|v| (*v).to_owned()).collect());
        names.iter().map(|(name, values)| ((*name).to_owned(), text(values))).collect()
    }

    #[test]
    fn points_are_grouped_by_name_and_counted() {
        let metadata = table(&[("labels", &["2", "0", "2"]), ("labelnames", &["rain", "dog", "rain"])]);
        let labels = Labels::group(&metadata, Kind::Clips, 3).unwrap();
        let named = |name: &str, count| Label { name: name.to_owned(), count };
        assert_eq!(labels.all, [named("dog", 1), named("rain", 2)]);
        assert_eq!(labels.of_point, [1, 0, 1]);
    }

    #[test]
    fn labels_that_are_numbers_are_listed_by_value() {
        let metadata = table(&[("labels", &["10", "9", "9", "x"])]);
        let labels = Labels::group(&metadata, Kind::Clips, 4).unwrap();
        let names: Vec<_> = labels.all.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["9", "10", "x"]);
    }

    #[test]
    fn a_recording_or_points_all_different_or_all_alike_give_the_reason() {
        let times = table(&[("labelnames", &["0.00 sec", "0.48 sec"])]);
        assert_eq!(Labels::group(&times, Kind::Recording, 2), Err(NoLabels::AllDifferent));
        let same = table(&[("labels", &["a", "a"])]);
        assert_eq!(Labels::group(&same, Kind::Clips, 2), Err(NoLabels::AllSame));
        let different = table(&[("labels", &["a", "b"])]);
        assert_eq!(Labels::group(&different, Kind::Clips, 2), Err(NoLabels::AllDifferent));
        assert_eq!(Labels::group(&table(&[]), Kind::Clips, 2), Err(NoLabels::None));
        assert_eq!(Labels::group(&table(&[("labels", &["", ""])]), Kind::Clips, 2), Err(NoLabels::None));
    }
}
