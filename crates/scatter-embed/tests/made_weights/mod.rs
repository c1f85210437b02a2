//! Weights with YAMNet's shapes, made of numbers without pattern, in files laid out as Keras lays them out.
//!
//! The layout is that of Google's published file, as w-hc/torch_audioset reads it by path
//! (`layer1/conv/bn/layer1/conv/bn/beta:0`, head `logits`), and asserts that it holds nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use hdf5_pure::{AttrValue, FileBuilder, GroupBuilder};

/// `layer2` to `layer14`, as (stride, channels).
pub const SEPARABLE: [(usize, usize); 13] = [
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
    (1, 1024),
];

/// An array with its shape, row-major.
pub struct Made {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// All arrays by layer, then by weight.
pub type Weights = BTreeMap<String, BTreeMap<&'static str, Made>>;

/// How a file names what it holds.
#[derive(Clone, Copy)]
pub struct Layout {
    /// Groups before those of the layers.
    pub root: &'static str,
    /// Name of the last layer.
    pub head: &'static str,
    /// Whether each layer lists its weights in an attribute.
    pub listed: bool,
    /// What follows a layer's name in the paths of its weights.
    pub scope: &'static str,
}

/// The layout of the file that Google publishes.
pub const PUBLISHED: Layout = Layout { root: "", head: "logits", listed: true, scope: "" };

/// The same numbers for the same seed.
pub fn made(seed: u64) -> Weights {
    let mut state = seed;
    let mut number = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1_u32 << 23) as f32) - 1.0
    };
    let mut fill = |shape: &[usize], centre: f32, reach: f32| {
        let values = (0..shape.iter().product()).map(|_| centre + reach * number()).collect();
        Made { shape: shape.to_vec(), values }
    };
    let mut weights = Weights::new();
    let mut layer = |name: String, kernel: &'static str, shape: [usize; 4], channels: usize| {
        let inputs: usize = if kernel == "depthwise_kernel" { 9 } else { shape[..3].iter().product() };
        // Of this size, the layer's results are about as large as what it is given.
        let reach = (6.0 / inputs as f32).sqrt();
        weights.insert(
            format!("{name}/bn"),
            [
                ("beta", fill(&[channels], 0.05, 0.2)),
                ("moving_mean", fill(&[channels], 0.0, 0.2)),
                ("moving_variance", fill(&[channels], 1.0, 0.5)),
            ]
            .into(),
        );
        weights.insert(name, [(kernel, fill(&shape, 0.0, reach))].into());
    };
    layer("layer1/conv".to_owned(), "kernel", [3, 3, 1, 32], 32);
    let mut channels = 32;
    for (number, (_, outputs)) in (2..).zip(SEPARABLE) {
        layer(format!("layer{number}/depthwise_conv"), "depthwise_kernel", [3, 3, channels, 1], channels);
        layer(format!("layer{number}/pointwise_conv"), "kernel", [1, 1, channels, outputs], outputs);
        channels = outputs;
    }
    let head = [("kernel", fill(&[1024, 521], 0.0, 0.05)), ("bias", fill(&[521], -2.0, 1.0))];
    weights.insert("logits".to_owned(), head.into());
    weights
}

/// Writes the weights to an HDF5 file.
pub fn write(path: &Path, weights: &Weights, layout: Layout) {
    let mut root = Group::default();
    for (layer, arrays) in weights {
        let layer = if layer == "logits" { layout.head } else { layer };
        let group = format!("{}{layer}", layout.root);
        let below = |name: &str| format!("{layer}{}/{name}:0", layout.scope);
        for (name, array) in arrays {
            root.put(&format!("{group}/{}", below(name)), array);
        }
        if layout.listed {
            root.at(&group).names = arrays.keys().map(|name| below(name)).collect();
        }
    }
    let mut file = FileBuilder::new();
    for (name, group) in root.groups {
        let mut builder = file.create_group(&name);
        group.fill(&mut builder);
        file.add_group(builder.finish());
    }
    file.write(path).unwrap();
}

#[derive(Default)]
struct Group<'a> {
    groups: BTreeMap<String, Self>,
    arrays: BTreeMap<String, &'a Made>,
    names: Vec<String>,
}

impl<'a> Group<'a> {
    fn at(&mut self, path: &str) -> &mut Self {
        path.split('/').fold(self, |group, name| group.groups.entry(name.to_owned()).or_default())
    }

    fn put(&mut self, path: &str, array: &'a Made) {
        let (group, name) = path.rsplit_once('/').unwrap();
        self.at(group).arrays.insert(name.to_owned(), array);
    }

    fn fill(self, builder: &mut GroupBuilder) {
        if !self.names.is_empty() {
            builder.set_attr("weight_names", AttrValue::AsciiStringArray(self.names));
        }
        for (name, array) in self.arrays {
            let shape: Vec<u64> = array.shape.iter().map(|&axis| axis as u64).collect();
            builder.create_dataset(&name).with_f32_data(&array.values).with_shape(&shape);
        }
        for (name, group) in self.groups {
            let mut below = builder.create_group(&name);
            group.fill(&mut below);
            builder.add_group(below.finish());
        }
    }
}
