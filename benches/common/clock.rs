//! CPU time and peak memory of this process, as Linux tells them.
//!
//! A wall clock measures the other users of a shared machine as well. Linux counts in
//! `/proc/self/schedstat` the nanoseconds that the main thread has run; the benches do all their
//! work there. Elsewhere the wall clock has to do.

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// When the process first asked for the time; the origin of the wall clock.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The CPU time that the main thread has used, or the wall time where that is not told.
pub fn now() -> Duration {
    let start = *START;
    // The kernel adds up the time when it switches threads; asking for a switch makes it do so.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let told = text.split_whitespace().next().and_then(|nanos| nanos.parse().ok());
    told.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The result of some work and the time it took. Dropping the result is not part of it.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = now();
    let result = black_box(work());
    (result, now().saturating_sub(start))
}

/// The shortest of several rounds of the same work, with the result of the last: whatever makes
/// a round slower than the fastest is no property of the work.
pub fn fastest<T>(rounds: usize, mut work: impl FnMut() -> T) -> (T, Duration) {
    let mut best = timed(&mut work);
    for _ in 1..rounds {
        let (result, time) = timed(&mut work);
        best = (result, time.min(best.1));
    }
    best
}

/// The most memory that the process has held at once, in KiB; zero where that is not told.
pub fn peak_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
