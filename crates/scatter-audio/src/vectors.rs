//! Plain loops, compiled once for each width of vectors that processors have, of which the widest at hand is run.

use pulp::{Arch, Simd, WithSimd};

/// A computation with loops worth it. Its arithmetic is the same, operation by operation, at every width.
pub(crate) trait Kernel {
    /// What it gives.
    type Output;

    /// Computes it. To be marked `#[inline(always)]`, as all that it calls in its loops: only what is compiled into the
    /// function that is chosen is compiled for its vectors.
    fn run(self) -> Self::Output;
}

/// Runs `kernel` in the widest vectors that this processor has.
pub(crate) fn widest<K: Kernel>(kernel: K) -> K::Output {
    struct Chosen<K>(K);

    impl<K: Kernel> WithSimd for Chosen<K> {
        type Output = K::Output;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> K::Output {
            self.0.run()
        }
    }

    Arch::new().dispatch(Chosen(kernel))
}
