//! The approximate search for neighbours against the exact one.

use std::time::Instant;

use anyhow::Result;
use scatter_map::quality::recall;
use scatter_map::{
    EXACT_UP_TO, Metric, Neighbours, Prepare, approximate_neighbours, exact_neighbours, prepare,
};

use crate::sets;
use crate::table::Table;

const K: usize = 15;
/// Least recall wanted.
const ALLOWED: f64 = 0.95;

/// Measures recall and time on a set just too large for the exact search, prepared and raw.
///
/// # Errors
/// When a search fails.
pub fn measure() -> Result<Table> {
    let points = EXACT_UP_TO + 10_000;
    eprintln!("neighbours: {points} points");
    let set = sets::generated(points);
    let prepared = prepare(set.embeddings.view(), Prepare::default())?;
    let mut table = Table::new(
        &format!("Neighbours above {EXACT_UP_TO} points, k = {K}"),
        &["set", "recall", "allowed", "approximate s", "exact s", "as wanted"],
    );
    for (name, space) in [("prepared", prepared.view()), ("raw, 1024-d", set.embeddings.view())] {
        let (found, approximate) = timed(|| approximate_neighbours(space, K, Metric::Euclidean))?;
        let (exact, slow) = timed(|| exact_neighbours(space, K, Metric::Euclidean))?;
        let recall = recall(&found, &exact)?;
        let cells = [
            format!("{}, {name}", set.name),
            format!("{recall:.4}"),
            format!("≥ {ALLOWED}"),
            format!("{approximate:.1}"),
            format!("{slow:.1}"),
        ];
        table.checked(&cells, recall >= ALLOWED);
    }
    Ok(table)
}

fn timed(search: impl Fn() -> Result<Neighbours, scatter_map::MapError>) -> Result<(Neighbours, f64)> {
    let began = Instant::now();
    Ok((search()?, began.elapsed().as_secs_f64()))
}
