//! Columns as the bytes of their file arrive.

use super::{Part, PointsTable, Span, Values, stored};
use crate::projections::check::can_be_drawn;
use crate::{FormatError, Point};

/// Reads an Arrow file from its beginning, piece by piece, and gives each column once it is there.
///
/// Only the bytes of columns that are not whole yet are held.
#[derive(Debug)]
pub struct PointsStream {
    table: PointsTable,
    /// Buffers in the order of the file: where they lie, whose they are, and which of its buffers.
    buffers: Vec<(Span, usize, usize)>,
    /// The buffer that is being filled.
    next: usize,
    /// Bytes of the file that have passed.
    passed: u64,
    /// What has arrived of each column's buffers.
    arrived: Vec<Vec<Vec<u8>>>,
    finished: Vec<(usize, Values)>,
}

impl PointsStream {
    /// A stream of the columns of `table`, which [`crate::Config::from_json`] has checked.
    pub fn new(table: PointsTable) -> Self {
        let mut buffers: Vec<(Span, usize, usize)> = Vec::new();
        for (column, stored) in table.columns.iter().enumerate() {
            buffers.extend(stored.values.spans().enumerate().map(|(which, span)| (span, column, which)));
        }
        buffers.sort_by_key(|&(span, ..)| span.start);
        let arrived =
            table.columns.iter().map(|column| vec![Vec::new(); column.values.spans().count()]).collect();
        let mut stream = Self { table, buffers, next: 0, passed: 0, arrived, finished: Vec::new() };
        // A column may be empty, and whole before anything has come.
        drop(stream.push(&[]));
        stream
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// [`FormatError`] when a column that is whole now is not what it should be.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), FormatError> {
        loop {
            let Some(&(span, column, which)) = self.buffers.get(self.next) else {
                self.passed += bytes.len() as u64;
                return Ok(());
            };
            if self.passed < span.start {
                let between = (span.start - self.passed).min(bytes.len() as u64) as usize;
                bytes = &bytes[between..];
                self.passed += between as u64;
            }
            let buffer = &mut self.arrived[column][which];
            if self.passed >= span.start {
                let missing = span.bytes - buffer.len() as u64;
                let taken = missing.min(bytes.len() as u64) as usize;
                // In one piece, as large as what has come: a buffer that grows by doubling takes twice the memory.
                buffer.extend_from_slice(&bytes[..taken]);
                bytes = &bytes[taken..];
                self.passed += taken as u64;
            }
            if self.passed < span.start || (buffer.len() as u64) < span.bytes {
                return Ok(());
            }
            self.next += 1;
            // A column's last buffer in the file: the others lie before it.
            if !self.buffers[self.next..].iter().any(|&(_, other, _)| other == column) {
                self.finish(column)?;
            }
        }
    }

    /// The columns that have become whole since this was asked last, by their place in the table.
    pub fn take(&mut self) -> Vec<(usize, Values)> {
        std::mem::take(&mut self.finished)
    }

    /// The points of the map that have arrived while their column is not whole, from entry `from` on.
    pub fn first_points(&self, from: usize) -> Vec<Point> {
        let projection = |column: &super::StoredColumn| matches!(column.part, Part::Projection(_));
        let column = self.table.columns.iter().position(projection);
        let bytes = column.and_then(|column| self.arrived[column].first()).map_or(&[][..], Vec::as_slice);
        let points = stored::points(bytes.get(12 * from..).unwrap_or(&[]));
        // What cannot be drawn is told of when the column is whole.
        let drawn = |point: Point| if point.iter().all(|&x| can_be_drawn(x)) { point } else { [0.0; 3] };
        points.into_iter().map(drawn).collect()
    }

    /// Whether every column has become whole.
    pub fn is_whole(&self) -> bool {
        self.next == self.buffers.len()
    }

    fn finish(&mut self, column: usize) -> Result<(), FormatError> {
        let stored = &self.table.columns[column];
        let values = stored.values.read(&std::mem::take(&mut self.arrived[column])).ok_or_else(|| {
            let what = format!("{:?}", stored.part);
            FormatError::value(&self.table.file, what, "broken", "a column as config.json describes it")
        })?;
        self.finished.push((column, values));
        Ok(())
    }
}
