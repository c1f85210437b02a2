//! The file that results are added to: a table a set, a line a run, the newest first.

use std::{fs, io::ErrorKind, path::PathBuf};

use anyhow::{Context, Result};

use super::machine;
use crate::table::aligned;

/// Heading of the table that says what each run was measured on.
const RUNS: &str = "Runs";
/// First column of every table.
const RUN: &str = "run";

/// A file of tables, one below each heading; what else stands in it stays as it is.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    text: String,
    run: String,
}

impl Ledger {
    /// Opens the file, or begins one, and adds a run with a cell for each of [`machine::COLUMNS`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(path: PathBuf, machine: &[String]) -> Result<Self> {
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => "# How fast it is\n".to_owned(),
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        let runs =
            Section::find(&text, RUNS).map_or(0, |section| section.rows(&text).len().saturating_sub(1));
        let mut ledger = Self { path, text, run: (runs + 1).to_string() };
        ledger.add(RUNS, &machine::COLUMNS.map(str::to_owned), machine);
        Ok(ledger)
    }

    /// Adds this run's line to the table below `heading`, which is made where there is none.
    ///
    /// Cells go by the names in `head`: a column that the table lacks is added, and one that is missing here stays
    /// empty.
    pub fn add(&mut self, heading: &str, head: &[String], row: &[String]) {
        let head = [&[RUN.to_owned()], head].concat();
        let row = [std::slice::from_ref(&self.run), row].concat();
        let found = Section::find(&self.text, heading);
        let mut rows = found.as_ref().map(|section| section.rows(&self.text)).unwrap_or_default();
        if rows.is_empty() {
            rows.push(head.clone());
        }
        let columns = rows[0].clone();
        let added: Vec<String> = head.iter().filter(|name| !columns.contains(name)).cloned().collect();
        rows[0].extend(added);
        let columns = rows[0].clone();
        let cell = |name: &String| {
            head.iter()
                .position(|other| other == name)
                .and_then(|at| row.get(at))
                .cloned()
                .unwrap_or_default()
        };
        rows.insert(1, columns.iter().map(cell).collect());
        for row in &mut rows {
            row.resize(columns.len(), String::new());
        }
        let table = aligned(rows);
        match found {
            Some(Section { start, end }) => self.text.replace_range(start..end, &table),
            None => self.text.push_str(&format!("\n## {heading}\n\n{table}")),
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> Result<()> {
        fs::write(&self.path, &self.text).with_context(|| format!("cannot write {}", self.path.display()))?;
        println!("bench: added as run {} to {}", self.run, self.path.display());
        Ok(())
    }
}

/// Where the table below a heading stands in a text, in bytes.
struct Section {
    start: usize,
    end: usize,
}

impl Section {
    fn find(text: &str, heading: &str) -> Option<Self> {
        let heading = format!("## {heading}");
        let (mut at, mut below) = (0, false);
        let mut found: Option<Self> = None;
        for line in text.split_inclusive('\n') {
            let row = line.starts_with('|');
            match &mut found {
                Some(section) if row => section.end = at + line.len(),
                Some(_) => break,
                None if below && row => found = Some(Self { start: at, end: at + line.len() }),
                None if line.starts_with('#') => below = line.trim_end() == heading,
                None => {}
            }
            at += line.len();
        }
        found
    }

    /// The table's cells, the head first.
    fn rows(&self, text: &str) -> Vec<Vec<String>> {
        let lines = text[self.start..self.end].lines().enumerate().filter(|&(number, _)| number != 1);
        let cells =
            |line: &str| line.trim().trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
        lines.map(|(_, line)| cells(line)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn a_run_is_a_line_a_set_the_newest_first_and_prose_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bench.md");
        fs::write(&path, "# Fast\n\nWhy | and how.\n\n## wav\n\nOf wave files:\n\n## mp3\n\nThe end.\n")
            .unwrap();
        for (ratio, machine) in [("1.5", "A"), ("1.4", "B")] {
            let mut ledger = Ledger::open(path.clone(), &words(&[machine; 9])).unwrap();
            ledger.add("flac", &words(&["ratio"]), &words(&[ratio]));
            ledger.save().unwrap();
        }
        let mut ledger = Ledger::open(path, &words(&["C"; 9])).unwrap();
        ledger.add("flac", &words(&["read", "ratio"]), &words(&["7", "1.3"]));
        assert!(
            ledger
                .text
                .starts_with("# Fast\n\nWhy | and how.\n\n## wav\n\nOf wave files:\n\n## mp3\n\nThe end.\n")
        );
        let rows = |heading| Section::find(&ledger.text, heading).unwrap().rows(&ledger.text);
        assert_eq!(
            rows("flac"),
            [["run", "ratio", "read"], ["3", "1.3", "7"], ["2", "1.4", ""], ["1", "1.5", ""]]
                .map(|row| words(&row))
        );
        let runs = rows(RUNS);
        assert_eq!(
            (runs.len(), runs[1][..2].to_vec(), runs[3][..2].to_vec()),
            (4, words(&["3", "C"]), words(&["1", "A"]))
        );
        assert!(Section::find(&ledger.text, "wav").is_none(), "another section's table was taken");
    }
}
