//! Configurations of AAC (AudioSpecificConfig: ISO/IEC 14496-3, section 1.6.2.1).

/// Kinds of AAC: low complexity, and the two that extend it by what HE-AAC adds.
const LOW_COMPLEXITY: u32 = 2;
const EXTENDED: [u32; 2] = [5, 29];
/// Stands before an extension at the end of a configuration.
const SYNC: u32 = 0x2b7;

/// The low-complexity stream that a configuration describes or extends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Core {
    /// Its own configuration.
    pub(crate) config: [u8; 2],
    /// Whether there is more to it, for HE-AAC.
    pub(crate) extended: bool,
}

/// The core of `config`, without flags for which the kind has no use and which some programs set; `None` where it has
/// none, or frames of another length than 1,024 samples.
pub(crate) fn core(config: &[u8]) -> Option<Core> {
    let mut bytes = [0; 8];
    let count = config.len().min(8);
    bytes[..count].copy_from_slice(&config[..count]);
    let bits = u64::from_be_bytes(bytes);
    let field = |from: u32, width: u32| (bits << from >> (64 - width)) as u32;
    let (kind, rate, channels) = (field(0, 5), field(5, 4), field(9, 4));
    // A rate of 15 stands for one that is spelled out.
    if count < 2 || rate == 15 {
        return None;
    }
    let (core, short, extended) = match kind {
        LOW_COMPLEXITY => (kind, field(13, 1), count >= 4 && field(16, 11) == SYNC),
        _ if EXTENDED.contains(&kind) && field(13, 4) != 15 => (field(17, 5), field(22, 1), true),
        _ => return None,
    };
    let config = (LOW_COMPLEXITY << 11 | rate << 7 | channels << 3) as u16;
    (core == LOW_COMPLEXITY && short == 0).then_some(Core { config: config.to_be_bytes(), extended })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_is_found_in_each_way_of_signalling() {
        let stereo = |config, extended| Some(Core { config, extended });
        // 44,100 Hz, stereo, plain; with a flag that has no use; of 960 samples.
        assert_eq!(core(&[0x12, 0x10]), stereo([0x12, 0x10], false));
        assert_eq!(core(&[0x12, 0x12]), stereo([0x12, 0x10], false));
        assert_eq!(core(&[0x12, 0x14]), None);
        // A core of 22,050 Hz: extended behind it, and before it.
        assert_eq!(core(&[0x13, 0x90, 0x56, 0xe5, 0xa0]), stereo([0x13, 0x90], true));
        assert_eq!(core(&[0x2b, 0x92, 0x08, 0x00]), stereo([0x13, 0x90], true));
        // Parametric stereo of one channel; the main profile; nothing.
        assert_eq!(core(&[0xeb, 0x8a, 0x08, 0x00]), stereo([0x13, 0x88], true));
        assert_eq!([core(&[0x0a, 0x10]), core(&[0x12]), core(&[])], [None; 3]);
    }
}
