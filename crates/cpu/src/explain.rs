//! What a program does, as text.

use std::fmt::Write;
use std::time::Duration;

use crate::command::Command;
use crate::cost::Cost;
use crate::isa::Isa;
use crate::loops::Loop;

/// Bytes that a program holds.
pub(crate) struct Bytes {
    pub arena: usize,
    pub inputs: usize,
    pub results: usize,
    pub constants: usize,
    pub scratch: usize,
}

fn of_loop(l: &Loop) -> Cost {
    let mut names: Vec<(String, usize)> = vec![];
    let all = l.instructions.iter().map(|i| i.name.clone());
    for name in all.chain(l.reduces.iter().map(|f| f.kernels.combine.name().to_string())) {
        match names.iter_mut().find(|(own, _)| *own == name) {
            Some((_, count)) => *count += 1,
            None => names.push((name, 1)),
        }
    }
    let names: Vec<String> =
        names.into_iter().map(|(name, n)| if n == 1 { name } else { format!("{n}×{name}") }).collect();
    let read: usize = l.loads.iter().map(|load| load.layout.num_distinct() * load.kind.size()).sum();
    let written: usize = l.stores.iter().map(|s| l.lanes * s.kind.size()).sum();
    Cost {
        name: format!("loop over {} in tiles of {}: {}", l.lanes, l.tiling.tile, names.join(" ")),
        flops: l.lanes * l.operations,
        bytes: read + written,
        falls_back: false,
    }
}

/// What a command does and what it costs.
pub(crate) fn cost(commands: &Command) -> Cost {
    match commands {
        Command::Loop(l) => of_loop(l),
        Command::Op(s) => s.cost(),
    }
}

/// The commands, with the time of each where it was measured.
pub(crate) fn explain(
    commands: &[Command],
    times: Option<&[Duration]>,
    bytes: &Bytes,
    isa: Isa,
    threads: usize,
) -> String {
    let mut text = String::new();
    let (mut flops, mut moved, mut back) = (0, 0, 0);
    for (k, commands) in commands.iter().enumerate() {
        let cost = cost(commands);
        let note = if cost.falls_back { "  (falls back to Burn's Flex device)" } else { "" };
        let (f, b) = (short(cost.flops), short(cost.bytes));
        let time = times.map_or(String::new(), |t| format!("{:>10.2} µs ", t[k].as_secs_f64() * 1e6));
        let _ = writeln!(text, "{k:>4} {time} {f:>8}FLOP {b:>8}B  {}{note}", cost.name);
        flops += cost.flops;
        moved += cost.bytes;
        back += usize::from(cost.falls_back);
    }
    if let Some(times) = times {
        let total: Duration = times.iter().sum();
        let _ = writeln!(text, "{:>15.2} µs in all", total.as_secs_f64() * 1e6);
    }
    let _ = writeln!(
        text,
        "{} steps, {}FLOP, {}B moved, {back} fallbacks, {isa}, threads: {threads}. Memory: inputs {}B, results {}B, constants {}B, \
         temporary values {}B, scratch {}B.",
        commands.len(),
        short(flops),
        short(moved),
        short(bytes.inputs),
        short(bytes.results),
        short(bytes.constants),
        short(bytes.arena),
        short(bytes.scratch),
    );
    text
}

/// A number with three digits and a unit.
fn short(n: usize) -> String {
    let x = n as f64;
    match n {
        0..1_000 => format!("{n} "),
        1_000..1_000_000 => format!("{:.3} k", x / 1e3),
        1_000_000..1_000_000_000 => format!("{:.3} M", x / 1e6),
        _ => format!("{:.3} G", x / 1e9),
    }
}
