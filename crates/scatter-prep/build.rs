//! The page is part of the binary: build again when its files change, new ones included.

fn main() {
    println!("cargo::rerun-if-changed=../../web");
}
