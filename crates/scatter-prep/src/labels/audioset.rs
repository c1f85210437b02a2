//! Labels from what the model hears.

use scatter_embed::{class_mid, class_name, naming_class};

use super::Label;

/// The label of a point by its `best` AudioSet classes, `(class, score)`, best first; empty where none is likely.
pub fn label(best: &[(usize, f32)]) -> Label {
    let class = naming_class(best);
    let text = |of: fn(usize) -> Option<&'static str>| class.and_then(of).unwrap_or_default().to_owned();
    Label { id: text(class_mid), name: text(class_name) }
}
