//! Where a clip's label comes from.

pub mod audioset;
mod known;
mod table;

use std::path::Path;

use anyhow::{Context, bail};
use regex::Regex;
use scatter_dataset::Column;

use table::Table;

/// A rule that turns a file's path into a label.
#[derive(Debug)]
pub enum LabelRule {
    /// The file's own name.
    FileName,
    /// The folder it lies in.
    Folder,
    /// The class number in an ESC-50 file name.
    Esc50,
    /// The class number in an UrbanSound8K file name.
    UrbanSound8k,
    /// What the model hears, where the collection itself says nothing.
    AudioSet,
    /// Named groups `label` and `labelname` of a pattern.
    Pattern(Box<Regex>),
    /// A table with a column of file names.
    Table(Box<Table>),
}

/// A clip's class: an identifier and a name. Both are empty where the rule says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Identifier, often a number.
    pub id: String,
    /// Name for people.
    pub name: String,
}

impl LabelRule {
    /// Reads `--labels`; a table is read here too.
    ///
    /// # Errors
    /// A sentence when the rule is not known, its pattern is not valid, or its table cannot be read.
    pub fn parse(rule: &str) -> anyhow::Result<Self> {
        Ok(match rule.split_once(':') {
            None => match rule {
                "filename" => Self::FileName,
                "folder" => Self::Folder,
                "esc50" => Self::Esc50,
                "urbansound8k" => Self::UrbanSound8k,
                "audioset" => Self::AudioSet,
                _ => bail!(
                    "--labels {rule}: choose filename, folder, esc50, urbansound8k, audioset, regex:PATTERN or csv:FILE"
                ),
            },
            Some(("regex", pattern)) => {
                let regex = Regex::new(pattern).context("--labels regex: the pattern is not valid")?;
                if !regex.capture_names().flatten().any(|n| n == "label" || n == "labelname") {
                    bail!("--labels regex: the pattern needs a group (?<label>…) or (?<labelname>…)");
                }
                Self::Pattern(Box::new(regex))
            }
            Some(("csv", file)) => Self::Table(Box::new(Table::read(Path::new(file))?)),
            Some((other, _)) => bail!("--labels {other}: only regex: and csv: take an argument"),
        })
    }

    /// The label of the file at `relative`, a path below the collection's `folder` with `/` between parts; `best` are
    /// the classes that the model hears in it, `(class, score)`, best first.
    pub fn label(&self, relative: &str, folder: &Path, best: &[(usize, f32)]) -> Label {
        let (parent, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let both = |text: &str| Label { id: text.to_owned(), name: text.to_owned() };
        match self {
            Self::FileName => both(stem),
            Self::Folder if parent.is_empty() => {
                both(&folder.file_name().unwrap_or_default().to_string_lossy())
            }
            Self::Folder => both(parent),
            Self::Esc50 => known::esc50(stem),
            Self::UrbanSound8k => known::urbansound8k(stem),
            Self::AudioSet => audioset::label(best),
            Self::Pattern(regex) => {
                let groups = regex.captures(relative);
                let group = |name| groups.as_ref().and_then(|g| g.name(name)).map(|m| m.as_str());
                let (id, name) = (group("label"), group("labelname"));
                Label {
                    id: id.or(name).unwrap_or_default().to_owned(),
                    name: name.or(id).unwrap_or_default().to_owned(),
                }
            }
            Self::Table(table) => table.label(relative),
        }
    }

    /// The further columns that the rule knows, for the files at `relative` in this order.
    pub fn columns(&self, relative: &[&str]) -> Vec<(String, Column)> {
        match self {
            Self::Table(table) => table.columns(relative),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(rule: &str, relative: &str) -> (String, String) {
        let label = LabelRule::parse(rule).unwrap().label(relative, Path::new("/x/sounds"), &[(69, 0.9)]);
        (label.id, label.name)
    }

    fn pair(id: &str, name: &str) -> (String, String) {
        (id.to_owned(), name.to_owned())
    }

    #[test]
    fn folder_names_the_folder_a_file_lies_in() {
        assert_eq!(label("folder", "drums/kick/a.b.wav"), pair("drums/kick", "drums/kick"));
        assert_eq!(label("folder", "a.wav"), pair("sounds", "sounds"));
        assert_eq!(label("filename", "drums/a.b.wav"), pair("a.b", "a.b"));
    }

    #[test]
    fn known_collections_have_their_class_names() {
        assert_eq!(label("esc50", "1-104089-A-22.wav"), pair("22", "clapping"));
        assert_eq!(label("esc50", "x/3-246513-B-16.ogg"), pair("16", "wind"));
        assert_eq!(label("urbansound8k", "fold1/135776-2-0-49.wav"), pair("2", "children_playing"));
        assert_eq!(label("esc50", "kick.wav"), pair("", ""));
        assert_eq!(label("esc50", "1-2-A-50.wav"), pair("", ""));
    }

    #[test]
    fn audioset_names_what_is_heard() {
        assert_eq!(label("audioset", "x/1.wav"), pair("/m/0bt9lr", "Dog"));
    }

    #[test]
    fn a_pattern_may_name_either_group_or_both() {
        let both = "regex:(?<label>\\d+)_(?<labelname>[a-z]+)";
        assert_eq!(label(both, "x/12_owl.wav"), pair("12", "owl"));
        assert_eq!(label("regex:^(?<label>[a-z]+)", "owl.wav"), pair("owl", "owl"));
        assert_eq!(label("regex:(?<label>\\d+)", "owl.wav"), pair("", ""));
    }

    #[test]
    fn rules_that_cannot_be_followed_are_refused() {
        for bad in ["", "esc", "regex:(", "regex:abc", "csv:/no/such/file.csv", "folder:x"] {
            assert!(LabelRule::parse(bad).is_err(), "{bad}");
        }
    }
}
