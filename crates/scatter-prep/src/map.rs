//! Embeddings become neighbours and projections, in the terms of the dataset's files.

use std::collections::BTreeMap;

use ndarray::Array2;
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

/// Makes the map of `embeddings`, `[points, dimensions]`, which are gone as soon as nothing needs them any more: they are
/// most of the memory that a run takes.
///
/// # Errors
/// When the embeddings are not finite numbers, or a projection fails.
pub fn make(
    embeddings: Array2<f32>,
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
    let mut layouts = BTreeMap::new();
    for (position, choice) in settings.projections.iter().enumerate() {
        if choice.method == Reduce::Pca {
            bar.begin(title(choice.method));
            // The embeddings' own axes: whitening would hide which of them matter.
            let layout = clock.time(Stage::Project, || pca(embeddings.view(), choice.dims))?.points;
            layouts.insert(position, layout);
            bar.step();
        }
    }
    bar.begin("neighbours");
    let prepared = clock.time(Stage::Neighbours, || prepare(embeddings.view(), how))?;
    drop(embeddings);
    let nearest =
        clock.time(Stage::Neighbours, || neighbours(prepared.view(), needed_neighbours(settings), metric))?;
    bar.step();
    for (position, choice) in settings.projections.iter().enumerate() {
        if choice.method != Reduce::Pca {
            bar.begin(title(choice.method));
        }
        let layout = clock.time(Stage::Project, || match choice.method {
            Reduce::Pca => Ok(None),
            Reduce::Umap => {
                umap_from_neighbours(prepared.view(), &nearest, &umap_params(choice, settings)).map(Some)
            }
            Reduce::Tsne => {
                let params = TsneParams { dims: choice.dims, seed: settings.seed, ..TsneParams::default() };
                tsne_from_neighbours(prepared.view(), &nearest, &params).map(Some)
            }
        })?;
        if let Some(layout) = layout {
            layouts.insert(position, layout);
            bar.step();
        }
    }
    let projections = settings.projections.iter().zip(layouts.values());
    let projections =
        projections.map(|(&choice, points)| (info(choice, settings), projected(points))).collect();
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

fn umap_params(choice: &ProjectionChoice, settings: &MapSettings) -> UmapParams {
    let MapSettings { neighbors, min_dist, seed, .. } = *settings;
    UmapParams { dims: choice.dims, neighbours: neighbors, min_dist, seed }
}

/// The projection as `config.json` announces it.
fn info(choice: ProjectionChoice, settings: &MapSettings) -> ProjectionInfo {
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
        params: params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>(),
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
