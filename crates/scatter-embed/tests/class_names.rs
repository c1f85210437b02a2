//! The list of class names against the published one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::path::Path;

use scatter_embed::{CLASSES, class_mid, class_name};

#[test]
fn class_names_equal_the_published_class_map() {
    let Some(models) = std::env::var_os("SCATTER_MODELS") else {
        println!("skipped: class_names_equal_the_published_class_map: SCATTER_MODELS is not set");
        return;
    };
    let map = std::fs::read_to_string(Path::new(&models).join("yamnet_class_map.csv")).unwrap();
    let mut rows = 0;
    for line in map.lines().skip(1) {
        // index,mid,display name; only the last may be quoted and hold commas. No name holds a quote.
        let mut fields = line.splitn(3, ',');
        let index: usize = fields.next().unwrap().parse().unwrap();
        let mid = fields.next().unwrap();
        let name = fields.next().unwrap().trim_matches('"');
        assert_eq!((class_mid(index), class_name(index)), (Some(mid), Some(name)));
        rows += 1;
    }
    assert_eq!(rows, CLASSES);
}
