//! A limit on this process's memory.

/// Has the system refuse this process more than `bytes` of memory of its own.
///
/// Linux counts what is written to, and not what is merely mapped (`RLIMIT_DATA`). Where there is no such limit, none
/// is set.
#[cfg(unix)]
pub fn limit(bytes: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Data).maximum;
    let limit = Rlimit { current: Some(maximum.map_or(bytes, |maximum| maximum.min(bytes))), maximum };
    // Without it, everything else still holds.
    let _ = setrlimit(Resource::Data, limit);
}

/// Does nothing: this system has no such limit.
#[cfg(not(unix))]
pub fn limit(_bytes: u64) {}
