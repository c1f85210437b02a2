//! Keras weights with the first layers of YAMNet: the reader goes through them and stops at the first that is missing.

use anyhow::{Context, Result};
use hdf5_pure::{AttrValue, FileBuilder, GroupBuilder, LibVer};

use crate::Seed;

/// Layers, their kernels, and the kernels' shapes and outputs: `layer1` and `layer2` of YAMNet.
const LAYERS: [(&str, &str, [u64; 4], u64); 3] = [
    ("layer1/conv", "kernel", [3, 3, 1, 32], 32),
    ("layer2/depthwise_conv", "depthwise_kernel", [3, 3, 32, 1], 32),
    ("layer2/pointwise_conv", "kernel", [1, 1, 32, 64], 64),
];

/// How a file is laid out.
#[derive(Clone, Copy)]
struct Layout {
    layers: usize,
    /// Whether each layer lists its weights in an attribute, as Keras writes.
    listed: bool,
    /// Whether the layers stand below the group of a whole model.
    whole_model: bool,
    /// Whether arrays are cut into chunks.
    chunked: bool,
    newest: LibVer,
}

pub(crate) fn weights() -> Result<Vec<Seed>> {
    let plain =
        Layout { layers: 1, listed: true, whole_model: false, chunked: false, newest: LibVer::LATEST };
    let layouts = [
        ("one-layer", plain),
        ("two-layers", Layout { layers: 3, ..plain }),
        ("unlisted", Layout { listed: false, ..plain }),
        ("whole-model", Layout { whole_model: true, ..plain }),
        ("chunked", Layout { chunked: true, ..plain }),
        ("older", Layout { newest: LibVer::V18, ..plain }),
    ];
    let mut seeds = Vec::new();
    for (name, layout) in layouts {
        seeds.push(Seed::new(name, layout.file().with_context(|| format!("cannot write the seed {name}"))?));
    }
    Ok(seeds)
}

impl Layout {
    fn file(self) -> Result<Vec<u8>> {
        let mut file = FileBuilder::new();
        file.with_libver_bounds(LibVer::Earliest, self.newest);
        if self.whole_model {
            let mut model = file.create_group("model_weights");
            for group in self.groups(|name| model.create_group(name)) {
                model.add_group(group.finish());
            }
            file.add_group(model.finish());
        } else {
            for group in self.groups(|name| file.create_group(name)) {
                file.add_group(group.finish());
            }
        }
        Ok(file.finish()?)
    }

    /// The groups `layer1`, `layer2`…, each with its layers below it.
    fn groups(self, mut create: impl FnMut(&str) -> GroupBuilder) -> Vec<GroupBuilder> {
        let mut groups: Vec<(&str, GroupBuilder)> = Vec::new();
        for (path, kernel, shape, outputs) in LAYERS.into_iter().take(self.layers) {
            let (outer, inner) = path.split_once('/').unwrap_or((path, ""));
            if groups.last().is_none_or(|(name, _)| *name != outer) {
                groups.push((outer, create(outer)));
            }
            let Some((_, group)) = groups.last_mut() else { continue };
            let mut layer = group.create_group(inner);
            let norms = [("beta", 0.1), ("moving_mean", 0.0), ("moving_variance", 1.0)];
            let mut bn = layer.create_group("bn");
            self.fill(
                &mut bn,
                &format!("{path}/bn"),
                &norms.map(|(name, value)| (name, vec![outputs], value)),
            );
            layer.add_group(bn.finish());
            self.fill(&mut layer, path, &[(kernel, shape.to_vec(), 0.5)]);
            group.add_group(layer.finish());
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// Puts arrays at `path/name:0` below a layer's group, and their list in its attribute.
    fn fill(self, layer: &mut GroupBuilder, path: &str, arrays: &[(&str, Vec<u64>, f32)]) {
        if self.listed {
            let names = arrays.iter().map(|(name, ..)| format!("{path}/{name}:0")).collect();
            layer.set_attr("weight_names", AttrValue::AsciiStringArray(names));
        }
        nest(layer, path, |inner| {
            for (name, shape, value) in arrays {
                let values = vec![*value; shape.iter().product::<u64>() as usize];
                let array =
                    inner.create_dataset(&format!("{name}:0")).with_f32_data(&values).with_shape(shape);
                if self.chunked {
                    array.with_chunks(shape);
                }
            }
        });
    }
}

/// Runs `work` on the group at `path` below `group`.
fn nest(group: &mut GroupBuilder, path: &str, work: impl FnOnce(&mut GroupBuilder)) {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let mut inner = group.create_group(first);
    match rest {
        Some(rest) => nest(&mut inner, rest, work),
        None => work(&mut inner),
    }
    group.add_group(inner.finish());
}

#[cfg(test)]
mod tests {
    use scatter_embed::convert_yamnet;

    use super::*;

    #[test]
    fn a_seed_is_read_up_to_the_layer_that_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seed.h5");
        for seed in weights().unwrap() {
            std::fs::write(&path, &seed.bytes).unwrap();
            let error = convert_yamnet(&path).unwrap_err().to_string();
            let missing =
                if seed.name == "two-layers" { "layer3/depthwise_conv" } else { "layer2/depthwise_conv" };
            assert!(error.contains(&format!("{missing}/depthwise_kernel")), "{}: {error}", seed.name);
        }
    }
}
