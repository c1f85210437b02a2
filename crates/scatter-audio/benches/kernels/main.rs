//! What becomes of a file, step by step: `cargo bench -p scatter-audio`, one of them with `-- NAME`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench may stop at the first surprise")]

mod made;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use made::{RATE, clips, sound};
use scatter_audio::kernels::{LoudestRegion, RateConverter};
use scatter_audio::{
    AudioReader, AudioSprite, ClipReader, DescriptorAnalyzer, PitchTracker, SAMPLE_RATE, WINDOW_SAMPLES,
    pcm16,
};

/// Samples of a window at the files' rate.
const SOURCE_WINDOW: usize = 42_336;
/// Samples of a decoded block.
const BLOCK: usize = 1_152;

fn decode(path: &Path) -> u64 {
    let mut reader = AudioReader::open(path).unwrap();
    while let Some(block) = reader.next_block().unwrap() {
        black_box(block);
    }
    reader.samples()
}

fn files(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    for (format, path) in clips(folder.path()) {
        criterion.bench_function(&format!("decode/{format}"), |bencher| bencher.iter(|| decode(&path)));
        let mut reader = ClipReader::new();
        criterion.bench_function(&format!("clip/{format}"), |bencher| {
            bencher.iter(|| reader.read(&path).unwrap());
        });
    }
}

fn region_and_rate(criterion: &mut Criterion) {
    let file = sound(5 * RATE as usize, RATE);
    let mut converter = RateConverter::new(RATE).unwrap();
    let margin = converter.margin().source;
    let region_of = |file: &[f32]| {
        let mut region = LoudestRegion::new(SOURCE_WINDOW, margin);
        file.chunks(BLOCK).for_each(|block| region.push(block));
        region.finish()
    };
    criterion.bench_function("region/5 s", |bencher| bencher.iter(|| region_of(black_box(&file))));
    let cut = region_of(&file);
    criterion.bench_function("resample/window", |bencher| {
        bencher.iter(|| cut.convert(&mut converter, WINDOW_SAMPLES).unwrap());
    });
    let mut output = Vec::new();
    criterion.bench_function("resample/5 s streaming", |bencher| {
        bencher.iter(|| {
            output.clear();
            converter.restart();
            for block in file.chunks(BLOCK) {
                converter.push(block, &mut output).unwrap();
            }
            converter.finish(&mut output).unwrap();
            output.len()
        });
    });
}

fn measures(criterion: &mut Criterion) {
    let (source, heard) = (sound(SOURCE_WINDOW, RATE), sound(WINDOW_SAMPLES, SAMPLE_RATE));
    let (mut descriptors, mut pitch) = (DescriptorAnalyzer::new(), PitchTracker::new());
    criterion.bench_function("descriptors/window", |bencher| {
        bencher.iter(|| descriptors.analyze(black_box(&source), RATE));
    });
    criterion.bench_function("pitch/window", |bencher| bencher.iter(|| pitch.track(black_box(&heard))));
    criterion.bench_function("pcm16/window", |bencher| {
        bencher.iter(|| black_box(&heard).iter().map(|&x| pcm16(x)).collect::<Vec<i16>>());
    });
}

/// A minute of clips.
fn sprite(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let clip: Vec<i16> = sound(WINDOW_SAMPLES, SAMPLE_RATE).into_iter().map(pcm16).collect();
    let mut group = criterion.benchmark_group("sprite");
    group.sample_size(10);
    group.bench_function("flac of 60 clips", |bencher| {
        bencher.iter(|| {
            let mut sprite =
                AudioSprite::create(&folder.path().join("audio.flac"), WINDOW_SAMPLES as u32).unwrap();
            (0..60).for_each(|_| sprite.push(&clip).unwrap());
            sprite.finish().unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, files, region_and_rate, measures, sprite);
criterion_main!(benches);
