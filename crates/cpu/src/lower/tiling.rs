//! How the lanes of a loop are cut into tiles, and how those are dealt out.

use crate::graph::FusionGroup;
use crate::kernels::ReduceAxes;
use crate::layout::{Layout, common_collapse};
use crate::loops::{CHUNK_LANES, CHUNK_ROWS, Partition, Tiling};

/// Lanes of a tile, at most.
const MAX_LANES: usize = 4096;

/// How the lanes of a group are cut, for at most `most` lanes in a tile, and dealt out.
pub(crate) fn tile(group: &FusionGroup, layouts: &[&Layout], most: usize) -> (Tiling, Partition) {
    let most = (most.max(128) / 16 * 16).min(MAX_LANES);
    let lanes = group.lanes;
    // Tiles of whole runs of so many lanes.
    let whole = |run: usize| Tiling { rows: 1, row: lanes, tile: (run * (most / run)).min(lanes) };
    // Tiles of a run that is longer.
    let parts = |run: usize| {
        let tile = run.div_ceil(run.div_ceil(most)).next_multiple_of(16).min(run);
        Tiling { rows: lanes / run, row: run, tile }
    };
    let power = |n: usize| 1 << n.ilog2();
    match group.axes {
        Some(ReduceAxes::Inner(n)) if n <= most => (whole(n), Partition::Tiles(1)),
        Some(ReduceAxes::Inner(n)) => (parts(n), Partition::Rows),
        Some(ReduceAxes::Outer { rows, columns }) if rows * columns <= most => {
            (whole(rows * columns), Partition::Tiles(1))
        }
        Some(ReduceAxes::Outer { rows, columns }) if columns <= most => {
            let (run, rows_of_tile): (usize, usize) = (rows * columns, power(most / columns));
            let tiles = Tiling { rows: lanes / run, row: run, tile: (rows_of_tile * columns).min(run) };
            let partition = if run == lanes {
                Partition::Tiles((CHUNK_ROWS / rows_of_tile).max(1))
            } else {
                Partition::Rows
            };
            (tiles, partition)
        }
        Some(ReduceAxes::Outer { columns, .. }) => (parts(columns), Partition::Columns),
        Some(ReduceAxes::All) if lanes > CHUNK_LANES => {
            let tile = power(most);
            (Tiling { rows: 1, row: lanes, tile }, Partition::Tiles(CHUNK_LANES / tile))
        }
        axes @ (Some(ReduceAxes::All) | None) => {
            let row = common_collapse(layouts, &group.shape).last().copied().unwrap_or(1).max(1);
            let tiles = match row {
                _ if row == lanes => whole(1),
                _ if row <= most => whole(row),
                _ => parts(row),
            };
            (tiles, Partition::Tiles(if axes.is_none() { 1 } else { tiles.count() }))
        }
    }
}
