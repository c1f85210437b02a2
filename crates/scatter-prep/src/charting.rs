//! The map, and beside its making the files of sound and pictures.

use std::thread;

use anyhow::anyhow;
use scatter_dataset::Kind;

use crate::arrangement::Arrangement;
use crate::assembly::{Drafts, Media, recorded};
use crate::heard::Store;
use crate::map::Map;
use crate::output::folder::DatasetFolder;
use crate::pipeline::PlannedPoint;
use crate::stage::StageClock;

/// All that is made of embeddings, sounds and tiles.
pub struct Charted {
    /// The map, in the points' new order.
    pub map: Map,
    /// That order.
    pub order: Arrangement,
    /// Sound and pictures, in the same.
    pub media: Media,
}

/// Makes a recording's, whose windows begin `hop_samples` apart; its points keep their order.
///
/// # Errors
/// When the map fails, a point cannot be read back, or a file cannot be written.
pub fn recording(
    points: &[PlannedPoint],
    hop_samples: u32,
    make_map: impl FnOnce() -> anyhow::Result<Map>,
    store: &Store,
    folder: &DatasetFolder,
    clock: &StageClock,
) -> anyhow::Result<Charted> {
    let readers = [store.reader()?, store.reader()?];
    let media = || recorded(points, hop_samples, readers, folder, clock);
    let (map, media) = beside(make_map, media)?;
    Ok(Charted { order: Arrangement::of(&map, Kind::Recording), map, media })
}

/// Makes a folder's, whose clips are `hop_samples` long.
///
/// # Errors
/// As from [`recording`].
pub fn clips(
    points: Vec<PlannedPoint>,
    hop_samples: u32,
    make_map: impl FnOnce() -> anyhow::Result<Map>,
    store: &Store,
    folder: &DatasetFolder,
    clock: &StageClock,
) -> anyhow::Result<Charted> {
    let reader = store.reader()?;
    let drafts = || Drafts::of_clips(&points, hop_samples, reader, folder, clock);
    let (map, drafts) = beside(make_map, drafts)?;
    let order = Arrangement::of(&map, Kind::Clips);
    let points = order.apply(points);
    let readers = [store.reader()?, store.reader()?];
    let media = drafts.arrange(&points, order.places(), readers, folder, clock)?;
    Ok(Charted { map: order.apply_to_map(map), order, media })
}

/// Does both at the same time: a map is made on one core, for the most part.
fn beside<A, B: Send>(
    here: impl FnOnce() -> anyhow::Result<A>,
    there: impl FnOnce() -> anyhow::Result<B> + Send,
) -> anyhow::Result<(A, B)> {
    thread::scope(|scope| {
        let there = scope.spawn(there);
        let here = here();
        let there = there.join().map_err(|_| anyhow!("writing stopped unexpectedly"))?;
        Ok((here?, there?))
    })
}
