//! Each operator of the ONNX writer, run by ONNX Runtime and compared with plain loops.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use ndarray::{Array2, Array4};
use ort::session::Session;
use ort::value::TensorRef;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use scatter_embed::find_runtime;
use scatter_embed::onnx::{Conv, GraphBuilder, Pool};

/// Numbers without pattern, between −1 and 1.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// Cross-correlation by its definition, with zeros around the image.
fn naive_conv(x: &Array4<f32>, weights: &Array4<f32>, bias: &[f32], conv: Conv) -> Array4<f32> {
    let (n, channels, height, width) = x.dim();
    let (outputs, per_group, kernel_height, kernel_width) = weights.dim();
    let [top, left, bottom, right] = conv.pads;
    let size =
        |length: usize, pads: usize, kernel: usize, stride: usize| (length + pads - kernel) / stride + 1;
    let out_height = size(height, top + bottom, kernel_height, conv.strides[0]);
    let out_width = size(width, left + right, kernel_width, conv.strides[1]);
    Array4::from_shape_fn((n, outputs, out_height, out_width), |(image, output, row, column)| {
        let first_channel = output / (outputs / conv.group) * (channels / conv.group);
        let mut sum = bias[output];
        for channel in 0..per_group {
            for dy in 0..kernel_height {
                for dx in 0..kernel_width {
                    let y = (row * conv.strides[0] + dy).wrapping_sub(top);
                    let x_place = (column * conv.strides[1] + dx).wrapping_sub(left);
                    let pixel = x.get((image, first_channel + channel, y, x_place)).copied().unwrap_or(0.0);
                    sum += weights[[output, channel, dy, dx]] * pixel;
                }
            }
        }
        sum
    })
}

struct Runtime(ort::environment::Environment);

impl Runtime {
    fn run(&self, model: &[u8], x: &Array2<f32>) -> Vec<f32> {
        let mut session = Session::builder(&self.0).unwrap().commit_from_memory(model).unwrap();
        let outputs = session.run(ort::inputs!["x" => TensorRef::from_array_view(x).unwrap()]).unwrap();
        outputs["y"].try_extract_array::<f32>().unwrap().iter().copied().collect()
    }
}

fn assert_close(found: &[f32], expected: impl IntoIterator<Item = f32>) {
    let expected: Vec<f32> = expected.into_iter().collect();
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-4, "value {i}: {found} against {expected}");
    }
}

#[test]
fn every_operator_computes_what_its_definition_says() {
    let found = match find_runtime(None) {
        Ok(runtime) => runtime,
        Err(error) => {
            println!("skipped: every_operator_computes_what_its_definition_says: {error}");
            return;
        }
    };
    let runtime = Runtime(ort::init_from(found.library().unwrap()).unwrap().build().unwrap());
    convolutions(&runtime);
    pools_and_layers(&runtime);
}

fn convolutions(runtime: &Runtime) {
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let pads = prop::array::uniform4(0..2_usize);
    let strategy = (
        1..3_usize,
        prop::array::uniform2(1..4_usize),
        prop::array::uniform2(1..3_usize),
        pads,
        1..4_usize,
        any::<u32>(),
    );
    runner
        .run(&strategy, |(depth, kernel, strides, pads, group, seed)| {
            let (height, width, channels, outputs) = (7, 6, depth * group, 2 * group);
            let conv = Conv { kernel, strides, pads, group };
            let x = Array4::from_shape_vec(
                (2, channels, height, width),
                numbers(2 * channels * height * width, seed),
            )
            .unwrap();
            let shape = [outputs, depth, kernel[0], kernel[1]];
            let weights = Array4::from_shape_vec(shape, numbers(shape.iter().product(), seed ^ 1)).unwrap();
            let bias = numbers(outputs, seed ^ 2);
            let expected = naive_conv(&x, &weights, &bias, conv);

            let mut graph = GraphBuilder::new("conv", "");
            let flat = graph.input("x", &[channels * height * width]);
            let image = graph.reshape(&flat, &[-1, channels as i64, height as i64, width as i64]);
            let weights = graph.constant("weights", &shape, weights.as_slice().unwrap()).unwrap();
            let bias = graph.constant("bias", &[outputs], &bias).unwrap();
            let y = graph.conv(&image, &weights, &bias, conv);
            let y = graph.flatten(&y);
            graph.output("y", &y, &[expected.len() / 2]);
            let x = x.to_shape((2, channels * height * width)).unwrap().to_owned();
            assert_close(&runtime.run(&graph.finish(), &x), expected);
            Ok(())
        })
        .unwrap();
}

fn pools_and_layers(runtime: &Runtime) {
    let (height, width) = (6, 4);
    let x = Array2::from_shape_vec((3, height * width), numbers(3 * height * width, 5)).unwrap();
    let pixel = |image: usize, row: usize, column: usize| x[[image, row * width + column]];
    let windows = |fold: &dyn Fn(&[f32]) -> f32| {
        let mut out = Vec::new();
        for image in 0..3 {
            for row in (0..height - 2).step_by(2) {
                for column in 0..width - 1 {
                    let window: Vec<f32> = (0..3)
                        .flat_map(|y| (0..2).map(move |x| (y, x)))
                        .map(|(y, x)| pixel(image, row + y, column + x))
                        .collect();
                    out.push(fold(&window));
                }
            }
        }
        out
    };
    let pool = Pool { kernel: [3, 2], strides: [2, 1] };
    let mean = windows(&|window| window.iter().sum::<f32>() / 6.0);
    let maximum = windows(&|window| window.iter().copied().fold(f32::MIN, f32::max));
    let whole: Vec<f32> = x.rows().into_iter().map(|row| row.sum() / 24.0).collect();
    let (weights, bias) = (numbers(13 * 2, 6), numbers(2, 7));
    let expected = (0..3).flat_map(|image| {
        let features: Vec<f32> = mean[image * 6..][..6]
            .iter()
            .chain(&maximum[image * 6..][..6])
            .chain([&whole[image]])
            .copied()
            .collect();
        let (weights, bias) = (&weights, &bias);
        (0..2)
            .map(move |output| {
                let sum: f32 = features
                    .iter()
                    .enumerate()
                    .map(|(i, feature)| feature.max(0.0) * weights[i * 2 + output])
                    .sum();
                1.0 / (1.0 + (-(sum + bias[output])).exp())
            })
            .collect::<Vec<_>>()
    });

    let mut graph = GraphBuilder::new("layers", "");
    let flat = graph.input("x", &[height * width]);
    let rows = graph.reshape(&flat, &[0, height as i64, width as i64]);
    let image = graph.unsqueeze(&rows, &[1]);
    let mean = graph.average_pool(&image, pool);
    let maximum = graph.max_pool(&image, pool);
    let whole = graph.global_average_pool(&image);
    let parts = [&mean, &maximum, &whole].map(|part| graph.flatten(part));
    let features = graph.concat(&[&parts[0], &parts[1], &parts[2]], 1);
    let features = graph.relu(&features);
    let weights = graph.constant("weights", &[13, 2], &weights).unwrap();
    let bias = graph.constant("weights", &[2], &bias).unwrap();
    let y = graph.gemm(&features, &weights, &bias);
    let y = graph.sigmoid(&y);
    graph.output("y", &y, &[2]);
    assert_close(&runtime.run(&graph.finish(), &x), expected);
}

#[test]
fn constants_must_fill_their_shape() {
    let mut graph = GraphBuilder::new("constants", "");
    let short = graph.constant("w", &[2, 3], &[0.0; 5]).unwrap_err();
    assert_eq!(short.to_string(), "the constant `w` has 5 values, but its shape [2, 3] needs 6");
}
