//! Which model heard the sounds, in words.

use scatter_dataset::ModelInfo;

use crate::describe::cut;

/// Name of the small model that `scatter-prep` carries.
const MINI: &str = "scatter-mini";
/// Characters of a model's name that are shown.
const LONGEST: usize = 60;

/// What is said of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearer {
    /// Its name.
    pub name: String,
    /// What would hear better, and how to get it; `None` where nothing is known that would.
    pub advice: Option<&'static str>,
}

impl Hearer {
    /// Of a dataset's model.
    #[must_use]
    pub fn of(model: &ModelInfo) -> Self {
        let name = match model.name.as_str() {
            "yamnet" => "YAMNet".to_owned(),
            other => cut(other, LONGEST),
        };
        let advice = (model.name == MINI).then_some(
            "It is the small model inside scatter-prep. YAMNet hears more finely: “scatter-prep model fetch” gets it, and \
             the map made again is better.",
        );
        Self { name, advice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_small_model_is_told_of_a_better_one_and_names_stay_short() {
        let of = |name: &str| Hearer::of(&ModelInfo { name: name.to_owned(), sha256: String::new() });
        assert_eq!(of("yamnet"), Hearer { name: "YAMNet".to_owned(), advice: None });
        assert!(of("scatter-mini").advice.unwrap().contains("scatter-prep model fetch"));
        assert_eq!(of(&"x".repeat(1_000)).name.chars().count(), LONGEST + 1);
        assert_eq!(of("Birds 2.4").advice, None);
    }
}
