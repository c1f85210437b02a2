//! Keras weights in HDF5, to be converted.

use scatter_embed::convert_yamnet;

use crate::scratch::Scratch;

thread_local! {
    static SCRATCH: Scratch = Scratch::new();
}

pub(crate) fn run(bytes: &[u8]) {
    SCRATCH.with(|scratch| {
        let path = scratch.write(bytes);
        match convert_yamnet(&path) {
            Ok(model) => assert!(!model.is_empty()),
            // Whoever chose the file must learn which it was.
            Err(error) => assert!(error.to_string().contains("input"), "{error}"),
        }
    });
}
