//! Figures beside their references, as Markdown.

use std::fmt;

/// One table of the report.
#[derive(Debug)]
pub struct Table {
    title: String,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    failed: usize,
}

impl Table {
    /// A table without rows.
    pub fn new(title: &str, headers: &[&str]) -> Self {
        let headers = headers.iter().map(|&header| header.to_owned()).collect();
        Self { title: title.to_owned(), headers, rows: Vec::new(), failed: 0 }
    }

    /// Adds a row of plain cells.
    pub fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.to_vec());
    }

    /// Adds a row that ends with whether it is as wanted.
    pub fn checked(&mut self, cells: &[String], holds: bool) {
        let mark = if holds { "yes" } else { "**no**" };
        self.failed += usize::from(!holds);
        self.rows.push(cells.iter().cloned().chain([mark.to_owned()]).collect());
    }

    /// Rows that are not as wanted.
    pub fn failed(&self) -> usize {
        self.failed
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "**{}**\n", self.title)?;
        let lines = || std::iter::once(&self.headers).chain(&self.rows);
        let width = |column: usize| {
            lines().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.headers.len()).map(width).collect();
        for (number, line) in lines().enumerate() {
            for (cell, width) in line.iter().zip(&widths) {
                write!(f, "| {cell:width$} ")?;
            }
            writeln!(f, "|")?;
            if number == 0 {
                for width in &widths {
                    write!(f, "|{:-<1$}", "", width + 2)?;
                }
                writeln!(f, "|")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_rows_that_fail_are_counted() {
        let mut table = Table::new("Maps", &["set", "as wanted"]);
        table.checked(&["esc10".to_owned()], true);
        table.checked(&["x".to_owned()], false);
        let wanted = "**Maps**\n\n| set   | as wanted |\n|-------|-----------|\n| esc10 | yes       |\n| x     | **no**    |\n";
        assert_eq!((table.to_string().as_str(), table.failed()), (wanted, 1));
    }
}
