//! `scatter-prep model`: brings YAMNet to where it is looked for, and says what is there.
//!
//! [`fetch`] takes weights from a [`source`], by [`download`] where that is an address, [`convert`] from a file at hand;
//! both end in the [`store`], with a [`receipt`] beside the model. [`list`] and [`verify`] look at what is there, [`offer`]
//! chooses the main job's.

mod convert;
mod download;
mod fetch;
mod list;
mod offer;
mod partial;
mod receipt;
mod reply;
mod source;
mod store;
mod telling;
mod verify;

use crate::cli::ModelCommand;

pub use offer::{Chosen, choose};

/// Does one of the commands.
///
/// # Errors
/// A sentence on what went wrong and what to do.
pub fn run(command: &ModelCommand) -> anyhow::Result<()> {
    match command {
        ModelCommand::List(args) => list::list(args),
        ModelCommand::Fetch(args) => fetch::run(args),
        ModelCommand::Verify(args) => verify::run(args),
        ModelCommand::Path => list::path(),
        ModelCommand::Convert(args) => convert::run(args),
    }
}
