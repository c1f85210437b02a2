//! Labels and further columns from a CSV file.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, bail};
use scatter_dataset::{Column, columns};

use super::Label;

/// Headers that hold the class identifier, and its name: those of this project and of the known collections.
const ID_HEADERS: [&str; 5] = ["label", "labels", "target", "classid", "class_id"];
const NAME_HEADERS: [&str; 6] = ["labelname", "labelnames", "label_name", "category", "class", "class_name"];
const FILE_HEADERS: [&str; 8] =
    ["filename", "filenames", "file_name", "file", "path", "slice_file_name", "fname", "audio"];

/// A CSV file, its rows found by file name.
#[derive(Debug)]
pub struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    by_file: HashMap<String, usize>,
    file: usize,
    id: Option<usize>,
    name: Option<usize>,
}

impl Table {
    /// Reads a CSV file with a header line and a column of file names.
    ///
    /// # Errors
    /// A sentence when it cannot be read, or no header says where the file names are.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .with_context(|| format!("{shown} cannot be opened"))?;
        // A spreadsheet's export begins with a byte order mark.
        let headers: Vec<String> = reader
            .headers()
            .with_context(|| format!("{shown} has no header line"))?
            .iter()
            .map(|h| h.trim_start_matches('\u{feff}').to_owned())
            .collect();
        let rows: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.map(|r| r.iter().map(str::to_owned).collect()))
            .collect::<Result<_, _>>()
            .with_context(|| format!("{shown} is not a table"))?;
        let find = |wanted: &[&str]| {
            wanted.iter().find_map(|want| headers.iter().position(|h| h.eq_ignore_ascii_case(want)))
        };
        let Some(file) = find(&FILE_HEADERS) else {
            bail!("{shown} has no column of file names: call it one of {}", FILE_HEADERS.join(", "));
        };
        let (id, name) = (find(&ID_HEADERS), find(&NAME_HEADERS));
        let mut by_file = HashMap::new();
        for (row, cells) in rows.iter().enumerate() {
            let path = cells[file].replace('\\', "/");
            by_file.entry(path.trim_start_matches("./").to_owned()).or_insert(row);
        }
        Ok(Self { file, id, name, headers, rows, by_file })
    }

    /// The row of a file: by its path below the folder, else by shorter ends of it, else without extension.
    fn row(&self, relative: &str) -> Option<&[String]> {
        let tails = std::iter::successors(Some(relative), |path| path.split_once('/').map(|(_, rest)| rest));
        let stem = |path: &str| path.rsplit_once('.').map(|(stem, _)| stem.to_owned());
        let row = tails
            .clone()
            .find_map(|tail| self.by_file.get(tail))
            .or_else(|| tails.clone().find_map(|tail| self.by_file.get(&stem(tail)?)))?;
        Some(&self.rows[*row])
    }

    pub(super) fn label(&self, relative: &str) -> Label {
        let Some(row) = self.row(relative) else { return Label::default() };
        let cell = |column: Option<usize>| column.map(|c| row[c].clone());
        let (id, name) = (cell(self.id), cell(self.name));
        Label {
            id: id.clone().or_else(|| name.clone()).unwrap_or_default(),
            name: name.or(id).unwrap_or_default(),
        }
    }

    pub(super) fn columns(&self, relative: &[&str]) -> Vec<(String, Column)> {
        let rows: Vec<Option<&[String]>> = relative.iter().map(|file| self.row(file)).collect();
        let taken = [Some(self.file), self.id, self.name];
        (0..self.headers.len())
            .filter(|column| !taken.contains(&Some(*column)))
            .map(|column| {
                let cells: Vec<&str> =
                    rows.iter().map(|row| row.map_or("", |r| r[column].as_str())).collect();
                (self.header(column), typed(&cells))
            })
            .collect()
    }

    /// A header that is not one of the dataset's own columns, nor an earlier one of the same table.
    fn header(&self, column: usize) -> String {
        let name = &self.headers[column];
        let repeated = self.headers[..column].contains(name);
        if name.is_empty() || repeated {
            format!("{}_{}", if name.is_empty() { "column" } else { name }, column + 1)
        } else if columns::RESERVED.contains(&name.as_str()) {
            format!("csv_{name}")
        } else {
            name.clone()
        }
    }
}

/// Numbers where each cell that is filled is one, text otherwise.
fn typed(cells: &[&str]) -> Column {
    let number = |cell: &str| cell.parse::<f64>().ok().filter(|x| x.is_finite());
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    if filled > 0 && cells.iter().filter_map(|cell| number(cell)).count() == filled {
        Column::Number(cells.iter().map(|cell| number(cell)).collect())
    } else {
        Column::Text(cells.iter().map(|&cell| cell.to_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Table::read(file.path()).unwrap()
    }

    #[test]
    fn urbansound8ks_own_table_gives_classes_and_columns() {
        let table = table(
            "slice_file_name,fsID,start,end,salience,fold,classID,class\n\
             100032-3-0-0.wav,100032,0.0,0.317551,1,5,3,dog_bark\n",
        );
        let label = table.label("fold5/100032-3-0-0.wav");
        assert_eq!((label.id.as_str(), label.name.as_str()), ("3", "dog_bark"));
        let columns = table.columns(&["fold5/100032-3-0-0.wav", "other.wav"]);
        let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["fsID", "csv_start", "end", "salience", "fold"]);
        assert_eq!(columns[2].1, Column::Number(vec![Some(0.317551), None]));
    }

    #[test]
    fn files_are_found_by_path_by_name_and_without_extension() {
        let table = table("\u{feff}file,label,note\na/x.wav,1,deep\nx.wav,2,flat\ny,3,stem\n");
        assert_eq!(table.label("a/x.wav").id, "1");
        assert_eq!(table.label("b/x.wav").id, "2");
        assert_eq!(table.label("b/y.flac").id, "3");
        assert_eq!(table.label("z.wav"), Label::default());
        let columns = table.columns(&["y.wav", "z.wav"]);
        assert_eq!(columns[0].1, Column::Text(vec!["stem".to_owned(), String::new()]));
    }

    #[test]
    fn a_table_without_file_names_says_which_headers_it_looks_for() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "a,b\n1,2\n").unwrap();
        assert!(Table::read(file.path()).unwrap_err().to_string().contains("filename"));
    }
}
