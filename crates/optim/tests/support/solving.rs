//! Trajectories of what needs more than one gradient a step.

use burn::tensor::Tensor;
use serde_json::Value;
use thalweg_optim::Error;
use thalweg_optim::solvers::{AnySolver, Memory, Solver, oracle};

use super::{Difference, difference};

/// Runs a solver from the start of a problem; the first number that is further from the reference than it may be.
pub fn compare(
    case: &Value,
    solver: &AnySolver,
    f: impl Fn(Vec<Tensor<1>>) -> Tensor<1>,
    start: &Vec<Tensor<1>>,
    steps: &[u64],
) -> Result<Option<Difference>, Error> {
    let oracle = oracle(f, start)?;
    let (mut x, mut memory, mut taken) = (oracle.point(start)?, Memory::default(), 0);
    for (k, until) in steps.iter().enumerate() {
        while taken < *until {
            solver.step(&oracle, &mut x, &mut memory, solver.lr())?;
            taken += 1;
        }
        if let Some(found) = difference(case, k, *until, "traj", &x) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
