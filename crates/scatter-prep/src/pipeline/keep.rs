//! Keeps what the model is done with.

use crossbeam_channel::Receiver;

use super::embedding::Done;
use crate::events::Event;
use crate::heard::Store;
use crate::progress::StageBar;
use crate::settings::Input;

/// Puts all `results` into `store`; batches may come in any order.
///
/// # Errors
/// The first session's error, or that a point cannot be kept.
pub fn keep(
    results: &Receiver<anyhow::Result<Vec<Done>>>,
    store: &mut Store,
    input: &Input,
    bar: &StageBar,
) -> anyhow::Result<()> {
    for batch in results {
        for Done { key, source, heard } in batch? {
            store.put(key, &heard)?;
            bar.step();
            if let Input::Folder { .. } = input {
                let facts = &heard.facts;
                bar.tell(&Event::File {
                    file: &source,
                    seconds: facts.source_seconds,
                    partial: facts.partial,
                    notes: &facts.notes,
                });
            }
        }
        bar.tell_progress();
    }
    Ok(())
}
