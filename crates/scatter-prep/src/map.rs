//! Embeddings become neighbours and projections, in the terms of the dataset's files.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2};
use scatter_dataset::{Point, Projected, ProjectionInfo, round_coordinate};
use scatter_map::{
    DEFAULT_COMPONENTS, DuplicateParams, Duplicates, Metric, Neighbours, Prepare, TsneParams, UmapParams,
    duplicates, neighbours, pca, prepare, spherical, tsne_from_neighbours, umap_from_neighbours,
};
use serde_json::{Value, json};

use crate::cli::{Distance, Preparation, Reduce};
use crate::progress::Progress;
use crate::settings::{MapSettings, ProjectionChoice};
use crate::stage::{Stage, StageClock};

/// Neighbours of each point that the dataset keeps.
const KEPT_NEIGHBOURS: usize = 15;

/// The map of a collection.
#[derive(Debug)]
pub struct Map {
    /// The projections, the one that comes first at the front.
    pub projections: Vec<(ProjectionInfo, Projected)>,
    /// Nearest points in the prepared embedding space, nearest first.
    pub neighbours: Vec<Vec<u32>>,
    /// Which points hold the same sound.
    pub duplicates: Duplicates,
}

/// Makes the map of `embeddings`, `[points, dimensions]`.
///
/// # Errors
/// When the embeddings are not finite numbers, or a projection fails.
pub fn make(
    embeddings: ArrayView2<'_, f32>,
    settings: &MapSettings,
    clock: &StageClock,
    progress: Progress,
) -> anyhow::Result<Map> {
    let bar = progress.steps("map", 1 + settings.projections.len() as u64);
    let how = match settings.prepare {
        Preparation::Whitened => Prepare::Whitened { components: DEFAULT_COMPONENTS },
        Preparation::None => Prepare::None,
    };
    let metric = match settings.metric {
        Distance::Euclidean => Metric::Euclidean,
        Distance::Cosine => Metric::Cosine,
    };
    bar.begin("neighbours");
    let (prepared, nearest) = clock.time(Stage::Neighbours, || {
        let prepared = prepare(embeddings, how)?;
        let nearest = neighbours(prepared.view(), needed_neighbours(settings), metric)?;
        anyhow::Ok((prepared, nearest))
    })?;
    bar.step();
    let source = Source { embeddings, prepared: prepared.view(), nearest: &nearest, settings };
    let mut projections = Vec::new();
    for &choice in &settings.projections {
        bar.begin(title(choice.method));
        let points = clock.time(Stage::Project, || source.project(choice))?;
        projections.push((source.info(choice), projected(&points)));
        bar.step();
    }
    let kept = |row: ndarray::ArrayView1<'_, u32>| row.iter().take(KEPT_NEIGHBOURS).copied().collect();
    let duplicates = duplicates(&euclidean(&nearest, metric), &DuplicateParams::default())?;
    Ok(Map { projections, duplicates, neighbours: nearest.indices.outer_iter().map(kept).collect() })
}

/// The lists with Euclidean distances between vectors of length 1, of which the cosine's are half the squares.
fn euclidean(nearest: &Neighbours, metric: Metric) -> Neighbours {
    let mut lists = nearest.clone();
    if metric == Metric::Cosine {
        lists.distances.mapv_inplace(|distance| (2.0 * distance).sqrt());
    }
    lists
}

/// Neighbours to look for, once for all that needs them.
fn needed_neighbours(settings: &MapSettings) -> usize {
    let tsne = settings.projections.iter().any(|choice| choice.method == Reduce::Tsne);
    let for_tsne = if tsne { TsneParams::default().neighbours() } else { 0 };
    settings.neighbors.max(KEPT_NEIGHBOURS).max(for_tsne)
}

/// What projections are made from.
struct Source<'a> {
    embeddings: ArrayView2<'a, f32>,
    prepared: ArrayView2<'a, f32>,
    nearest: &'a Neighbours,
    settings: &'a MapSettings,
}

impl Source<'_> {
    /// One projection, `[points, dims]`.
    fn project(&self, choice: ProjectionChoice) -> anyhow::Result<Array2<f32>> {
        let dims = choice.dims;
        let MapSettings { neighbors, min_dist, seed, .. } = *self.settings;
        Ok(match choice.method {
            // The embeddings' own axes: whitening would hide which of them matter.
            Reduce::Pca => pca(self.embeddings, dims)?.points,
            Reduce::Umap => {
                let params = UmapParams { dims, neighbours: neighbors, min_dist, seed };
                umap_from_neighbours(self.prepared, self.nearest, &params)?
            }
            Reduce::Tsne => {
                let params = TsneParams { dims, seed, ..TsneParams::default() };
                tsne_from_neighbours(self.prepared, self.nearest, &params)?
            }
        })
    }

    /// The projection as `config.json` announces it.
    fn info(&self, choice: ProjectionChoice) -> ProjectionInfo {
        let settings = self.settings;
        let name = match choice.method {
            Reduce::Umap => "umap",
            Reduce::Pca => "pca",
            Reduce::Tsne => "tsne",
        };
        let mut params: Vec<(&str, Value)> = Vec::new();
        if choice.method != Reduce::Pca {
            params.push((
                "prepare",
                json!(match settings.prepare {
                    Preparation::Whitened => "whitened",
                    Preparation::None => "none",
                }),
            ));
            params.push(("seed", json!(settings.seed)));
        }
        if choice.method == Reduce::Tsne {
            params.push(("perplexity", json!(TsneParams::default().perplexity)));
        }
        if choice.method != Reduce::Pca {
            let metric = match settings.metric {
                Distance::Euclidean => "euclidean",
                Distance::Cosine => "cosine",
            };
            params.push(("metric", json!(metric)));
        }
        if choice.method == Reduce::Umap {
            // The shortest decimal of the number typed, not its binary neighbour.
            let min_dist = json!(settings.min_dist.to_string().parse::<f64>().unwrap_or_default());
            params.extend([("neighbors", json!(settings.neighbors)), ("minDist", min_dist)]);
        }
        ProjectionInfo {
            name: if choice.dims == 3 { name.to_owned() } else { format!("{name}-{}d", choice.dims) },
            dims: choice.dims as u32,
            params: params
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<BTreeMap<_, _>>(),
        }
    }
}

/// What the progress line says.
fn title(method: Reduce) -> &'static str {
    match method {
        Reduce::Umap => "UMAP",
        Reduce::Pca => "PCA",
        Reduce::Tsne => "t-SNE",
    }
}

/// `[points, 2 or 3]` in both shapes; a flat map lies at z = 0, its sphere is the map wrapped around it.
fn projected(points: &Array2<f32>) -> Projected {
    let rows = |points: &Array2<f32>| -> Vec<Point> {
        points
            .outer_iter()
            .map(|row| std::array::from_fn(|axis| row.get(axis).map_or(0.0, |&x| round_coordinate(x))))
            .collect()
    };
    Projected { points: rows(points), spherical: rows(&spherical(points.view())) }
}
