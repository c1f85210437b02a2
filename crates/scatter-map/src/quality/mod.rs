//! How far a map, or a list of neighbours, can be trusted.

mod recall;
mod trustworthiness;
mod vote;

pub use recall::recall;
pub use trustworthiness::trustworthiness;
pub use vote::knn_accuracy;
