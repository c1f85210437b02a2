//! Writing ONNX model files.
//!
//! Small on purpose: float32, operator set 17, and the operators of which YAMNet is made. [`GraphBuilder`] puts a network
//! together and gives the bytes of a `.onnx` file; [`projection_model`] makes a stand-in with YAMNet's inputs and outputs
//! that needs no weights.

mod graph;
mod projection;
mod proto;

pub use graph::{BatchAxis, Conv, GraphBuilder, OnnxError, Pool, Value};
pub use projection::projection_model;
