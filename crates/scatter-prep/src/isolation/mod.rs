//! Decoders run in processes of their own: what a file does to its decoder costs that file.
//!
//! | what a decoder does | what stops it |
//! |---|---|
//! | returns an error | nothing need be |
//! | panics | caught in the process, which goes on with the next file |
//! | asks for memory without end | the process's limit ([`ReaderSettings::memory`]), on Unix; the process dies |
//! | never ends | the time limit ([`ReaderSettings::timeout`]); the process is killed |
//! | overflows its stack, breaks memory, aborts | the process dies |
//!
//! A process that died is replaced. [`worker`] is what runs in it, [`Reader`] is this side of the pipe.

mod blocks;
mod fate;
mod memory;
mod packed;
mod process;
mod protocol;
mod reader;
pub mod worker;

pub use protocol::ClipRead;
pub use reader::{Reader, ReaderSettings};
