//! Search: which points' file names, texts and classes hold the words of a question.

use std::collections::HashSet;

use scatter_dataset::{Column, Config, Projections, columns};

use crate::describe::LEAST_HEARD;
use crate::fold::fold;
use crate::point_set::PointSet;
use crate::query::Query;

/// Stands between the texts of a point, and between points: no word of a question holds it.
const APART: char = '\n';
const NEXT: char = '\u{1}';

/// All texts of a dataset, folded, one after another.
#[derive(Debug, Default)]
pub struct SearchIndex {
    text: String,
    /// Where each point's texts end in `text`, in bytes.
    ends: Vec<usize>,
    /// Names of classes, folded, by index.
    classes: Vec<(u32, String)>,
}

impl SearchIndex {
    /// Folds what a dataset says of its points: files, labels and every other column of text. `decompose` parts letters from
    /// their marks (Unicode normalisation form KD); it must leave line breaks and controls alone.
    pub fn new(config: &Config, data: &Projections, decompose: impl Fn(&str) -> String) -> Self {
        // Of twins the table says "near" or "exact", which nobody looks for among names.
        let told = [columns::DUPLICATE, columns::DUPLICATE_GROUP];
        let texts = data.metadata.iter().filter(|(name, _)| !told.contains(&name.as_str()));
        let texts: Vec<(&str, &Vec<String>)> =
            texts
                .filter_map(|(name, column)| {
                    if let Column::Text(values) = column { Some((name.as_str(), values)) } else { None }
                })
                .collect();
        let names = data.metadata.get(columns::LABEL_NAMES);
        let mut all = String::new();
        for point in 0..config.count {
            let mut before: Vec<&str> = Vec::new();
            // A label that has a name is mostly a number, which would be found in any name with numbers.
            let named = names.is_some_and(|names| !names.text(point).is_empty());
            let texts = texts.iter().filter(|(name, _)| !(named && *name == columns::LABELS));
            for text in texts.filter_map(|(_, values)| values.get(point)) {
                // Labels often repeat the name of the file.
                if !before.iter().any(|b| b.contains(text.as_str())) {
                    all.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
                    all.push(APART);
                    before.push(text);
                }
            }
            all.push(NEXT);
        }
        let text = if all.is_ascii() { fold(&all) } else { fold(&decompose(&all)) };
        let ends = text.match_indices(NEXT).map(|(at, _)| at).collect();
        let names = data.classes.iter().flat_map(|classes| &classes.names);
        let classes = names.map(|(&index, name)| (index, fold(&decompose(name)))).collect();
        Self { text, ends, classes }
    }

    /// The points that answer `query`.
    pub fn find(&self, query: &Query, data: &Projections) -> PointSet {
        let mut found = PointSet::all(self.ends.len());
        query.wanted.iter().for_each(|word| found.keep(&self.holding(word, data)));
        query.unwanted.iter().for_each(|word| found.take(&self.holding(word, data)));
        found
    }

    /// The points whose texts or classes hold `word`.
    fn holding(&self, word: &str, data: &Projections) -> PointSet {
        let mut found = PointSet::none(self.ends.len());
        let mut point = 0;
        for (at, _) in self.text.match_indices(word) {
            while self.ends.get(point).is_some_and(|&end| end < at) {
                point += 1;
            }
            found.insert(point);
        }
        let named: HashSet<u32> =
            self.classes.iter().filter(|(_, name)| name.contains(word)).map(|(index, _)| *index).collect();
        if let Some(classes) = data.classes.as_ref().filter(|_| !named.is_empty()) {
            for (point, (top, scores)) in classes.top.iter().zip(&classes.scores).enumerate() {
                let heard = top.iter().zip(scores).filter(|(_, score)| **score >= LEAST_HEARD);
                if heard.into_iter().any(|(class, _)| named.contains(class)) {
                    found.insert(point);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scatter_dataset::{DatasetName, FlatConfig};
    use std::collections::BTreeMap;

    use super::*;

    fn flat(files: &[String], labels: &[String]) -> (Config, Projections) {
        let name = DatasetName::new("x").unwrap();
        let json = br#"{"projectionsFile":"./data/p.json","imgDim":150}"#;
        let points: Vec<[f32; 3]> = (0..files.len()).map(|k| [k as f32, 0.0, 0.0]).collect();
        let table = serde_json::json!({
            "metadata": {"labels": labels, "labelnames": labels, "filenames": files}, "projections": points,
        });
        let (config, data, _) =
            FlatConfig::from_json(&name, json).unwrap().read(&name, table.to_string().as_bytes()).unwrap();
        (config, data)
    }

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|s| s.to_string()).collect()
    }

    #[test]
    fn all_words_must_be_found_in_names_labels_or_classes_and_a_dash_excludes() {
        let files = strings(&["street/VÖGEL 1.wav", "street/dog.wav", "wood/dog 2.wav", "wood/\nrain.wav"]);
        let (config, mut data) = flat(&files, &strings(&["Birds", "Dog", "Dog", "Weather"]));
        data.classes = Some(scatter_dataset::Classes {
            attribution: String::new(),
            names: BTreeMap::from([(3, "Rain on surface".to_owned()), (9, "Bark".to_owned())]),
            top: vec![vec![3], vec![9, 3], vec![9], vec![3]],
            scores: vec![vec![0.01], vec![0.9, 0.2], vec![0.8], vec![0.7]],
        });
        let index = SearchIndex::new(&config, &data, str::to_owned);
        let find = |text: &str| index.find(&Query::read(text), &data).iter().collect::<Vec<_>>();
        assert_eq!(find("vogel"), [0]);
        assert_eq!(find("STREET"), [0, 1]);
        assert_eq!(find("dog street"), [1]);
        assert_eq!(find("dog -street"), [2]);
        assert_eq!(find("rain"), [1, 3], "what is hardly heard is not found");
        assert_eq!(find("bark -rain"), [2]);
        assert_eq!(find("\"dog 2\""), [2]);
        assert_eq!(
            find("wav street/dog.wavdog"),
            [] as [usize; 0],
            "no word reaches from one text into the next"
        );
        assert_eq!(find("\"wood/ rain\""), [3]);
        assert_eq!(find(""), [0, 1, 2, 3]);
        assert_eq!(find("nowhere"), [] as [usize; 0]);
    }

    proptest! {
        /// The oracle asks each point's own texts.
        #[test]
        fn it_finds_what_looking_at_each_point_finds(
            files in prop::collection::vec("[abAB/ é]{1,8}", 1..20), wanted in "[abé]{1,3}", unwanted in "[ab/]{1,2}",
        ) {
            let labels: Vec<String> = files.iter().map(|f| f.chars().rev().collect()).collect();
            let (config, data) = flat(&files, &labels);
            let index = SearchIndex::new(&config, &data, str::to_owned);
            let found = index.find(&Query::read(&format!("{wanted} -{unwanted}")), &data);
            for (k, file) in files.iter().enumerate() {
                let holds = |word: &str| [file, &labels[k]].iter().any(|text| fold(text).contains(&fold(word)));
                prop_assert_eq!(found.contains(k), holds(&wanted) && !holds(&unwanted), "{}", file);
            }
        }
    }
}
