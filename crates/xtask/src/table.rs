//! Tables as Markdown writes them.

/// Lines of cells, the first of them the head; the first column is set to the left, the others to the right.
pub fn aligned<R: AsRef<[String]>>(rows: impl IntoIterator<Item = R>) -> String {
    let rows: Vec<R> = rows.into_iter().collect();
    let columns = rows.first().map_or(0, |head| head.as_ref().len());
    let width = |column| {
        let cells = rows.iter().filter_map(|row| row.as_ref().get::<usize>(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        for (column, (cell, &width)) in row.as_ref().iter().zip(&widths).enumerate() {
            let cell = if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") };
            text.push_str(&format!("| {cell} "));
        }
        text.push_str("|\n");
        if number == 0 {
            for (column, &width) in widths.iter().enumerate() {
                let end = if column == 0 { '-' } else { ':' };
                text.push_str(&format!("|{}{end}", "-".repeat(width + 1)));
            }
            text.push_str("|\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_below_each_other() {
        let rows = [["name", "inputs"], ["a", "1200"], ["long name", "7"]].map(|row| row.map(str::to_owned));
        let expected = "\
| name      | inputs |
|-----------|-------:|
| a         |   1200 |
| long name |      7 |
";
        assert_eq!(aligned(rows), expected);
    }
}
