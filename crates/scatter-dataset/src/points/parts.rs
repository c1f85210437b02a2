//! Columns that arrive one after the other become a dataset's points.

use std::collections::BTreeMap;

use super::{Part, PointsTable, Values};
use crate::{CONFIG_FILE, Classes, Column, Config, FormatError, Projected, Projections};

/// What has arrived.
#[derive(Debug, Default)]
pub struct Parts {
    order: Vec<u64>,
    metadata: BTreeMap<String, Column>,
    layouts: BTreeMap<String, Projected>,
    neighbours: Vec<Vec<u32>>,
    top: Vec<Vec<u32>>,
    scores: Vec<Vec<f32>>,
    /// Mean shade of each point's tile; empty where it is not known.
    pub levels: Vec<u8>,
}

impl Parts {
    /// Adds a column.
    ///
    /// # Errors
    /// [`FormatError`] when its values are of another kind than such a column's.
    pub fn add(&mut self, part: &Part, values: Values) -> Result<(), FormatError> {
        match (part, values) {
            (Part::Projection(name), Values::Points(points)) => self.layout(name).points = points,
            (Part::Sphere(name), Values::Points(points)) => self.layout(name).spherical = points,
            (Part::Column(name), Values::Texts(texts)) => {
                self.metadata.insert(name.clone(), Column::Text(texts));
            }
            (Part::Column(name), Values::Numbers(numbers)) => {
                self.metadata.insert(name.clone(), Column::Number(numbers));
            }
            (Part::Order, Values::Uint32(order)) => self.order = order.into_iter().map(u64::from).collect(),
            (Part::Level, Values::Uint8(levels)) => self.levels = levels,
            (Part::Neighbours, Values::Uint32Lists(rows)) => self.neighbours = rows,
            (Part::Classes, Values::Uint32Lists(rows)) => self.top = rows,
            (Part::Scores, Values::Float32Lists(rows)) => self.scores = rows,
            (part, _) => {
                let rule = "values of the kind that such a column has";
                return Err(FormatError::value(CONFIG_FILE, "points.columns", format!("{part:?}"), rule));
            }
        }
        Ok(())
    }

    fn layout(&mut self, name: &str) -> &mut Projected {
        let none = || Projected { points: Vec::new(), spherical: Vec::new() };
        self.layouts.entry(name.to_owned()).or_insert_with(none)
    }

    /// What can be drawn before the rest arrives: the first projection and the columns that are there, with a configuration
    /// that announces no more than that. The sphere is not there yet; its points are those of the projection.
    ///
    /// # Errors
    /// [`FormatError`] when that is no map yet, or none that can be drawn.
    pub fn drawable(&self, file: &str, config: &Config) -> Result<(Config, Projections), FormatError> {
        let mut config = Config { projections: config.projections[..1].to_vec(), ..config.clone() };
        config.columns.retain(|info| self.metadata.contains_key(&info.name));
        let layout = self.layouts.get(&config.projections[0].name);
        let points = layout.map(|layout| layout.points.clone()).unwrap_or_default();
        let data = Projections {
            idx: (0..config.count as u64).collect(),
            metadata: self.metadata.clone(),
            first: Projected { spherical: points.clone(), points },
            further: BTreeMap::new(),
            neighbours: Vec::new(),
            classes: None,
        };
        data.check(file, &config)?;
        Ok((config, data))
    }

    /// All of it, held against its configuration.
    ///
    /// # Errors
    /// [`FormatError`] as from [`Projections::from_json`].
    pub fn whole(mut self, table: &PointsTable, config: &Config) -> Result<Projections, FormatError> {
        let none = || Projected { points: Vec::new(), spherical: Vec::new() };
        let first = self.layouts.remove(&config.projections[0].name).unwrap_or_else(none);
        let classes = !self.top.is_empty();
        let data = Projections {
            idx: self.order,
            metadata: self.metadata,
            first,
            further: self.layouts,
            neighbours: self.neighbours,
            classes: classes.then_some(Classes {
                attribution: table.attribution.clone(),
                names: table.classes.clone(),
                top: self.top,
                scores: self.scores,
            }),
        };
        data.check(&table.file, config)?;
        Ok(data)
    }
}
