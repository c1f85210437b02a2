//! The small model that travels inside this program.

/// `models/scatter-mini.onnx`, as its card (`models/scatter-mini.md`) describes it.
pub(crate) const MODEL: &[u8] = include_bytes!("../../../models/scatter-mini.onnx");
