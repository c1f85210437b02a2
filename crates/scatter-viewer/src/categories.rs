//! Points grouped by a word of theirs.

use std::cmp::Ordering;
use std::collections::HashMap;

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Name to show.
    pub name: String,
    /// Number of points in it.
    pub count: usize,
}

/// Groups, and which one each point belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Categories {
    /// In the order of the legend.
    pub all: Vec<Category>,
    /// Index into `all`, an entry a point.
    pub of_point: Vec<u32>,
}

/// Why points cannot be grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCategories {
    /// No point has a word.
    None,
    /// Each point has its own.
    AllDifferent,
    /// All points share one.
    AllSame,
    /// More than [`MOST`].
    TooMany,
}

impl NoCategories {
    /// A sentence about labels for the person.
    pub fn reason(self) -> &'static str {
        match self {
            Self::None => "These points have no labels.",
            Self::AllDifferent => "No two points share a label.",
            Self::AllSame => "All points share one label.",
            Self::TooMany => "There are more labels than can be told apart.",
        }
    }
}

/// Groups at most: a column of more is no way to sort points.
pub const MOST: usize = 4_096;
/// What a point without a word is listed as.
pub const NO_NAME: &str = "(none)";

impl Categories {
    /// Groups points by the words in `texts`, an entry a point.
    ///
    /// # Errors
    /// [`NoCategories`] when there is nothing to tell apart.
    pub fn group<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self, NoCategories> {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let (mut names, mut of_point): (Vec<(&str, usize)>, Vec<u32>) = Default::default();
        for text in texts {
            let next = names.len() as u32;
            let index = *known.entry(text).or_insert(next);
            if index == next {
                names.push((text, 0));
            }
            names[index as usize].1 += 1;
            of_point.push(index);
            if names.len() > MOST {
                return Err(NoCategories::TooMany);
            }
        }
        match names[..] {
            [] | [("", _)] => return Err(NoCategories::None),
            [(_, count)] if count > 1 => return Err(NoCategories::AllSame),
            _ if names.len() == of_point.len() => return Err(NoCategories::AllDifferent),
            _ => {}
        }
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|&a, &b| natural(names[a].0, names[b].0));
        let mut place = vec![0; names.len()];
        for (k, &old) in order.iter().enumerate() {
            place[old] = k as u32;
        }
        of_point.iter_mut().for_each(|index| *index = place[*index as usize]);
        let named = |name: &str| if name.is_empty() { NO_NAME.to_owned() } else { name.to_owned() };
        let all = order.iter().map(|&k| Category { name: named(names[k].0), count: names[k].1 }).collect();
        Ok(Self { all, of_point })
    }
}

/// Numbers by value, then words by letter; no word comes last.
fn natural(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x.total_cmp(&y).then(a.cmp(b)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        _ => (a.is_empty().cmp(&b.is_empty()))
            .then_with(|| a.to_lowercase().cmp(&b.to_lowercase()))
            .then_with(|| a.cmp(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(texts: &[&str]) -> Result<Categories, NoCategories> {
        Categories::group(texts.iter().copied())
    }

    #[test]
    fn points_are_grouped_by_name_and_counted_and_the_nameless_come_last() {
        let groups = group(&["rain", "", "dog", "rain", ""]).unwrap();
        let named = |name: &str, count| Category { name: name.to_owned(), count };
        assert_eq!(groups.all, [named("dog", 1), named("rain", 2), named("(none)", 2)]);
        assert_eq!(groups.of_point, [1, 2, 0, 1, 2]);
    }

    #[test]
    fn names_that_are_numbers_are_listed_by_value() {
        let groups = group(&["10", "9", "9", "x"]).unwrap();
        assert_eq!(groups.all.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(), ["9", "10", "x"]);
    }

    #[test]
    fn points_all_different_or_all_alike_give_the_reason() {
        assert_eq!(group(&["a", "a"]), Err(NoCategories::AllSame));
        assert_eq!(group(&["a", "b"]), Err(NoCategories::AllDifferent));
        assert_eq!(group(&[]), Err(NoCategories::None));
        assert_eq!(group(&["", ""]), Err(NoCategories::None));
        let many: Vec<String> = (0..MOST * 3).map(|k| (k / 2).to_string()).collect();
        assert_eq!(Categories::group(many.iter().map(String::as_str)), Err(NoCategories::TooMany));
    }
}
