//! Modules and losses put together at random, of parameters that are free, frozen, tied, and of running states and tables, make
//! the same steps by every way.

use burn::module::{Module, Param, RunningState};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::alike::{MODES, by_burn, close, floats, trained};

#[derive(Module, Debug)]
struct Parts {
    free: Vec<Param<Tensor<1>>>,
    tied: Vec<Param<Tensor<1>>>,
    frozen: Vec<Param<Tensor<1>>>,
    running: Vec<RunningState<Tensor<1>>>,
    table: Tensor<1>,
}

/// Small whole numbers, the same ones for the same seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        // Knuth's MMIX generator; its upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    fn line(&mut self) -> Tensor<1> {
        let values: [f32; 4] = std::array::from_fn(|_| self.below(64) as f32 / 32.0 - 1.0);
        Tensor::from_floats(values, &Device::flex().autodiff())
    }
}

/// The module of a seed. Burn's own optimizers take the second of two tied parameters for one without gradient, so the right
/// values come from a module where the first stands for both.
fn parts(seed: u64, ties: bool) -> Parts {
    let mut draw = Draw(seed);
    let free: Vec<Param<Tensor<1>>> = (0..1 + draw.below(3)).map(|_| Param::from_tensor(draw.line())).collect();
    Parts {
        tied: (0..usize::from(ties && is_tied(seed))).map(|k| free[k].clone()).collect(),
        free,
        frozen: (0..draw.below(3)).map(|_| Param::from_tensor(draw.line()).set_require_grad(false)).collect(),
        running: (0..draw.below(3)).map(|_| RunningState::new(draw.line())).collect(),
        table: draw.line(),
    }
}

fn is_tied(seed: u64) -> bool {
    seed.is_multiple_of(3)
}

/// A loss of some twenty operations; the same seed gives the same ones.
fn loss(seed: u64, m: &Parts, x: &Tensor<1>) -> Tensor<1> {
    let mut draw = Draw(!seed);
    let tied = is_tied(seed).then(|| m.tied.first().unwrap_or(&m.free[0]));
    let params = m.free.iter().chain(tied).chain(&m.frozen).map(Param::val);
    let mut values: Vec<Tensor<1>> = params.chain([m.table.clone(), x.clone()]).collect();
    for state in &m.running {
        let old = state.value_sync();
        let new = values[draw.below(values.len())].clone().tanh().detach();
        match draw.below(3) {
            0 => {}
            1 => state.update(old.clone() * 0.9 + new * 0.1),
            _ => state.update(old.clone() + (new - old.clone()) * 0.25),
        }
        values.push(old);
    }
    for _ in 0..12 {
        let [a, b] = [(); 2].map(|()| values[draw.below(values.len())].clone());
        values.push(match draw.below(8) {
            0 => a + b,
            1 => a.tanh() * b,
            2 => a * 0.3 + b * 0.7,
            3 => (a - b).tanh(),
            4 => relu(a) - b * 0.5,
            5 => a * b.detach().tanh(),
            6 => a.clone() * (a.greater_elem(0.1).float()) + b,
            _ => (a.clone() * a).mean() * b,
        });
    }
    let last = values.split_off(values.len() - 6);
    let all = last.into_iter().chain(m.free.iter().map(|p| p.val() * 0.1));
    all.map(|value| value.tanh().sum()).reduce(|a, b| a + b).expect("there are six values")
}

#[test]
fn random_modules_step_alike() {
    let x = Tensor::<1>::from_floats([1.0, -0.5, 2.0, 0.25], &Device::flex().autodiff());
    for seed in 0..40 {
        println!("seed {seed}");
        let loss = move |m: &Parts, x: &Tensor<1>| loss(seed, m, x);
        let mut right = floats(&by_burn(parts(seed, false), &x, 3, &loss));
        if is_tied(seed) {
            let free = parts(seed, false).free.len();
            right.insert(free, right[0].clone());
        }
        for mode in MODES {
            close(&floats(&trained(mode, parts(seed, true), &x, 3, loss)), &right, &format!("{mode:?}"));
        }
    }
}
