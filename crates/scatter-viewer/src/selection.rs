//! The selection, and how a new choice joins it.

use crate::point_set::PointSet;

/// What a choice does to the selection that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// The choice is the new selection.
    #[default]
    Replace,
    /// The choice is added.
    Add,
    /// The choice is taken out.
    Take,
}

/// The selected points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    points: PointSet,
}

impl Selection {
    /// Nothing of `count` points.
    pub fn none(count: usize) -> Self {
        Self { points: PointSet::none(count) }
    }

    /// The selected points.
    pub fn points(&self) -> &PointSet {
        &self.points
    }

    /// Selects just `points`.
    pub fn set(&mut self, points: PointSet) {
        self.points = points;
    }

    /// Joins `choice` to what is selected.
    pub fn join(&mut self, choice: &PointSet, how: Join) {
        match how {
            Join::Replace => self.points.clone_from(choice),
            Join::Add => self.points.add(choice),
            Join::Take => self.points.take(choice),
        }
    }

    /// Selects what is shown and was not selected.
    pub fn invert(&mut self, shown: &PointSet) {
        self.points.invert();
        self.points.keep(shown);
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        self.points = PointSet::none(self.points.capacity());
    }

    /// How many are selected, in words; empty for none.
    pub fn words(&self) -> String {
        match self.points.count() {
            0 => String::new(),
            1 => "1 sound selected".to_owned(),
            n => format!("{n} sounds selected"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_replace_join_and_leave_the_selection() {
        let set = |points: &[usize]| PointSet::of(8, points.iter().copied());
        let mut selection = Selection::none(8);
        let chosen = |s: &Selection| s.points().iter().collect::<Vec<_>>();
        selection.join(&set(&[1, 2]), Join::Replace);
        selection.join(&set(&[2, 5]), Join::Add);
        assert_eq!(chosen(&selection), [1, 2, 5]);
        assert_eq!(selection.words(), "3 sounds selected");
        selection.join(&set(&[2]), Join::Take);
        assert_eq!(chosen(&selection), [1, 5]);
        selection.invert(&set(&[0, 1, 2, 3]));
        assert_eq!(chosen(&selection), [0, 2, 3]);
        selection.join(&set(&[7]), Join::Replace);
        assert_eq!((chosen(&selection), selection.words().as_str()), (vec![7], "1 sound selected"));
        selection.clear();
        assert!(selection.points().is_empty() && selection.words().is_empty());
    }
}
