//! Google's published YAMNet weights, made into the model file that this crate runs.

use std::path::Path;

use crate::keras::KerasWeights;
use crate::onnx::{Conv, GraphBuilder, Value};
use crate::{CLASSES, EMBEDDING, EmbedError, MEL_BANDS, PATCH_FRAMES};

/// Where Google publishes YAMNet's weights.
pub const YAMNET_H5_URL: &str = "https://storage.googleapis.com/audioset/yamnet.h5";
/// Size of that file in bytes.
pub const YAMNET_H5_BYTES: u64 = 15_296_092;
/// SHA-256 of that file.
pub const YAMNET_H5_SHA256: &str = "13c3308955bbfaef262f175ac9c40e47b134573a93984f009220dd7cc12a1744";

/// YAMNet's `params.py`: `batchnorm_epsilon`.
const EPSILON: f64 = 1e-4;
/// Channels after `layer1`.
const FIRST_CHANNELS: usize = 32;
/// `layer2` to `layer14`, as (stride, channels): YAMNet's `_YAMNET_LAYER_DEFS`.
const SEPARABLE: [(usize, usize); 13] = [
    (1, 64),
    (2, 128),
    (1, 128),
    (2, 256),
    (1, 256),
    (2, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (2, 1024),
    (1, EMBEDDING),
];
/// Names of the last layer: in the published file's code, and in later code.
const HEADS: [&str; 2] = ["logits", "dense"];

/// Converts YAMNet's Keras weights file to the bytes of an ONNX model with the input `patches [batch, 96, 64]` (natural-log
/// mel energies, frame-major) and the outputs `embeddings [batch, 1024]` and `scores [batch, 521]`.
///
/// Batch normalisation is folded into the convolutions. The same file gives the same bytes. Source of the network: Google's
/// `yamnet.py` in tensorflow/models, research/audioset.
///
/// # Errors
/// [`EmbedError::Read`], [`EmbedError::WeightsTooLarge`] or [`EmbedError::NotHdf5`] for the file;
/// [`EmbedError::WeightsUnreadable`] or [`EmbedError::WeightsUnfit`] for the first array that is not what YAMNet needs.
pub fn convert_yamnet(h5: &Path) -> Result<Vec<u8>, EmbedError> {
    let weights = KerasWeights::open(h5)?;
    let mut graph = GraphBuilder::new("yamnet", "YAMNet (Google, Apache-2.0), batch normalisation folded.");
    let patches = graph.input("patches", &[PATCH_FRAMES, MEL_BANDS]);
    let image = graph.unsqueeze(&patches, &[1]);
    let first = Layer { name: "layer1/conv", kernel: "kernel", shape: [3, 3, 1, FIRST_CHANNELS], stride: 2 };
    let mut x = first.add(&mut graph, &weights, &image)?;
    let mut channels = FIRST_CHANNELS;
    for (number, (stride, outputs)) in (2..).zip(SEPARABLE) {
        let name = &format!("layer{number}/depthwise_conv");
        let depthwise = Layer { name, kernel: "depthwise_kernel", shape: [3, 3, channels, 1], stride };
        x = depthwise.add(&mut graph, &weights, &x)?;
        let name = &format!("layer{number}/pointwise_conv");
        let pointwise = Layer { name, kernel: "kernel", shape: [1, 1, channels, outputs], stride: 1 };
        x = pointwise.add(&mut graph, &weights, &x)?;
        channels = outputs;
    }
    let pooled = graph.global_average_pool(&x);
    let embeddings = graph.flatten(&pooled);

    let head = HEADS.into_iter().find(|head| weights.has_layer(head)).unwrap_or(HEADS[0]);
    let kernel = weights.array(head, "kernel", &[EMBEDDING, CLASSES])?;
    let bias = weights.array(head, "bias", &[CLASSES])?;
    let kernel = graph.constant_from_fn("scores_weights", &[EMBEDDING, CLASSES], |i| kernel[i]);
    let bias = graph.constant_from_fn("scores_bias", &[CLASSES], |i| bias[i]);
    let logits = graph.gemm(&embeddings, &kernel, &bias);
    let scores = graph.sigmoid(&logits);

    graph.output("embeddings", &embeddings, &[EMBEDDING]);
    graph.output("scores", &scores, &[CLASSES]);
    Ok(graph.finish())
}

/// A convolution, its batch normalisation and ReLU.
struct Layer<'a> {
    /// Keras's name of it.
    name: &'a str,
    /// Name of the kernel: `depthwise_kernel` for a depthwise convolution.
    kernel: &'a str,
    /// The kernel's shape: height, width, inputs, and outputs per input or in all.
    shape: [usize; 4],
    stride: usize,
}

impl Layer<'_> {
    fn add(&self, graph: &mut GraphBuilder, weights: &KerasWeights, x: &Value) -> Result<Value, EmbedError> {
        let depthwise = self.kernel == "depthwise_kernel";
        let [height, width, inputs, outputs] = self.shape;
        // Row-major `[height, width, channels, 1]` lies in memory as `[height, width, 1, channels]` does.
        let (inputs, outputs, group) = if depthwise { (1, inputs, inputs) } else { (inputs, outputs, 1) };
        let kernel = weights.array(self.name, self.kernel, &self.shape)?;
        let normalisation = format!("{}/bn", self.name);
        let beta = weights.array(&normalisation, "beta", &[outputs])?;
        let mean = weights.array(&normalisation, "moving_mean", &[outputs])?;
        let variance = weights.array(&normalisation, "moving_variance", &[outputs])?;
        if variance.iter().any(|&variance| variance < 0.0) {
            return Err(weights.unfit(
                &normalisation,
                "moving_variance",
                "holds a variance below 0".to_owned(),
            ));
        }
        // y = (conv(x) − mean) / √(variance + ε) + beta; there is no gamma.
        let scale: Vec<f64> = variance.iter().map(|&v| (f64::from(v) + EPSILON).sqrt().recip()).collect();
        let area = height * width;
        let folded = graph.constant_from_fn(
            &format!("{}/weights", self.name),
            &[outputs, inputs, height, width],
            |i| {
                let (output, input, place) = (i / (inputs * area), i / area % inputs, i % area);
                (f64::from(kernel[(place * inputs + input) * outputs + output]) * scale[output]) as f32
            },
        );
        let bias = graph.constant_from_fn(&format!("{}/bias", self.name), &[outputs], |output| {
            (f64::from(beta[output]) - f64::from(mean[output]) * scale[output]) as f32
        });
        let conv = Conv {
            kernel: [height, width],
            strides: [self.stride; 2],
            pads: same_pads(height, self.stride),
            group,
        };
        let y = graph.conv(x, &folded, &bias, conv);
        Ok(graph.relu(&y))
    }
}

/// TensorFlow's SAME for sizes that the stride divides: `kernel − stride` zeros an axis, the odd one at its end.
fn same_pads(kernel: usize, stride: usize) -> [usize; 4] {
    let all = kernel.saturating_sub(stride);
    let (before, after) = (all / 2, all - all / 2);
    [before, before, after, after]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_tensorflows() {
        assert_eq!(same_pads(3, 2), [0, 0, 1, 1]);
        assert_eq!(same_pads(3, 1), [1, 1, 1, 1]);
        assert_eq!(same_pads(1, 1), [0, 0, 0, 0]);
    }
}
