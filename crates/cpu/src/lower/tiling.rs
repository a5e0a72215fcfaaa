//! How the lanes of a loop are cut into blocks, and how those are dealt out.

use crate::graph::Group;
use crate::kernels::Along;
use crate::layout::{Layout, join};
use crate::loops::{Blocks, Deal, RISE, RUN};

/// Lanes of a block, at most.
const MOST_LANES: usize = 4096;

/// How the lanes of a group are cut, for at most `most` lanes in a block, and dealt out.
pub(crate) fn cut(group: &Group, layouts: &[&Layout], most: usize) -> (Blocks, Deal) {
    let most = (most.max(128) / 16 * 16).min(MOST_LANES);
    let lanes = group.lanes;
    // Blocks of whole runs of so many lanes.
    let whole = |run: usize| Blocks { rows: 1, row: lanes, block: (run * (most / run)).min(lanes) };
    // Blocks of a run that is longer.
    let parts = |run: usize| {
        let block = run.div_ceil(run.div_ceil(most)).next_multiple_of(16).min(run);
        Blocks { rows: lanes / run, row: run, block }
    };
    let power = |n: usize| 1 << n.ilog2();
    match group.along {
        Some(Along::Inner(n)) if n <= most => (whole(n), Deal::Blocks(1)),
        Some(Along::Inner(n)) => (parts(n), Deal::Rows),
        Some(Along::Outer { rows, columns }) if rows * columns <= most => {
            (whole(rows * columns), Deal::Blocks(1))
        }
        Some(Along::Outer { rows, columns }) if columns <= most => {
            let (run, rows_of_block): (usize, usize) = (rows * columns, power(most / columns));
            let blocks = Blocks { rows: lanes / run, row: run, block: (rows_of_block * columns).min(run) };
            let deal = if run == lanes { Deal::Blocks((RISE / rows_of_block).max(1)) } else { Deal::Rows };
            (blocks, deal)
        }
        Some(Along::Outer { columns, .. }) => (parts(columns), Deal::Columns),
        Some(Along::All) if lanes > RUN => {
            let block = power(most);
            (Blocks { rows: 1, row: lanes, block }, Deal::Blocks(RUN / block))
        }
        along @ (Some(Along::All) | None) => {
            let row = join(layouts, &group.shape).last().copied().unwrap_or(1).max(1);
            let blocks = match row {
                _ if row == lanes => whole(1),
                _ if row <= most => whole(row),
                _ => parts(row),
            };
            (blocks, Deal::Blocks(if along.is_none() { 1 } else { blocks.count() }))
        }
    }
}
