//! Maps against umap-learn's and scikit-learn's: whether labels stay together, and whether neighbours do.

use std::time::Instant;

use anyhow::Result;
use ndarray::{Array2, ArrayView2};
use scatter_map::quality::{knn_accuracy, trustworthiness};
use scatter_map::{Prepare, UmapParams, prepare, umap};

use crate::oracle::Oracle;
use crate::sets::LabelledSet;
use crate::table::Table;

/// Neighbours asked, everywhere.
const K: usize = 15;
const DIMS: usize = 3;
/// Ours on raw embeddings may fall short of umap-learn's by this much.
const SHORTFALL: f64 = 0.01;
/// Up to this size a set is laid out with three seeds, and the means are compared.
const SEVERAL_SEEDS_UP_TO: usize = 5_000;

/// Means over seeds.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    vote: f64,
    /// In the space that the map was made from.
    trust: f64,
    /// In the raw space.
    trust_raw: f64,
    seconds: f64,
}

/// Tables of label votes and of trustworthiness, in this order.
///
/// # Errors
/// When either side fails.
pub fn measure(sets: &[LabelledSet], oracle: &Oracle) -> Result<[Table; 2]> {
    let mut votes = Table::new(
        &format!("Label vote of the {K} nearest in the 3-D map (in brackets: in the space it is made from)"),
        &[
            "set",
            "points",
            "classes",
            "umap-learn, its defaults",
            "ours, `--prepare none`",
            "ours, default",
            "as wanted",
        ],
    );
    let mut trust = Table::new(
        &format!(
            "Trustworthiness of the 3-D map, k = {K} (in brackets: against raw embeddings), and seconds"
        ),
        &[
            "set",
            "umap-learn, its defaults",
            "ours, `--prepare none`",
            "ours, default",
            "umap-learn s",
            "raw s",
            "default s",
            "as wanted",
        ],
    );
    for set in sets {
        eprintln!("maps: {}", set.name);
        let seeds = if set.embeddings.nrows() <= SEVERAL_SEEDS_UP_TO { 1..=3 } else { 1..=1 };
        let raw = set.embeddings.view();
        let prepared = prepare(raw, Prepare::default())?;
        let theirs = mean(seeds.clone(), |seed| {
            let (map, seconds) = oracle.umap(raw, DIMS, seed)?;
            figures(set, raw, &map, seconds)
        })?;
        let plain = mean(seeds.clone(), |seed| ours(set, Prepare::None, seed))?;
        let default = mean(seeds, |seed| ours(set, Prepare::default(), seed))?;
        let high = |space| knn_accuracy(space, &set.labels, K);
        let (high_raw, high_prepared) = (high(raw)?, high(prepared.view())?);

        let equal = plain.vote >= theirs.vote - SHORTFALL && plain.trust >= theirs.trust - SHORTFALL;
        votes.checked(
            &[
                set.name.clone(),
                set.embeddings.nrows().to_string(),
                set.classes().to_string(),
                format!("{:.3} ({high_raw:.3})", theirs.vote),
                format!("{:.3} ({high_raw:.3})", plain.vote),
                format!("{:.3} ({high_prepared:.3})", default.vote),
            ],
            equal && default.vote > theirs.vote,
        );
        trust.checked(
            &[
                set.name.clone(),
                format!("{:.4}", theirs.trust),
                format!("{:.4}", plain.trust),
                format!("{:.4} ({:.4})", default.trust, default.trust_raw),
                format!("{:.1}", theirs.seconds),
                format!("{:.1}", plain.seconds),
                format!("{:.1}", default.seconds),
            ],
            plain.trust >= theirs.trust - SHORTFALL,
        );
    }
    Ok([votes, trust])
}

fn ours(set: &LabelledSet, how: Prepare, seed: u64) -> Result<Figures> {
    let began = Instant::now();
    let space = prepare(set.embeddings.view(), how)?;
    let map = umap(space.view(), &UmapParams { dims: DIMS, seed, ..UmapParams::default() })?;
    let seconds = began.elapsed().as_secs_f64();
    figures(set, space.view(), &map, seconds)
}

fn figures(
    set: &LabelledSet,
    space: ArrayView2<'_, f32>,
    map: &Array2<f32>,
    seconds: f64,
) -> Result<Figures> {
    Ok(Figures {
        vote: knn_accuracy(map.view(), &set.labels, K)?,
        trust: trustworthiness(space, map.view(), K)?,
        trust_raw: trustworthiness(set.embeddings.view(), map.view(), K)?,
        seconds,
    })
}

fn mean(seeds: impl Iterator<Item = u64>, measure: impl Fn(u64) -> Result<Figures>) -> Result<Figures> {
    let all = seeds.map(measure).collect::<Result<Vec<_>>>()?;
    let mean = |of: fn(&Figures) -> f64| all.iter().map(of).sum::<f64>() / all.len().max(1) as f64;
    Ok(Figures {
        vote: mean(|f| f.vote),
        trust: mean(|f| f.trust),
        trust_raw: mean(|f| f.trust_raw),
        seconds: mean(|f| f.seconds),
    })
}
