//! The time that a map takes by itself.

use std::time::Instant;

use anyhow::{Context, Result};
use scatter_map::{Metric, Prepare, UmapParams, neighbours, pca, prepare, umap_from_neighbours};
use scatter_quality::sets;
use serde::Serialize;

/// Dimensions of the maps.
const DIMS: usize = 3;

/// Seconds of each step.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct MapTimes {
    points: usize,
    prepare: f64,
    neighbours: f64,
    umap: f64,
    /// Of the three, in the round in which it was least.
    total: f64,
    /// Of the embeddings as they are.
    pca: f64,
}

/// Makes a map of generated points, `rounds` times, and gives the best: what disturbs only ever makes slower.
///
/// # Errors
/// When a step fails.
pub fn measure(points: usize, rounds: usize) -> Result<MapTimes> {
    let embeddings = sets::generated(points).embeddings;
    let params = UmapParams { dims: DIMS, ..UmapParams::default() };
    let mut best: Option<MapTimes> = None;
    for _ in 0..rounds {
        let (prepared, prepare) = timed(|| prepare(embeddings.view(), Prepare::default()))?;
        let (nearest, neighbours) =
            timed(|| neighbours(prepared.view(), params.neighbours, Metric::Euclidean))?;
        let (_, umap) = timed(|| umap_from_neighbours(prepared.view(), &nearest, &params))?;
        let (_, pca) = timed(|| pca(embeddings.view(), DIMS))?;
        let total = prepare + neighbours + umap;
        let round = MapTimes { points, prepare, neighbours, umap, total, pca };
        best = Some(match best {
            Some(best) if best.total <= total => MapTimes { pca: best.pca.min(pca), ..best },
            Some(best) => MapTimes { pca: best.pca.min(pca), ..round },
            None => round,
        });
    }
    best.context("--rounds is 0: choose at least one")
}

fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<(T, f64), E> {
    let start = Instant::now();
    let result = work()?;
    Ok((result, start.elapsed().as_secs_f64()))
}
