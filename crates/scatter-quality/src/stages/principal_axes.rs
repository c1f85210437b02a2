//! PCA against scikit-learn's.

use anyhow::Result;
use scatter_map::pca;

use crate::oracle::Oracle;
use crate::sets::LabelledSet;
use crate::table::Table;

/// Components compared.
const DIMS: usize = 3;
/// Coordinates may differ by this part of the furthest point's.
const ALLOWED: f64 = 1e-4;

/// Measures the coordinates of all points of each set.
///
/// # Errors
/// When either side fails.
pub fn measure(sets: &[LabelledSet], oracle: &Oracle) -> Result<Table> {
    let mut table = Table::new(
        "PCA, coordinates up to sign, as a part of the largest",
        &["set", "largest difference", "reference", "allowed", "as wanted"],
    );
    for set in sets {
        let ours = pca(set.embeddings.view(), DIMS)?.points.mapv(f64::from);
        let theirs = oracle.pca(set.embeddings.view(), DIMS)?;
        let mut worst = 0.0_f64;
        for (ours, theirs) in ours.columns().into_iter().zip(theirs.columns()) {
            let sign = ours.dot(&theirs).signum();
            let largest = theirs.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            let off = ours.iter().zip(theirs).map(|(a, b)| (sign * a - b).abs()).fold(0.0, f64::max);
            worst = worst.max(off / largest);
        }
        let cells = [set.name.as_str(), &format!("{worst:.1e}"), "scikit-learn", &format!("≤ {ALLOWED:.0e}")];
        table.checked(&cells.map(str::to_owned), worst <= ALLOWED);
    }
    Ok(table)
}
