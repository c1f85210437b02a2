//! Embeddings become neighbours and projections, in the terms of the dataset's files.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2};
use scatter_dataset::{Point, Projected, ProjectionInfo, round_coordinate};
use scatter_map::{
    DEFAULT_COMPONENTS, Metric, Prepare, UmapParams, neighbours, pca, prepare, spherical,
    umap_from_neighbours,
};
use serde_json::json;

use crate::cli::{Preparation, Reduce};
use crate::progress::Progress;
use crate::settings::MapSettings;
use crate::stage::{Stage, StageClock};

/// Neighbours of each point that the dataset keeps.
const KEPT_NEIGHBOURS: usize = 15;
const DIMENSIONS: usize = 3;

/// The map of a collection.
#[derive(Debug)]
pub struct Map {
    /// Both projections, the one that comes first at the front.
    pub projections: Vec<(ProjectionInfo, Projected)>,
    /// Nearest points in the prepared embedding space, nearest first.
    pub neighbours: Vec<Vec<u32>>,
}

/// Makes the map of `embeddings`, `[points, dimensions]`.
///
/// # Errors
/// When the embeddings are not finite numbers, or a projection fails.
pub fn make(
    embeddings: ArrayView2<'_, f32>,
    settings: &MapSettings,
    clock: &StageClock,
    progress: &Progress,
) -> anyhow::Result<Map> {
    let bar = progress.steps("map", 3);
    let how = match settings.prepare {
        Preparation::HalfWhitened => Prepare::HalfWhitened { components: DEFAULT_COMPONENTS },
        Preparation::None => Prepare::None,
    };
    let k = settings.neighbors.max(KEPT_NEIGHBOURS);
    bar.begin("neighbours");
    let (prepared, nearest) = clock.time(Stage::Neighbours, || {
        let prepared = prepare(embeddings, how)?;
        let nearest = neighbours(prepared.view(), k, Metric::Euclidean)?;
        anyhow::Ok((prepared, nearest))
    })?;
    bar.step();
    let params = UmapParams {
        dims: DIMENSIONS,
        neighbours: settings.neighbors,
        min_dist: settings.min_dist,
        seed: settings.seed,
    };
    bar.begin("UMAP");
    let umap = clock.time(Stage::Project, || umap_from_neighbours(prepared.view(), &nearest, &params))?;
    bar.step();
    bar.begin("PCA");
    let pca = clock.time(Stage::Project, || pca(prepared.view(), DIMENSIONS))?;
    bar.step();

    let prepared_as = json!(match settings.prepare {
        Preparation::HalfWhitened => "half-whitened",
        Preparation::None => "none",
    });
    let info = |name: &str, params: Vec<(&str, serde_json::Value)>| ProjectionInfo {
        name: name.to_owned(),
        dims: DIMENSIONS as u32,
        params: params
            .into_iter()
            .chain([("prepare", prepared_as.clone())])
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<BTreeMap<_, _>>(),
    };
    // The shortest decimal of the number typed, not its binary neighbour.
    let min_dist = json!(settings.min_dist.to_string().parse::<f64>().unwrap_or_default());
    let umap_info = info(
        "umap",
        vec![("neighbors", json!(settings.neighbors)), ("minDist", min_dist), ("seed", json!(settings.seed))],
    );
    let mut projections =
        vec![(umap_info, projected(&umap)), (info("pca", Vec::new()), projected(&pca.points))];
    if settings.first == Reduce::Pca {
        projections.reverse();
    }
    let kept = |row: ndarray::ArrayView1<'_, u32>| row.iter().take(KEPT_NEIGHBOURS).copied().collect();
    Ok(Map { projections, neighbours: nearest.indices.outer_iter().map(kept).collect() })
}

/// `[points, 2 or 3]` in both shapes; the third coordinate of a flat map is 0.
fn projected(points: &Array2<f32>) -> Projected {
    let rows = |points: &Array2<f32>| -> Vec<Point> {
        points
            .outer_iter()
            .map(|row| std::array::from_fn(|axis| row.get(axis).map_or(0.0, |&x| round_coordinate(x))))
            .collect()
    };
    Projected { points: rows(points), spherical: rows(&spherical(points.view())) }
}
