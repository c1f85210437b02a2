//! t-SNE against scikit-learn's, on the same prepared points.

use anyhow::Result;
use scatter_map::quality::{knn_accuracy, trustworthiness};
use scatter_map::{Prepare, TsneParams, prepare, tsne};

use crate::oracle::Oracle;
use crate::sets::LabelledSet;
use crate::table::Table;

const K: usize = 15;
const SHORTFALL: f64 = 0.01;
/// scikit-learn's takes minutes beyond.
const AT_MOST: usize = 1_500;

/// Measures the sets that are small enough for the reference, in three and in two dimensions.
///
/// # Errors
/// When either side fails.
pub fn measure(sets: &[LabelledSet], oracle: &Oracle) -> Result<Table> {
    let mut table = Table::new(
        &format!("t-SNE of prepared points: label vote and trustworthiness, k = {K}"),
        &["set", "dims", "scikit-learn vote", "our vote", "scikit-learn trust", "our trust", "as wanted"],
    );
    for set in sets.iter().filter(|set| set.embeddings.nrows() <= AT_MOST) {
        eprintln!("t-SNE: {}", set.name);
        let space = prepare(set.embeddings.view(), Prepare::default())?;
        for dims in [3, 2] {
            let theirs = oracle.tsne(space.view(), dims, 1)?;
            let ours = tsne(space.view(), &TsneParams { dims, ..TsneParams::default() })?;
            let vote = |map: &ndarray::Array2<f32>| knn_accuracy(map.view(), &set.labels, K);
            let trust = |map: &ndarray::Array2<f32>| trustworthiness(space.view(), map.view(), K);
            let (their_vote, our_vote) = (vote(&theirs)?, vote(&ours)?);
            let (their_trust, our_trust) = (trust(&theirs)?, trust(&ours)?);
            let cells = [
                set.name.clone(),
                dims.to_string(),
                format!("{their_vote:.3}"),
                format!("{our_vote:.3}"),
                format!("{their_trust:.4}"),
                format!("{our_trust:.4}"),
            ];
            let holds = our_vote >= their_vote - SHORTFALL && our_trust >= their_trust - SHORTFALL;
            table.checked(&cells, holds);
        }
    }
    Ok(table)
}
