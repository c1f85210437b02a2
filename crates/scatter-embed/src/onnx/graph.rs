//! A network, put together operator by operator.

use prost::Message;

use super::proto::{
    Attribute, AttributeType, DataType, Dimension, DimensionValue, Graph, Model, Node, OperatorSet, Tensor,
    TensorShape, TensorType, Type, ValueInfo,
};

/// Operator set 17 came with ONNX 1.12, whose files have IR version 8.
const OPERATOR_SET: i64 = 17;
const IR_VERSION: i64 = 8;
/// Name of the first axis of every input and output, whose length is open.
const BATCH_SYMBOL: &str = "batch";

/// Why a network could not be built.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnnxError {
    /// A constant's data do not fill its shape.
    #[error("the constant `{name}` has {found} values, but its shape {shape:?} needs {needed}")]
    ConstantSize {
        /// Name of the constant.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// Values given.
        found: usize,
        /// Values that the shape needs.
        needed: usize,
    },
}

/// A tensor in the network: an input, a constant or an operator's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

/// Geometry of a 2-D convolution; axes in the order height, width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    /// Kernel size.
    pub kernel: [usize; 2],
    /// Steps between outputs.
    pub strides: [usize; 2],
    /// Zeros added: top, left, bottom, right. TensorFlow's SAME is `[0, 0, 1, 1]` for stride 2 and `[1, 1, 1, 1]` for
    /// stride 1 with a 3×3 kernel and even sizes.
    pub pads: [usize; 4],
    /// Number of groups; the number of channels makes a depthwise convolution.
    pub group: usize,
}

/// Geometry of a 2-D pooling without padding; axes in the order height, width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Window size.
    pub kernel: [usize; 2],
    /// Steps between outputs.
    pub strides: [usize; 2],
}

/// The first axis of every input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchAxis {
    /// Of any length.
    Open,
    /// Of length 1.
    One,
    /// None: inputs and outputs begin with what follows it.
    Absent,
}

/// Puts a network together. Every tensor is float32; inputs and outputs have an open first axis `batch`, unless
/// [`GraphBuilder::with_batch`] says otherwise.
pub struct GraphBuilder {
    graph: Graph,
    batch: BatchAxis,
    results: usize,
}

impl GraphBuilder {
    /// An empty network with a name and a sentence on what it is.
    #[must_use]
    pub fn new(name: &str, description: &str) -> Self {
        let graph = Graph { name: name.to_owned(), doc_string: description.to_owned(), ..Graph::default() };
        Self { graph, batch: BatchAxis::Open, results: 0 }
    }

    /// The same with another first axis of the inputs and outputs that follow.
    #[must_use]
    pub fn with_batch(mut self, batch: BatchAxis) -> Self {
        self.batch = batch;
        self
    }

    /// Adds the input `name` of shape `[batch, …shape]`.
    pub fn input(&mut self, name: &str, shape: &[usize]) -> Value {
        self.graph.input.push(value_info(name, self.batch, shape));
        Value(name.to_owned())
    }

    /// Adds a constant of `shape`, row-major. A `name` already taken gets a number behind it.
    ///
    /// # Errors
    /// [`OnnxError::ConstantSize`] when `values` do not fill `shape`.
    pub fn constant(&mut self, name: &str, shape: &[usize], values: &[f32]) -> Result<Value, OnnxError> {
        let needed: usize = shape.iter().product();
        if needed != values.len() {
            let (name, shape, found) = (name.to_owned(), shape.to_vec(), values.len());
            return Err(OnnxError::ConstantSize { name, shape, found, needed });
        }
        let mut values = values.iter();
        Ok(self.constant_from_fn(name, shape, |_| values.next().copied().unwrap_or_default()))
    }

    /// Adds a constant of `shape` whose values, in row-major order, `value` gives for 0, 1, 2, …
    pub fn constant_from_fn(
        &mut self,
        name: &str,
        shape: &[usize],
        value: impl FnMut(usize) -> f32,
    ) -> Value {
        let raw = (0..shape.iter().product()).map(value).flat_map(f32::to_le_bytes).collect();
        self.initializer(name, shape, DataType::Float, raw)
    }

    /// Inserts axes of length 1 so that they stand at the places `axes` of the result.
    pub fn unsqueeze(&mut self, x: &Value, axes: &[i64]) -> Value {
        let axes = self.integers("axes", axes);
        self.node("Unsqueeze", &[x, &axes], Vec::new())
    }

    /// Gives `x` another shape; −1 stands for what is left over, 0 for the axis as it is.
    pub fn reshape(&mut self, x: &Value, shape: &[i64]) -> Value {
        let shape = self.integers("shape", shape);
        self.node("Reshape", &[x, &shape], Vec::new())
    }

    /// 2-D convolution (cross-correlation) of `x` `[batch, channels, height, width]` with `weights` `[outputs, channels /
    /// group, kernel height, kernel width]` and `bias` `[outputs]`.
    pub fn conv(&mut self, x: &Value, weights: &Value, bias: &Value, conv: Conv) -> Value {
        let attributes = vec![
            ints("kernel_shape", &conv.kernel),
            ints("strides", &conv.strides),
            ints("pads", &conv.pads),
            int("group", conv.group),
        ];
        self.node("Conv", &[x, weights, bias], attributes)
    }

    /// `max(x, 0)`.
    pub fn relu(&mut self, x: &Value) -> Value {
        self.node("Relu", &[x], Vec::new())
    }

    /// `1 / (1 + exp(−x))`.
    pub fn sigmoid(&mut self, x: &Value) -> Value {
        self.node("Sigmoid", &[x], Vec::new())
    }

    /// Mean over height and width, `[batch, channels, 1, 1]`.
    pub fn global_average_pool(&mut self, x: &Value) -> Value {
        self.node("GlobalAveragePool", &[x], Vec::new())
    }

    /// Mean of each window.
    pub fn average_pool(&mut self, x: &Value, pool: Pool) -> Value {
        self.node("AveragePool", &[x], pool_attributes(pool))
    }

    /// Maximum of each window.
    pub fn max_pool(&mut self, x: &Value, pool: Pool) -> Value {
        self.node("MaxPool", &[x], pool_attributes(pool))
    }

    /// Joins tensors along `axis`.
    pub fn concat(&mut self, parts: &[&Value], axis: usize) -> Value {
        self.node("Concat", parts, vec![int("axis", axis)])
    }

    /// `[batch, everything else]`.
    pub fn flatten(&mut self, x: &Value) -> Value {
        self.node("Flatten", &[x], vec![int("axis", 1)])
    }

    /// Fully connected layer: `x` `[batch, inputs]` times `weights` `[inputs, outputs]` plus `bias` `[outputs]`.
    pub fn gemm(&mut self, x: &Value, weights: &Value, bias: &Value) -> Value {
        self.node("Gemm", &[x, weights, bias], Vec::new())
    }

    /// Makes `value` the output `name` of shape `[batch, …shape]`.
    pub fn output(&mut self, name: &str, value: &Value, shape: &[usize]) {
        self.graph.node.push(Node {
            input: vec![value.0.clone()],
            output: vec![name.to_owned()],
            name: format!("output_{name}"),
            op_type: "Identity".to_owned(),
            attribute: Vec::new(),
        });
        self.graph.output.push(value_info(name, self.batch, shape));
    }

    /// The bytes of the `.onnx` file. The same network gives the same bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let model = Model {
            ir_version: Some(IR_VERSION),
            producer_name: env!("CARGO_PKG_NAME").to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            graph: Some(self.graph),
            opset_import: vec![OperatorSet { domain: Some(String::new()), version: Some(OPERATOR_SET) }],
        };
        model.encode_to_vec()
    }

    fn integers(&mut self, purpose: &str, values: &[i64]) -> Value {
        let raw = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.initializer(purpose, &[values.len()], DataType::Int64, raw)
    }

    fn initializer(&mut self, name: &str, shape: &[usize], ty: DataType, raw: Vec<u8>) -> Value {
        let taken = |name: &str| self.graph.initializer.iter().any(|other| other.name == name);
        let numbered = (1..).map(|number| format!("{name}_{number}"));
        let name =
            std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default();
        self.graph.initializer.push(Tensor {
            dims: shape.iter().map(|&length| length as i64).collect(),
            data_type: Some(ty.into()),
            name: name.clone(),
            raw_data: Some(raw),
        });
        Value(name)
    }

    fn node(&mut self, op_type: &str, inputs: &[&Value], attribute: Vec<Attribute>) -> Value {
        // The slash keeps results apart from constants, whose names the caller chooses.
        let name = format!("results/{op_type}_{}", self.results);
        self.results += 1;
        self.graph.node.push(Node {
            input: inputs.iter().map(|value| value.0.clone()).collect(),
            output: vec![name.clone()],
            name: name.clone(),
            op_type: op_type.to_owned(),
            attribute,
        });
        Value(name)
    }
}

fn value_info(name: &str, batch: BatchAxis, shape: &[usize]) -> ValueInfo {
    let batch = match batch {
        BatchAxis::Open => Some(DimensionValue::Symbol(BATCH_SYMBOL.to_owned())),
        BatchAxis::One => Some(DimensionValue::Length(1)),
        BatchAxis::Absent => None,
    };
    let lengths = shape.iter().map(|&length| DimensionValue::Length(length as i64));
    let dim = batch.into_iter().chain(lengths).map(|value| Dimension { value: Some(value) }).collect();
    let tensor = TensorType { elem_type: Some(DataType::Float.into()), shape: Some(TensorShape { dim }) };
    ValueInfo { name: name.to_owned(), r#type: Some(Type { tensor_type: Some(tensor) }) }
}

fn pool_attributes(pool: Pool) -> Vec<Attribute> {
    vec![ints("kernel_shape", &pool.kernel), ints("strides", &pool.strides)]
}

fn int(name: &str, value: usize) -> Attribute {
    Attribute {
        name: name.to_owned(),
        i: Some(value as i64),
        ints: Vec::new(),
        r#type: Some(AttributeType::Int.into()),
    }
}

fn ints(name: &str, values: &[usize]) -> Attribute {
    let ints = values.iter().map(|&value| value as i64).collect();
    Attribute { name: name.to_owned(), i: None, ints, r#type: Some(AttributeType::Ints.into()) }
}
