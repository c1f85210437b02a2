//! Which points are shown: what is cut away, column by column.

use std::collections::BTreeMap;

use crate::columns::{Attributes, Values};
use crate::point_set::PointSet;

/// What of one column is cut away.
#[derive(Debug, Clone, PartialEq)]
pub enum Cut {
    /// Points of these groups are hidden.
    Hidden(PointSet),
    /// Only points with a value from the first to the second number are shown.
    Range([f32; 2]),
}

/// Cuts by column. A point is shown when no cut hides it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    cuts: BTreeMap<usize, Cut>,
}

impl Filter {
    /// The cuts, by column.
    pub fn cuts(&self) -> impl Iterator<Item = (usize, &Cut)> {
        self.cuts.iter().map(|(&column, cut)| (column, cut))
    }

    /// Whether every point is shown.
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Shows every point.
    pub fn clear(&mut self) {
        self.cuts.clear();
    }

    /// Whether group `group` of `column` is hidden.
    pub fn hides(&self, column: usize, group: usize) -> bool {
        matches!(self.cuts.get(&column), Some(Cut::Hidden(hidden)) if hidden.contains(group))
    }

    /// Hides group `group` of the `groups` of `column`, or shows it again.
    pub fn toggle(&mut self, column: usize, group: usize, groups: usize) {
        let mut hidden = self.hidden(column, groups);
        match hidden.contains(group) {
            true => hidden.remove(group),
            false => hidden.insert(group),
        }
        self.set_hidden(column, hidden);
    }

    /// Shows group `group` of `column` alone; once more, and all are shown.
    pub fn isolate(&mut self, column: usize, group: usize, groups: usize) {
        let mut alone = PointSet::all(groups);
        alone.remove(group);
        let already = self.hidden(column, groups) == alone;
        self.set_hidden(column, if already { PointSet::none(groups) } else { alone });
    }

    /// Hides just the groups in `hidden` of `column`.
    pub fn set_hidden(&mut self, column: usize, hidden: PointSet) {
        match hidden.is_empty() {
            true => self.cuts.remove(&column),
            false => self.cuts.insert(column, Cut::Hidden(hidden)),
        };
    }

    /// The range of `column` that is shown; `None` for all of it.
    pub fn range(&self, column: usize) -> Option<[f32; 2]> {
        if let Some(Cut::Range(range)) = self.cuts.get(&column) { Some(*range) } else { None }
    }

    /// Shows only `range` of `column`, or all of it.
    pub fn set_range(&mut self, column: usize, range: Option<[f32; 2]>) {
        match range {
            Some(range) => self.cuts.insert(column, Cut::Range(range)),
            None => self.cuts.remove(&column),
        };
    }

    /// The points of `count` that are shown.
    pub fn shown(&self, attributes: &Attributes, count: usize) -> PointSet {
        let mut shown = PointSet::all(count);
        for (&column, cut) in &self.cuts {
            let values = attributes.get(column).map(|attribute| &attribute.values);
            match (cut, values) {
                (Cut::Hidden(hidden), Some(Values::Categories(groups))) => {
                    let inside = groups.of_point.iter().enumerate();
                    inside.filter(|(_, g)| hidden.contains(**g as usize)).for_each(|(k, _)| shown.remove(k));
                }
                (Cut::Range([low, high]), Some(Values::Numbers(numbers))) => {
                    let within = |v: f32| (*low..=*high).contains(&v);
                    let outside = numbers.values.iter().enumerate().filter(|(_, v)| !within(**v));
                    outside.for_each(|(k, _)| shown.remove(k));
                }
                // A cut of a column that is not of its kind cuts nothing.
                _ => {}
            }
        }
        shown
    }

    fn hidden(&self, column: usize, groups: usize) -> PointSet {
        match self.cuts.get(&column) {
            Some(Cut::Hidden(hidden)) if hidden.capacity() == groups => hidden.clone(),
            _ => PointSet::none(groups),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categories::Categories;
    use crate::columns::{Attribute, Numbers};
    use crate::scale::Scale;

    fn table() -> Attributes {
        let column = |values| Attribute { key: String::new(), title: String::new(), values };
        let groups = Categories::group(["a", "b", "c", "a", "b"].into_iter()).unwrap();
        let values = vec![1.0, 2.0, f32::NAN, 4.0, 5.0];
        let scale = Scale::of(&values);
        let numbers = Values::Numbers(Numbers { values, unit: None, scale });
        Attributes { all: vec![column(Values::Categories(groups)), column(numbers)] }
    }

    fn shown(filter: &Filter) -> Vec<usize> {
        filter.shown(&table(), 5).iter().collect()
    }

    #[test]
    fn a_group_is_hidden_and_shown_again_and_one_can_be_alone() {
        let mut filter = Filter::default();
        filter.toggle(0, 0, 3);
        assert_eq!((shown(&filter), filter.hides(0, 0), filter.hides(0, 1)), (vec![1, 2, 4], true, false));
        filter.toggle(0, 0, 3);
        assert!(filter.is_empty());
        filter.isolate(0, 1, 3);
        assert_eq!(shown(&filter), [1, 4]);
        filter.isolate(0, 2, 3);
        assert_eq!(shown(&filter), [2]);
        filter.isolate(0, 2, 3);
        assert_eq!((shown(&filter), filter.is_empty()), (vec![0, 1, 2, 3, 4], true));
    }

    #[test]
    fn a_range_keeps_its_ends_hides_what_has_no_value_and_joins_other_cuts() {
        let mut filter = Filter::default();
        filter.set_range(1, Some([2.0, 4.0]));
        assert_eq!((shown(&filter), filter.range(1)), (vec![1, 3], Some([2.0, 4.0])));
        filter.toggle(0, 0, 3);
        assert_eq!(shown(&filter), [1]);
        filter.set_range(1, None);
        assert_eq!(shown(&filter), [1, 2, 4]);
        filter.clear();
        assert_eq!(shown(&filter).len(), 5);
    }

    #[test]
    fn a_cut_of_another_kind_or_of_no_column_cuts_nothing() {
        let mut filter = Filter::default();
        filter.set_range(0, Some([0.0, 1.0]));
        filter.toggle(1, 0, 3);
        filter.toggle(9, 0, 3);
        assert_eq!(shown(&filter).len(), 5);
    }
}
