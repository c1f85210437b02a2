/// What a file's header promises, as far as the file itself tells that it is not kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Promise {
    /// Nothing is promised, or all of it is there.
    Kept,
    /// So many seconds, and there are fewer.
    Seconds(f64),
    /// So many bytes, and there are fewer: those there, and those promised.
    Bytes(u64, u64),
    /// So many samples of one channel, and their rate in Hz.
    Samples(u64, u32),
    /// So many packets.
    Packets(u64),
    /// A mark at the end, which is not there.
    NoEnd,
}

impl Promise {
    /// Of `promised` bytes, where the file has `present`.
    pub(crate) fn of_bytes(present: u64, promised: u64) -> Self {
        if promised > present { Self::Bytes(present, promised) } else { Self::Kept }
    }

    /// Why a file is less than it promises, once all of it is read: `samples` of a channel in `packets` packets.
    pub(crate) fn broken(self, samples: u64, packets: u64) -> Option<String> {
        match self {
            Self::Kept => None,
            Self::Seconds(promised) => Some(format!("its header promises {promised:.2} s")),
            Self::Bytes(present, promised) => {
                Some(format!("its header promises {promised} bytes, and the file has {present}"))
            }
            Self::Samples(promised, rate) => (samples < promised)
                .then(|| format!("its header promises {:.2} s", promised as f64 / f64::from(rate.max(1)))),
            Self::Packets(promised) => (packets < promised)
                .then(|| format!("its header promises {promised} packets, and {packets} are there")),
            Self::NoEnd => Some("it stops without the mark that ends such a file".to_owned()),
        }
    }
}
