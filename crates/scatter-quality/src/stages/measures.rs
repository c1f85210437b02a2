//! The measure itself: trustworthiness as scikit-learn computes it.

use anyhow::Result;
use scatter_map::pca;
use scatter_map::quality::trustworthiness;

use crate::oracle::Oracle;
use crate::sets::LabelledSet;
use crate::table::Table;

const K: usize = 15;
const ALLOWED: f64 = 1e-6;

/// Measures the smallest set's plain PCA map by both.
///
/// # Errors
/// When either side fails.
pub fn measure(sets: &[LabelledSet], oracle: &Oracle) -> Result<Table> {
    let mut table = Table::new(
        &format!("Trustworthiness of a PCA map, k = {K}"),
        &["set", "ours", "scikit-learn", "allowed difference", "as wanted"],
    );
    if let Some(set) = sets.iter().min_by_key(|set| set.embeddings.nrows()) {
        let points = set.embeddings.view();
        let map = pca(points, 3)?.points;
        let (ours, theirs) =
            (trustworthiness(points, map.view(), K)?, oracle.trustworthiness(points, map.view(), K)?);
        let cells =
            [set.name.clone(), format!("{ours:.7}"), format!("{theirs:.7}"), format!("≤ {ALLOWED:.0e}")];
        table.checked(&cells, (ours - theirs).abs() <= ALLOWED);
    }
    Ok(table)
}
