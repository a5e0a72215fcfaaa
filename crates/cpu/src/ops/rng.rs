use thalweg_autodiff::primitives::Random;
use thalweg_autodiff::{Result, executor};

use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::kernels::Kind;
use crate::op::{Op, OpContext};
use crate::pool::Team;

/// Random numbers from keys.
pub(crate) struct Draws {
    random: Random,
    keys: BufferId,
    lanes: usize,
    to: BufferId,
    kind: Kind,
}

impl Draws {
    pub fn new(context: &OpContext, random: &Random) -> Option<Self> {
        Some(Draws {
            random: random.clone(),
            keys: context.inputs[0].buffer,
            lanes: context.inputs[0].ty.num_elements(),
            to: context.output,
            kind: context.kind?,
        })
    }
}

impl Op for Draws {
    unsafe fn run(&self, buffers: Buffers, team: &Team) -> Result<()> {
        let n = self.random.ty.num_elements();
        team.run(self.lanes, &|lane, _| {
            let to = buffers.pointer(self.to);
            // SAFETY: there is a key for every lane, and each lane writes elements of its own.
            unsafe {
                let key = *buffers.pointer(self.keys).cast::<i64>().add(lane);
                for (i, value) in self.random.values(key).enumerate() {
                    let at = lane * n + i;
                    match self.kind {
                        Kind::F32 => *to.cast::<f32>().add(at) = value as f32,
                        Kind::F64 => *to.cast::<f64>().add(at) = value,
                        Kind::I32 => *to.cast::<i32>().add(at) = value as i32,
                        Kind::I64 => *to.cast::<i64>().add(at) = value as i64,
                        Kind::Bool => *to.add(at) = u8::from(value != 0.0),
                    }
                }
            }
        });
        Ok(())
    }

    fn parts(&self) -> usize {
        self.lanes
    }

    fn cost(&self) -> Cost {
        let bytes = self.lanes * self.random.ty.num_elements() * self.kind.size();
        Cost { name: "random".into(), flops: 0, bytes, falls_back: false }
    }
}

/// A key for each lane from one key.
pub(crate) struct Split {
    keys: BufferId,
    count: usize,
    lanes: usize,
    to: BufferId,
}

impl Split {
    pub fn new(context: &OpContext, lanes: usize) -> Self {
        Split {
            keys: context.inputs[0].buffer,
            count: context.inputs[0].ty.num_elements(),
            lanes,
            to: context.output,
        }
    }
}

impl Op for Split {
    unsafe fn run(&self, buffers: Buffers, _team: &Team) -> Result<()> {
        for lane in 0..self.lanes {
            for k in 0..self.count {
                // SAFETY: the result has every key for every lane.
                unsafe {
                    let key = *buffers.pointer(self.keys).cast::<i64>().add(k);
                    let child = executor::fold_in(key, lane as u32);
                    *buffers.pointer(self.to).cast::<i64>().add(lane * self.count + k) = child;
                }
            }
        }
        Ok(())
    }

    fn cost(&self) -> Cost {
        let bytes = 8 * self.lanes * self.count;
        Cost { name: "split_key".into(), flops: 0, bytes, falls_back: false }
    }
}
