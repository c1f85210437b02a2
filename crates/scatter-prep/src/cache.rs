//! `scatter-prep cache`: what was heard and is kept for the next run.

use std::io::{self, Write};

use anyhow::Context;

use crate::cli::{CacheArgs, CacheCommand};
use crate::heard::{StoreChoice, remove, stores};

/// Lists or removes it.
///
/// # Errors
/// When the folder cannot be read, or a file in it cannot be removed.
pub fn run(command: &CacheCommand) -> anyhow::Result<()> {
    let (CacheCommand::List(args) | CacheCommand::Clear(args)) = command;
    let CacheArgs { cache } = args;
    let choice = cache.clone().map_or(StoreChoice::Usual, StoreChoice::Folder);
    let folder = choice.folder().context("there is no cache folder here: name one with --cache")?;
    let shown = folder.display();
    let stores = stores(&folder).with_context(|| format!("{shown} cannot be read"))?;
    let bytes: u64 = stores.iter().map(|store| store.bytes).sum();
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    let mut lines = Vec::new();
    if matches!(command, CacheCommand::Clear(_)) {
        let in_use = stores.iter().filter(|store| remove(store).is_ok_and(|removed| !removed)).count();
        lines.push(format!("removed {} of {} from {shown}", stores.len() - in_use, stores.len()));
        if in_use > 0 {
            lines.push(format!("{in_use} are in use by a run at work"));
        }
    } else {
        for store in &stores {
            let days = store.unused.map_or(0, |time| time.as_secs() / 86_400);
            lines.push(format!("{:>8} MB  used {days} days ago  {}", megabytes(store.bytes), store.name));
        }
        lines.push(format!("{:>8} MB  in {shown}", megabytes(bytes)));
    }
    // Whoever asked may have stopped listening.
    let _ = writeln!(io::stdout(), "{}", lines.join("\n"));
    Ok(())
}
