//! What must hold between the parts of `projections.json`, and between it and `config.json`.

use super::{Classes, Point, Projected, Projections};
use crate::{ColumnType, Config, FormatError};

/// Largest coordinate, either way: its square is still a number of 32 bits, which the camera needs.
const FARTHEST: f32 = 1e9;

impl Projections {
    /// Holds every array of `file` against the number of points, and every index against what it points into.
    pub(crate) fn check(&self, file: &str, config: &Config) -> Result<(), FormatError> {
        let count = config.count;
        let length = |what: &str, found: usize| FormatError::length(file, what, found, count);
        length("idx", self.idx.len())?;
        if let Some((k, index)) = self.idx.iter().enumerate().find(|(_, index)| **index >= count as u64) {
            return Err(FormatError::value(file, format!("idx[{k}]"), index, A_POINT));
        }
        self.check_table(file, config)?;
        let Projected { points, spherical } = &self.first;
        check_points(file, "projections", points, count)?;
        check_points(file, "spherical", spherical, count)?;
        for info in config.projections.iter().skip(1) {
            if !self.further.contains_key(&info.name) {
                length(&format!("further.{}", info.name), 0)?;
            }
        }
        for (name, Projected { points, spherical }) in &self.further {
            check_points(file, &format!("further.{name}.projections"), points, count)?;
            check_points(file, &format!("further.{name}.spherical"), spherical, count)?;
        }
        if !self.neighbours.is_empty() {
            length("neighbours", self.neighbours.len())?;
        }
        for (k, row) in self.neighbours.iter().enumerate() {
            if let Some(other) = row.iter().find(|other| **other as usize >= count) {
                return Err(FormatError::value(file, format!("neighbours[{k}]"), other, A_POINT));
            }
        }
        self.classes.as_ref().map_or(Ok(()), |classes| classes.check(file, count))
    }

    fn check_table(&self, file: &str, config: &Config) -> Result<(), FormatError> {
        for (name, column) in &self.metadata {
            FormatError::length(file, format!("metadata.{name}"), column.len(), config.count)?;
        }
        for info in &config.columns {
            let what = format!("metadata.{}", info.name);
            let Some(column) = self.metadata.get(&info.name) else {
                return FormatError::length(file, what, 0, config.count);
            };
            if column.kind() != info.kind {
                let (found, rule) = match info.kind {
                    ColumnType::Text => ("a column of numbers", "text, as config.json announces it,"),
                    ColumnType::Number => {
                        ("a column of text", "a column of numbers, as config.json announces it,")
                    }
                };
                return Err(FormatError::value(file, what, found, rule));
            }
        }
        Ok(())
    }
}

impl Classes {
    fn check(&self, file: &str, count: usize) -> Result<(), FormatError> {
        FormatError::length(file, "classes.top", self.top.len(), count)?;
        FormatError::length(file, "classes.scores", self.scores.len(), count)?;
        for (k, (top, scores)) in self.top.iter().zip(&self.scores).enumerate() {
            FormatError::length(file, format!("classes.scores[{k}]"), scores.len(), top.len())?;
            if let Some(class) = top.iter().find(|class| !self.names.contains_key(class)) {
                let rule = "a class that classes.names names";
                return Err(FormatError::value(file, format!("classes.top[{k}]"), class, rule));
            }
            if let Some(score) = scores.iter().find(|score| !score.is_finite()) {
                return Err(FormatError::value(
                    file,
                    format!("classes.scores[{k}]"),
                    score,
                    "a finite number",
                ));
            }
        }
        Ok(())
    }
}

const A_POINT: &str = "the number of a point of this dataset";

/// Whether a picture can have a point at this coordinate.
pub(crate) fn can_be_drawn(coordinate: f32) -> bool {
    coordinate.abs() <= FARTHEST
}

fn check_points(file: &str, what: &str, points: &[Point], count: usize) -> Result<(), FormatError> {
    FormatError::length(file, what, points.len(), count)?;
    for (k, point) in points.iter().enumerate() {
        if let Some(axis) = point.iter().position(|&x| !can_be_drawn(x)) {
            let what = format!("{what}[{k}][{axis}]");
            return Err(FormatError::value(file, what, point[axis], "a coordinate between -1e9 and 1e9"));
        }
    }
    Ok(())
}
