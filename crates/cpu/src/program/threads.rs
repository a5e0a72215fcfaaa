//! Whether a program gains from threads.

use crate::command::Command;
use crate::explain::cost;

/// What one core does in a nanosecond, about: operations of a matrix product, of a loop, and bytes between it and a cache.
const PRODUCT: f64 = 100.0;
const LOOP: f64 = 10.0;
const BYTES: f64 = 30.0;
/// Nanoseconds of work in a command, above which it pays to hand half of it to another core, and what it leaves in its cache
/// back again.
const SHARED: f64 = 16_000.0;

/// Whether threads gain nothing, since the commands that they could share are too short.
pub(crate) fn is_short(commands: &[Command]) -> bool {
    let of = |w: &Command| {
        let (cost, speed) = (cost(w), if matches!(w, Command::Loop(_)) { LOOP } else { PRODUCT });
        cost.flops as f64 / speed + cost.bytes as f64 / BYTES
    };
    let is_shared = |w: &&Command| match w {
        Command::Loop(l) => l.tasks > 1,
        Command::Op(s) => s.parts() > 1,
    };
    commands.iter().map(of).sum::<f64>() < SHARED * commands.iter().filter(is_shared).count() as f64
}
