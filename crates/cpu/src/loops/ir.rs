//! The loop as data: accesses, instructions, results, and how lanes are tiled.

use crate::buffer::BufferId;
use crate::kernels::{Kernel, Kind, ReduceAxes, ReduceKernels};
use crate::layout::Layout;

/// Where an operand of an instruction is found in a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// A register: a tile of lanes that only this loop sees.
    Register(usize),
    /// A load, as it lies in memory or as it was copied.
    Load(usize),
    /// A number.
    Number(usize),
    /// A result in memory.
    Store(usize),
}

/// One kernel call per tile.
#[derive(Clone, Debug)]
pub(crate) struct Instruction {
    pub kernel: Kernel,
    pub name: String,
    /// Place of the result's pointer, and of the operands'; see [`Loop::index`].
    pub to: usize,
    pub from: [usize; 5],
    /// For a kernel of several results that reads a list in place of these: the places of the pointers in it.
    pub list: Vec<usize>,
    /// Whether all lanes have one value, so that one is computed.
    pub uniform: bool,
}

/// A result that is written tile by tile.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub buffer: BufferId,
    pub kind: Kind,
    /// The element of the buffer that the first lane is.
    pub offset: usize,
    /// Whether one element stands for all lanes; it is copied.
    pub one: bool,
    /// The register to copy from where an instruction cannot write in place.
    pub copied_from: Option<Operand>,
}

/// A result that combines lanes.
#[derive(Clone, Debug)]
pub(crate) struct Reduce {
    pub kernels: ReduceKernels,
    pub axes: ReduceAxes,
    pub from: Operand,
    pub buffer: BufferId,
}

/// How the lanes of a tile are found in memory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AccessMode {
    /// Lane `i` is element `i`.
    Direct,
    /// One element for all lanes.
    Uniform,
    /// Lane `i` is element `i % period`; copied where a tile reaches over the end of a period.
    Periodic(usize),
    /// Lane `i` is element `i / run`, and no tile reaches over the end of a run.
    PerRow(usize),
    /// Copied, element by element, into a register.
    Copied,
    /// Lane `i` is element `i % period`; copied once, since every tile has the same lanes.
    CopiedOnce(usize),
}

/// An operand in memory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Access {
    pub buffer: BufferId,
    pub kind: Kind,
    pub mode: AccessMode,
    /// The elements in the order of the lanes.
    pub layout: Layout,
}

/// How the lanes are cut into tiles: `rows` rows of `row` lanes, each in tiles of `tile` lanes; the last tile of a
/// row may be shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tiling {
    pub rows: usize,
    pub row: usize,
    pub tile: usize,
}

impl Tiling {
    pub fn per_row(&self) -> usize {
        self.row.div_ceil(self.tile)
    }

    pub fn count(&self) -> usize {
        self.rows * self.per_row()
    }
}

/// How tiles are dealt out to tasks. Each does its tiles in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Partition {
    /// So many tiles at once, counted row by row.
    Tiles(usize),
    /// Whole rows.
    Rows,
    /// All rows of a column of tiles.
    Columns,
}

impl Partition {
    /// How many tasks there may be.
    pub fn units(self, tiles: Tiling) -> usize {
        match self {
            Partition::Tiles(n) => tiles.count().div_ceil(n),
            Partition::Rows => tiles.rows,
            Partition::Columns => tiles.per_row(),
        }
    }
}

/// A loop, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    pub lanes: usize,
    /// Operations of the graph that it carries out on each lane.
    pub operations: usize,
    pub tiling: Tiling,
    pub partition: Partition,
    /// How many tasks the tiles are dealt out to.
    pub tasks: usize,
    pub loads: Vec<Access>,
    /// Bytes of one lane of each register.
    pub registers: Vec<usize>,
    pub numbers: Vec<[u8; 8]>,
    pub instructions: Vec<Instruction>,
    pub stores: Vec<Store>,
    pub reduces: Vec<Reduce>,
}
