//! What the front end takes: `cargo bench -p scatter-embed`.

#![allow(missing_docs, reason = "a bench has no public names")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use scatter_embed::LogMel;

/// Samples of a window at 16 kHz.
const WINDOW: usize = 15_360;

/// White noise within ±0.5, the same each time.
fn noise() -> Vec<f32> {
    let mut state = 3_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    (0..WINDOW).map(|_| next()).collect()
}

fn log_mel(criterion: &mut Criterion) {
    let (window, mut front_end) = (noise(), LogMel::new());
    criterion.bench_function("log-mel/patch", |bencher| {
        bencher.iter(|| front_end.patch(black_box(&window)));
    });
}

criterion_group!(benches, log_mel);
criterion_main!(benches);
