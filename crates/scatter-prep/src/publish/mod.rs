//! `scatter-prep publish`: the page and maps as one folder that any host of plain files serves.
//!
//! [`plan`] says which files, [`site`] makes the folder whole or not at all, [`transfer`] puts a file there, [`advice`] says
//! what to do with it.

mod advice;
mod plan;
mod site;
mod transfer;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use scatter_dataset::DatasetName;

use crate::cli::PublishArgs;
use crate::events::Events;
use crate::interrupt;
use crate::output::catalogue;
use crate::progress::Progress;
use crate::shown;
use plan::{Maps, Plan};
use site::Site;

/// Writes the folder and says what it weighs and where it can go.
///
/// # Errors
/// A sentence when a map is not there or not whole, when something else stands in the folder's place, or when it cannot be
/// written; what stood there before then stays.
pub fn run(args: &PublishArgs) -> anyhow::Result<()> {
    let (folder, names) = named(args)?;
    let data = &args.data;
    if !data.is_dir() {
        bail!("{} is no folder of maps: name it with --data FOLDER", data.display());
    }
    keep_apart(data, folder)?;
    let index = catalogue::scan(data).with_context(|| format!("{} cannot be read", data.display()))?;
    let maps = Maps::choose(&index, data, names, args.all)?;
    let plan = Plan::make(&maps, args.web.as_deref())?;
    // Without it Ctrl-C would leave the half of a folder, which the next run clears away.
    let _ = interrupt::listen(|_| eprintln!("\nscatter-prep: interrupted, nothing was published"));
    let mut site = Site::create(folder)?;
    let bar = Progress::new(Events::Untold).bytes("publishing", Some(plan.bytes()));
    for file in &plan.files {
        site.add(file)?;
        bar.advance(file.bytes);
    }
    site.put_in_place()?;
    drop(bar);
    // It is published, whether or not anybody reads how to go on.
    let _ = writeln!(io::stdout(), "{}", shown::lines(&advice::of(&plan, &maps, folder)));
    Ok(())
}

/// The folder to write, which comes last, and the maps before it.
fn named(args: &PublishArgs) -> anyhow::Result<(&Path, Vec<DatasetName>)> {
    let Some((folder, maps)) = args.places.split_last() else { bail!("name the folder to write") };
    match (args.all, maps.is_empty()) {
        (true, false) => bail!("--all takes every map: name the folder to write, and no map"),
        (false, true) => {
            bail!(
                "name the maps, then the folder to write (or --all and the folder): {folder} is one of both"
            )
        }
        _ => {}
    }
    let names = maps.iter().map(|name| {
        DatasetName::new(name)
            .with_context(|| format!("{name} names no map: a folder of maps is named with --data"))
    });
    Ok((Path::new(folder), names.collect::<anyhow::Result<_>>()?))
}

/// Refuses a folder that holds the maps, or lies among them.
fn keep_apart(data: &Path, folder: &Path) -> anyhow::Result<()> {
    let (data_at, at) = (resolved(data)?, resolved(folder)?);
    if at.starts_with(&data_at) || data_at.starts_with(&at) {
        bail!(
            "{} and the maps in {} lie in one another: publish to another folder",
            folder.display(),
            data.display()
        );
    }
    Ok(())
}

/// A path without links in it, as far as it is there.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let there =
        path.ancestors().find_map(|part| Some((part.canonicalize().ok()?, path.strip_prefix(part).ok()?)));
    Ok(there.map_or_else(|| path.clone(), |(real, rest)| real.join(rest)))
}
