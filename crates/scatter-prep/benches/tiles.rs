//! What the spectrogram's page takes: `cargo bench -p scatter-prep`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench may stop at the first surprise")]

/// A program has no library to be linked with; this part of it needs nothing of the rest.
#[path = "../src/output/tiles.rs"]
#[allow(dead_code, unused_imports, reason = "its tests' own parts")]
mod tiles;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tiles::{Tiles, levels};

/// Values of a patch.
const PATCH: usize = 96 * 64;
/// Tiles of one page.
const TILES: usize = 1_000;

/// Log-mel energies from silence to loud, rising with time and falling with frequency, the same each time.
fn patch() -> Vec<f32> {
    let mut state = 3_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0
    };
    (0..PATCH).map(|at| (at / 64) as f32 / 24.0 - (at % 64) as f32 / 10.0 - 2.0 + next()).collect()
}

fn tiles(criterion: &mut Criterion) {
    let patch = patch();
    criterion.bench_function("tile/levels", |bencher| bencher.iter(|| levels(black_box(&patch))));
    let (tile, folder) = (levels(&patch), tempfile::tempdir().unwrap());
    let mut group = criterion.benchmark_group("sprite");
    group.sample_size(10);
    group.bench_function("page of 1,000 tiles", |bencher| {
        bencher.iter(|| {
            let mut tiles = Tiles::default();
            (0..TILES).for_each(|_| tiles.count(&tile));
            tiles.write_pages(|_| Ok(tile.clone()), |name| folder.path().join(name)).unwrap()
        });
    });
    let (side, pixels) = (2_048_u16, vec![0_u8; 2_048 * 2_048]);
    let pixels: Vec<u8> = pixels.iter().enumerate().map(|(at, _)| (at * 7 / 5) as u8).collect();
    group.bench_function("jpeg of 2048×2048", |bencher| {
        bencher.iter(|| {
            let mut bytes = Vec::new();
            let encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
            encoder.encode(&pixels, side, side, jpeg_encoder::ColorType::Luma).unwrap();
            bytes
        });
    });
    group.finish();
}

criterion_group!(benches, tiles);
criterion_main!(benches);
