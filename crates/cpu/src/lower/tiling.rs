//! How the lanes of a loop are cut into blocks, and how those are dealt out.

use crate::graph::FusionGroup;
use crate::kernels::ReduceAxes;
use crate::layout::{Layout, common_collapse};
use crate::loops::{CHUNK_LANES, CHUNK_ROWS, Partition, Tiling};

/// Lanes of a block, at most.
const MOST_LANES: usize = 4096;

/// How the lanes of a group are cut, for at most `most` lanes in a block, and dealt out.
pub(crate) fn tile(group: &FusionGroup, layouts: &[&Layout], most: usize) -> (Tiling, Partition) {
    let most = (most.max(128) / 16 * 16).min(MOST_LANES);
    let lanes = group.lanes;
    // Blocks of whole runs of so many lanes.
    let whole = |run: usize| Tiling { rows: 1, row: lanes, block: (run * (most / run)).min(lanes) };
    // Blocks of a run that is longer.
    let parts = |run: usize| {
        let block = run.div_ceil(run.div_ceil(most)).next_multiple_of(16).min(run);
        Tiling { rows: lanes / run, row: run, block }
    };
    let power = |n: usize| 1 << n.ilog2();
    match group.axes {
        Some(ReduceAxes::Inner(n)) if n <= most => (whole(n), Partition::Blocks(1)),
        Some(ReduceAxes::Inner(n)) => (parts(n), Partition::Rows),
        Some(ReduceAxes::Outer { rows, columns }) if rows * columns <= most => {
            (whole(rows * columns), Partition::Blocks(1))
        }
        Some(ReduceAxes::Outer { rows, columns }) if columns <= most => {
            let (run, rows_of_block): (usize, usize) = (rows * columns, power(most / columns));
            let blocks = Tiling { rows: lanes / run, row: run, block: (rows_of_block * columns).min(run) };
            let deal = if run == lanes {
                Partition::Blocks((CHUNK_ROWS / rows_of_block).max(1))
            } else {
                Partition::Rows
            };
            (blocks, deal)
        }
        Some(ReduceAxes::Outer { columns, .. }) => (parts(columns), Partition::Columns),
        Some(ReduceAxes::All) if lanes > CHUNK_LANES => {
            let block = power(most);
            (Tiling { rows: 1, row: lanes, block }, Partition::Blocks(CHUNK_LANES / block))
        }
        along @ (Some(ReduceAxes::All) | None) => {
            let row = common_collapse(layouts, &group.shape).last().copied().unwrap_or(1).max(1);
            let blocks = match row {
                _ if row == lanes => whole(1),
                _ if row <= most => whole(row),
                _ => parts(row),
            };
            (blocks, Partition::Blocks(if along.is_none() { 1 } else { blocks.count() }))
        }
    }
}
