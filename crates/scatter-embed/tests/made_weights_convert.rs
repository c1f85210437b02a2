//! Weights of any numbers become the network that they describe, whichever way Keras names them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod made_weights;

use ndarray::{Array3, Axis};
use scatter_embed::{Embedder, MEL_BANDS, ModelFile, ModelSpec, PATCH_FRAMES, convert_yamnet, find_runtime};

use made_weights::{Layout, PUBLISHED, SEPARABLE, Weights, made, write};

/// `[height, width, channels]`, row-major.
struct Image {
    height: usize,
    width: usize,
    channels: usize,
    values: Vec<f64>,
}

/// YAMNet as its definition says it: convolution with zeros around, normalisation, ReLU; nothing folded, in f64.
fn by_definition(weights: &Weights, patch: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let values = patch.iter().map(|&value| f64::from(value)).collect();
    let mut image = Image { height: PATCH_FRAMES, width: MEL_BANDS, channels: 1, values };
    image = layer(weights, "layer1/conv", &image, 2);
    for (number, (stride, _)) in (2..).zip(SEPARABLE) {
        image = layer(weights, &format!("layer{number}/depthwise_conv"), &image, stride);
        image = layer(weights, &format!("layer{number}/pointwise_conv"), &image, 1);
    }
    let places = (image.height * image.width) as f64;
    let embedding: Vec<f64> = (0..image.channels)
        .map(|channel| image.values.iter().skip(channel).step_by(image.channels).sum::<f64>() / places)
        .collect();
    let (kernel, bias) = (&weights["logits"]["kernel"].values, &weights["logits"]["bias"].values);
    let scores = (0..bias.len()).map(|class| {
        let weighted =
            embedding.iter().enumerate().map(|(i, x)| x * f64::from(kernel[i * bias.len() + class]));
        1.0 / (1.0 + (-(weighted.sum::<f64>() + f64::from(bias[class]))).exp())
    });
    let scores = scores.collect();
    (embedding, scores)
}

fn layer(weights: &Weights, name: &str, x: &Image, stride: usize) -> Image {
    let depthwise = name.contains("depthwise");
    let kernel = &weights[name][if depthwise { "depthwise_kernel" } else { "kernel" }];
    let size = kernel.shape[0];
    let channels = if depthwise { x.channels } else { kernel.shape[3] };
    let (height, width) = (x.height.div_ceil(stride), x.width.div_ceil(stride));
    // TensorFlow's SAME: as many zeros as the last window lacks, the odd one at the end.
    let before = |length: usize, outputs: usize| ((outputs - 1) * stride + size).saturating_sub(length) / 2;
    let (top, left) = (before(x.height, height), before(x.width, width));
    let normalisation = &weights[&format!("{name}/bn")];
    let of = |weight: &str, channel: usize| f64::from(normalisation[weight].values[channel]);
    let mut values = vec![0.0; height * width * channels];
    for (place, out) in values.chunks_mut(channels).enumerate() {
        let (row, column) = (place / width, place % width);
        for (tap, weights) in kernel.values.chunks(kernel.shape[2] * kernel.shape[3]).enumerate() {
            let (y, z) = (row * stride + tap / size, column * stride + tap % size);
            if !(top..top + x.height).contains(&y) || !(left..left + x.width).contains(&z) {
                continue;
            }
            let from = ((y - top) * x.width + z - left) * x.channels;
            for (input, value) in x.values[from..from + x.channels].iter().enumerate() {
                if depthwise {
                    out[input] += value * f64::from(weights[input]);
                } else {
                    for (to, &weight) in out.iter_mut().zip(&weights[input * channels..]) {
                        *to += value * f64::from(weight);
                    }
                }
            }
        }
        for (channel, y) in out.iter_mut().enumerate() {
            let deviation = (of("moving_variance", channel) + 1e-4).sqrt();
            *y = ((*y - of("moving_mean", channel)) / deviation + of("beta", channel)).max(0.0);
        }
    }
    Image { height, width, channels, values }
}

#[test]
fn any_weights_become_the_network_of_yamnets_definition() {
    const TEST: &str = "any_weights_become_the_network_of_yamnets_definition";
    let runtime = match find_runtime(None) {
        Ok(path) => path,
        Err(error) => return println!("skipped: {TEST}: {error}"),
    };
    let folder = tempfile::tempdir().unwrap();
    let (h5, onnx) = (folder.path().join("yamnet.h5"), folder.path().join("yamnet.onnx"));
    let weights = made(5);
    write(&h5, &weights, PUBLISHED);
    std::fs::write(&onnx, convert_yamnet(&h5).unwrap()).unwrap();
    // A slope and a wave, so that no axis and no end of one looks like another.
    let patches = Array3::from_shape_fn((2, PATCH_FRAMES, MEL_BANDS), |(patch, frame, band)| {
        (0.03 * band as f32 - 0.02 * frame as f32) + ((patch + 1) as f32 * 0.3 * frame as f32).sin()
    });
    let model = ModelFile::identify(&onnx).unwrap();
    let found =
        Embedder::load(&runtime, &model, &ModelSpec::yamnet(), 1).unwrap().embed(patches.view()).unwrap();
    for (patch, values) in patches.axis_iter(Axis(0)).enumerate() {
        let (embedding, scores) = by_definition(&weights, &values.iter().copied().collect::<Vec<_>>());
        let largest = embedding.iter().copied().fold(0.0, f64::max);
        assert!(largest > 0.1 && largest < 100.0, "the made network is dead or blown up: {largest}");
        let off = |found: f32, wanted: f64| (f64::from(found) - wanted).abs();
        for (found, wanted) in found.embeddings.row(patch).iter().zip(&embedding) {
            assert!(off(*found, *wanted) < 1e-4 * largest, "embedding: {found}, not {wanted}");
        }
        for (found, wanted) in found.scores.row(patch).iter().zip(&scores) {
            assert!(off(*found, *wanted) < 1e-4, "score: {found}, not {wanted}");
        }
    }
}

#[test]
fn every_way_in_which_keras_names_the_weights_gives_the_same_model() {
    let folder = tempfile::tempdir().unwrap();
    let h5 = folder.path().join("yamnet.h5");
    let weights = made(6);
    let convert = |layout| {
        write(&h5, &weights, layout);
        convert_yamnet(&h5).unwrap()
    };
    let published = convert(PUBLISHED);
    for (what, layout) in [
        ("newer code's head", Layout { head: "dense", ..PUBLISHED }),
        ("no list of weights", Layout { listed: false, ..PUBLISHED }),
        ("a whole model", Layout { root: "model_weights/", ..PUBLISHED }),
        ("a second copy of the layers", Layout { scope: "_1", ..PUBLISHED }),
    ] {
        assert!(convert(layout) == published, "{what}");
    }
    write(&h5, &weights, Layout { head: "classifier", ..PUBLISHED });
    let error = convert_yamnet(&h5).unwrap_err().to_string();
    assert!(error.contains("logits") && error.contains("yamnet.h5"), "{error}");
}
