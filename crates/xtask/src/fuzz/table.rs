//! The closing table.

use super::session::Outcome;

/// A line a target.
pub fn table(outcomes: &[Outcome]) -> String {
    let head =
        ["target", "inputs", "a second", "corpus", "places reached", "features", "finds"].map(str::to_owned);
    let rows = outcomes.iter().map(|outcome| {
        [
            outcome.target.to_owned(),
            outcome.executions.to_string(),
            format!("{:.0}", outcome.executions as f64 / outcome.seconds.max(1e-3)),
            outcome.corpus.to_string(),
            outcome.coverage.to_string(),
            outcome.features.to_string(),
            outcome.finds.len().to_string(),
        ]
    });
    crate::table::aligned(std::iter::once(head).chain(rows))
}
