//! `cargo xtask test`: every test there is, native and in the browser, with one line of sums at the end.

mod browser;
mod groups;
mod libtest;
mod maps;
mod server;
mod tally;
mod tap;

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{
    process,
    setup::{self, Scope, WasmCompiler},
    web,
    workspace::Workspace,
};
use tally::Tally;

/// Arguments of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Leave out what needs a browser
    #[arg(long)]
    no_browser: bool,
}

/// Runs everything, whatever fails; the last line printed is `N passed, N failed`.
///
/// # Errors
/// Never for a test that failed: that is in the sums and the exit code.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let mut tally = Tally::default();
    let scope = if arguments.no_browser { Scope::Demo } else { Scope::Everything };
    if let Err(error) = setup::run(workspace, scope) {
        tally.fail("setup", &error);
    }
    tally.check("cargo fmt", || process::run(&mut cargo(workspace, &["fmt", "--all", "--check"])));
    tally.check("cargo clippy", || {
        let strict = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
        process::run(&mut cargo(workspace, &strict))
    });
    tally.check("web", || web::build_within_budget(workspace));
    tally.check("cargo clippy, wasm32", || lint_page(workspace));
    libtest::run(workspace, &mut tally);
    tally.check("cargo doc", || {
        let document = ["doc", "--quiet", "--workspace", "--no-deps"];
        process::run(cargo(workspace, &document).env("RUSTDOCFLAGS", "-D warnings"))
    });
    if arguments.no_browser {
        tally.skip("skipped: browser tests: --no-browser");
    } else {
        browser::run(workspace, &mut tally);
    }
    print!("{tally}");
    Ok(if tally.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cargo(workspace: &Workspace, words: &[&str]) -> Command {
    let mut command = process::cargo();
    command.current_dir(workspace.root()).args(words);
    command
}

/// Most of the page exists for wasm32 alone, where the native run of clippy does not look.
fn lint_page(workspace: &Workspace) -> Result<()> {
    let (compiler, _) = WasmCompiler::ensure()?;
    let mut clippy = compiler.clippy(&workspace.target().join("wasm"));
    // The profile of the page's build, whose macros and build scripts serve here too.
    clippy.current_dir(workspace.root()).args(["--quiet", "--profile=wasm", "--package=scatter-viewer"]);
    compiler.deny_warnings(&mut clippy);
    process::run(&mut clippy)
}
