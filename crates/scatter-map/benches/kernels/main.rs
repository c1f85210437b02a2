//! What a map's stages take: `cargo bench -p scatter-map`, one of them with `-- NAME`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a bench may stop at the first surprise"
)]

mod made;

use std::cell::LazyCell;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use made::embeddings;
use ndarray::Array2;
use scatter_map::kernels::{Curve, fuzzy_graph, optimize};
use scatter_map::{
    Metric, Neighbours, Prepare, UmapParams, exact_neighbours, pca, prepare, umap_from_neighbours,
};

/// Points of a small and of a large collection.
const COUNTS: [usize; 2] = [2_000, 20_000];
/// What a map asks for by default.
const NEIGHBOURS: usize = 15;

fn stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("map");
    group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(1));
    for count in COUNTS {
        // Each made when a bench needs it: a filtered run sets out at once.
        let raw = LazyCell::new(|| embeddings(count));
        let prepared = LazyCell::new(|| prepare(raw.view(), Prepare::default()).unwrap());
        let near =
            |points: &Array2<f32>| exact_neighbours(points.view(), NEIGHBOURS, Metric::Euclidean).unwrap();
        let nearest = LazyCell::new(|| near(&prepared));
        let graph = LazyCell::new(|| fuzzy_graph(&nearest, NEIGHBOURS, 200));
        let laid_out = |points: &Array2<f32>, nearest: &Neighbours| {
            umap_from_neighbours(points.view(), nearest, &UmapParams::default()).unwrap()
        };
        let mut bench = |name: &str, work: &mut dyn FnMut()| {
            group.bench_function(BenchmarkId::new(name, count), |bencher| bencher.iter(&mut *work));
        };
        bench("pca", &mut || drop(black_box(pca(raw.view(), 3).unwrap())));
        bench("prepare", &mut || drop(black_box(prepare(raw.view(), Prepare::default()).unwrap())));
        bench("neighbours", &mut || drop(black_box(near(&prepared))));
        bench("umap from neighbours", &mut || drop(black_box(laid_out(&prepared, &nearest))));
        bench("umap whole", &mut || {
            let prepared = prepare(raw.view(), Prepare::default()).unwrap();
            drop(black_box(laid_out(&prepared, &near(&prepared))));
        });
        bench("umap graph", &mut || drop(black_box(fuzzy_graph(&nearest, NEIGHBOURS, 200))));
        let curve = Curve::fit(0.1, 1.0);
        bench("umap 20 epochs", &mut || {
            let start = prepared.rows().into_iter().map(|row| [row[0] * 10.0, row[1] * 10.0, row[2] * 10.0]);
            let mut places: Vec<[f32; 3]> = start.collect();
            optimize(&mut places, &graph, curve, 20, 42);
            black_box(&places);
        });
    }
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
