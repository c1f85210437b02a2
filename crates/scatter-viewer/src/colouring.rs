//! The colour of each point, and its size by a number.

use crate::category_colours::category_colours;
use crate::columns::{Attribute, Values};
use crate::palette::{Rgb, accent, missing, ramp};
use crate::theme::Theme;

/// Colours of points by a column, or one colour for all.
#[derive(Debug, Clone, PartialEq)]
pub struct Colouring {
    of_point: Vec<Rgb>,
    plain: Rgb,
    /// Colour of each group of the column, where it has groups.
    pub groups: Vec<Rgb>,
}

impl Colouring {
    /// Colours by `column`, or plainly.
    pub fn new(column: Option<&Attribute>, theme: Theme) -> Self {
        let mut colouring = Self { of_point: Vec::new(), plain: accent(theme), groups: Vec::new() };
        match column.map(|column| &column.values) {
            Some(Values::Categories(groups)) => {
                colouring.groups = category_colours(theme, groups.all.len());
                let of = |group: &u32| colouring.groups.get(*group as usize).copied();
                colouring.of_point =
                    groups.of_point.iter().map(|group| of(group).unwrap_or(colouring.plain)).collect();
            }
            Some(Values::Numbers(numbers)) => {
                let Some(scale) = numbers.scale else { return colouring };
                // One colour for each of these steps: nobody sees more, and a million powers take their time.
                const STEPS: usize = 255;
                let steps: Vec<Rgb> = (0..=STEPS).map(|k| ramp(theme, k as f32 / STEPS as f32)).collect();
                let of = |value: &f32| match value.is_finite() {
                    true => steps[((scale.tone(*value) * STEPS as f32).round() as usize).min(STEPS)],
                    false => missing(theme),
                };
                colouring.of_point = numbers.values.iter().map(of).collect();
            }
            Some(Values::Texts(_)) | None => {}
        }
        colouring
    }

    /// Colour of point `index`.
    pub fn of(&self, index: usize) -> Rgb {
        self.of_point.get(index).copied().unwrap_or(self.plain)
    }

    /// Whether points differ.
    pub fn tells_apart(&self) -> bool {
        !self.of_point.is_empty()
    }
}

/// Smallest and largest width of a point that is sized by a number, of that of a point that is not.
pub const GROWTH: [f32; 2] = [0.4, 1.9];

/// How large each point is drawn, of its usual width; empty for all alike. Areas rise evenly with the number's place on its
/// scale; a missing value is as small as the smallest.
pub fn growth(column: Option<&Attribute>) -> Vec<f32> {
    let Some((numbers, scale)) = column.and_then(Attribute::numbers) else { return Vec::new() };
    let [small, large] = GROWTH.map(|width| width * width);
    let of = |value: &f32| {
        let tone = if value.is_finite() { scale.tone(*value) } else { 0.0 };
        (small + (large - small) * tone).sqrt()
    };
    numbers.values.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categories::{Categories, NoCategories};
    use crate::columns::Numbers;
    use crate::scale::Scale;

    fn column(values: Values) -> Attribute {
        Attribute { key: "k".to_owned(), title: "K".to_owned(), values }
    }

    fn numbers(values: Vec<f32>) -> Attribute {
        let scale = Scale::of(&values);
        column(Values::Numbers(Numbers { values, unit: None, scale }))
    }

    #[test]
    fn points_of_a_group_share_its_colour() {
        let groups = Categories::group(["b", "a", "b"].into_iter()).unwrap();
        let colouring = Colouring::new(Some(&column(Values::Categories(groups))), Theme::Dark);
        assert_eq!((colouring.of(0), colouring.of(1)), (colouring.groups[1], colouring.groups[0]));
        assert_eq!(colouring.of(0), colouring.of(2));
    }

    #[test]
    fn numbers_run_along_the_ramp_and_missing_ones_are_grey() {
        let colouring = Colouring::new(Some(&numbers(vec![1.0, f32::NAN, 2.0])), Theme::Light);
        let expected = [ramp(Theme::Light, 0.0), missing(Theme::Light), ramp(Theme::Light, 1.0)];
        assert_eq!([0, 1, 2].map(|k| colouring.of(k)), expected);
    }

    #[test]
    fn without_anything_to_tell_apart_all_have_the_accent() {
        for column in [None, Some(column(Values::Texts(NoCategories::None))), Some(numbers(vec![3.0, 3.0]))] {
            let colouring = Colouring::new(column.as_ref(), Theme::Dark);
            assert!(!colouring.tells_apart());
            assert_eq!(colouring.of(1), accent(Theme::Dark));
        }
    }

    #[test]
    fn areas_grow_evenly_with_the_number() {
        let sizes = growth(Some(&numbers(vec![0.0, 5.0, 10.0, f32::NAN])));
        assert_eq!([sizes[0], sizes[2], sizes[3]], [GROWTH[0], GROWTH[1], GROWTH[0]]);
        let areas: Vec<f32> = sizes.iter().map(|w| w * w).collect();
        assert!((areas[1] - (areas[0] + areas[2]) / 2.0).abs() < 1e-5);
        assert!(growth(None).is_empty());
    }
}
