//! A stand-in for YAMNet that needs no weights.

use super::{GraphBuilder, Pool};
use crate::{CLASSES, EMBEDDING, MEL_BANDS, PATCH_FRAMES};

/// Mean and maximum over time of each band.
const STATISTICS: usize = 2 * MEL_BANDS;
/// Log-mel energies run from −6.9 (silence) to about 3: this centre and half-width bring them to about ±1.
const LOG_MEL_CENTRE: f32 = -3.0;
const LOG_MEL_HALF_WIDTH: f32 = 3.0;

/// The bytes of a small ONNX model with YAMNet's input and outputs, made of random numbers from `seed`.
///
/// Mean and maximum over time of each mel band, through a random projection and a ReLU, become 1,024 embedding values;
/// these through another random projection and a sigmoid 521 scores. A random projection keeps distances, so clips with
/// like spectra land near each other and a map made with it makes sense. **It has learned nothing**: the scores mean
/// nothing, and rhythm does not count. It is for tests where the weights are missing. The same seed gives the same bytes.
#[must_use]
pub fn projection_model(seed: u64) -> Vec<u8> {
    let mut random = SplitMix64(seed);
    let mut graph = GraphBuilder::new(
        "projection",
        "A random projection with YAMNet's input and outputs, for tests. It has learned nothing.",
    );
    let patches = graph.input("patches", &[PATCH_FRAMES, MEL_BANDS]);
    let image = graph.unsqueeze(&patches, &[1]);
    let over_time = Pool { kernel: [PATCH_FRAMES, 1], strides: [1, 1] };
    let mean = graph.average_pool(&image, over_time);
    let maximum = graph.max_pool(&image, over_time);
    let joined = graph.concat(&[&mean, &maximum], 3);
    let statistics = graph.flatten(&joined);

    let weights = random.matrix(STATISTICS, EMBEDDING, LOG_MEL_HALF_WIDTH.recip());
    // Subtracting the centre from every statistic is the same as taking it out of the bias.
    let column_sum = |column: usize| weights.iter().skip(column).step_by(EMBEDDING).sum::<f32>();
    let bias = graph
        .constant_from_fn("projection_bias", &[EMBEDDING], |column| -LOG_MEL_CENTRE * column_sum(column));
    let weights = graph.constant_from_fn("projection_weights", &[STATISTICS, EMBEDDING], |i| weights[i]);
    let projected = graph.gemm(&statistics, &weights, &bias);
    let embeddings = graph.relu(&projected);

    let weights = random.matrix(EMBEDDING, CLASSES, 1.0);
    let weights = graph.constant_from_fn("scores_weights", &[EMBEDDING, CLASSES], |i| weights[i]);
    let bias = graph.constant_from_fn("scores_bias", &[CLASSES], |_| 0.0);
    let logits = graph.gemm(&embeddings, &weights, &bias);
    let scores = graph.sigmoid(&logits);

    graph.output("embeddings", &embeddings, &[EMBEDDING]);
    graph.output("scores", &scores, &[CLASSES]);
    graph.finish()
}

/// Steele, Lea & Flood (2014): short, and the same on every machine.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// `[inputs, outputs]` row-major, even between bounds that give each value the variance `gain² / inputs`.
    fn matrix(&mut self, inputs: usize, outputs: usize, gain: f32) -> Vec<f32> {
        let bound = gain * (3.0 / inputs as f32).sqrt();
        let unit = |bits: u64| (bits >> 40) as f32 / (1_u32 << 23) as f32 - 1.0;
        (0..inputs * outputs).map(|_| unit(self.next()) * bound).collect()
    }
}
