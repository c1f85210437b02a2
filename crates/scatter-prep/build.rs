//! The page is part of the binary: build again when its files change, new ones included.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=../../web");
    // Tests and checks need no page, so that its absence is no error.
    if std::env::var("PROFILE").as_deref() == Ok("release") && !Path::new("../../web/pkg").is_dir() {
        println!("cargo::warning=`serve` and `publish` will lack the page: run `cargo xtask web` first");
    }
}
