//! rten: no library to look for, a fifth of the speed.

use std::sync::Arc;

use rten::{
    DataType, Dimension, Model as Graph, NodeId, NodeInfo, RunOptions, ThreadPool, Value, ValueOrView,
    ValueType, ValueView,
};
use rten_tensor::TensorView;
use rten_tensor::prelude::*;

use super::{Backend, BackendError, Loaded, Outlet, OutletKind, Request, Tensor};
use crate::Model;

struct Rten {
    model: Graph,
    threads: Arc<ThreadPool>,
}

/// Loads `model` to run on `threads` threads.
pub fn load(model: &Model, threads: usize) -> Result<Loaded, BackendError> {
    let model = match model {
        Model::File(file) => Graph::load(std::fs::read(&file.path)?)?,
        Model::Mini => Graph::load_static_slice(crate::mini::MODEL)?,
    };
    let outlets =
        |ids: &[NodeId]| ids.iter().filter_map(|&id| model.node_info(id)).map(|node| outlet(&node)).collect();
    let (inputs, outputs) = (outlets(model.input_ids()), outlets(model.output_ids()));
    let threads = Arc::new(ThreadPool::with_num_threads(threads));
    Ok(Loaded { backend: Box::new(Rten { model, threads }), inputs, outputs })
}

impl Backend for Rten {
    fn run(&mut self, request: Request<'_>) -> Result<Vec<Tensor>, BackendError> {
        let Request { input, shape, values, outputs } = request;
        let given = ValueOrView::View(ValueView::from(TensorView::<f32>::try_from_data(shape, values)?));
        let wanted =
            outputs.iter().map(|name| self.model.node_id(name)).collect::<Result<Vec<NodeId>, _>>()?;
        let mut options = RunOptions::default();
        options.thread_pool = Some(Arc::clone(&self.threads));
        let found = self.model.run(vec![(self.model.node_id(input)?, given)], &wanted, Some(options))?;
        found.into_iter().zip(outputs).map(|(value, name)| tensor(value, name)).collect()
    }
}

fn tensor(value: Value, name: &str) -> Result<Tensor, BackendError> {
    match value {
        Value::FloatTensor(tensor) => {
            Ok(Tensor { shape: tensor.shape().to_vec(), values: tensor.into_data().into_iter().collect() })
        }
        other => Err(format!("its output `{name}` came as {:?}", other.dtype()).into()),
    }
}

fn outlet(node: &NodeInfo<'_>) -> Outlet {
    let axes = |shape: Vec<Dimension>| {
        shape.into_iter().map(|axis| match axis {
            Dimension::Fixed(length) => i64::try_from(length).unwrap_or(i64::MAX),
            Dimension::Symbolic(_) => -1,
        })
    };
    let kind = match (node.dtype(), node.shape()) {
        (Some(ValueType::Tensor(DataType::Float)), Some(shape)) => OutletKind::Float32(axes(shape).collect()),
        (kind, shape) => OutletKind::Other(format!("{kind:?} {shape:?}")),
    };
    Outlet { name: node.name().unwrap_or_default().to_owned(), kind }
}
