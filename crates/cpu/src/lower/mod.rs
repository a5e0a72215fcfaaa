//! From a graph to a program that is ready to run, pass by pass. What each pass makes can be printed and verified.

mod adam;
mod fusion;
mod group;
mod scalar;
mod stride_pattern;
mod tiling;

use rustc_hash::FxHashMap;
use thalweg_autodiff::{Error, Func, Result};

use crate::assign::Assignment;
use crate::command::{Command, Executable};
use crate::graph::{Def, ScheduleItem, Values, View};
use crate::isa::Isa;
use crate::layout::MAX_RANK;
use crate::op::{OpContext, Operand};
use crate::options::Options;
use crate::scalar::scalarize;
use crate::{assign, graph, ops};

/// Lowers a graph whose `carried` results, each the number of an output and of an input, are the inputs of the next run.
pub(crate) fn lower(func: &Func, carried: &[(usize, usize)], options: Options) -> Result<Executable> {
    check_ranks(func)?;
    if let Some(nodes) = options.scalarize.then(|| scalarize(func)).flatten() {
        return Ok(scalar::lower_scalars(func, &nodes, carried, options.isa));
    }
    let values = graph::analyze(func);
    let items = graph::schedule(&values);
    let buffers = assign::assign(&values, &items, carried);
    let command = commands(&values, &items, &buffers, options.isa);
    let Assignment { storage, inputs, outputs, carries, indices, .. } = buffers;
    Ok(Executable {
        commands: command,
        storage,
        inputs,
        outputs,
        carries,
        indices,
        transposed: FxHashMap::default(),
    })
}

/// The commands of a schedule: copies of what is a result as it is, then one for each item.
fn commands(values: &Values, items: &[ScheduleItem], buffers: &Assignment, isa: Isa) -> Vec<Command> {
    let context = group::LoweringContext { values, buffers: &buffers.buffers, isa };
    let func = values.func;
    let copies = buffers.copies.iter().map(|(from, to)| Command::Op(ops::copy(from.clone(), *to)));
    let item = |item: &ScheduleItem| match item {
        ScheduleItem::Group(group) => {
            (group.lanes > 0).then(|| Command::Loop(Box::new(group::lower_group(&context, group))))
        }
        ScheduleItem::Opaque(var) => {
            let (of, finish) = match &values.defs[var.index()] {
                Def::WithEpilogue(finished) => {
                    let View { root, layout } = &finished.other;
                    (finished.product, Some((finished.epilogue, buffers.buffers[root], layout.clone())))
                }
                _ => (*var, None),
            };
            let eqn = &func.eqns()[of.index()];
            let input = |arg: &thalweg_autodiff::Var| {
                let view = values.view(*arg);
                Operand { buffer: buffers.buffers[&view.root], layout: view.layout, ty: func.ty(*arg).clone() }
            };
            let inputs = eqn.args.iter().map(input).collect();
            let (kind, output) = (values.kind(*var), buffers.buffers[var]);
            Some(Command::Op(ops::lower_op(OpContext { eqn, inputs, epilogue: finish, output, kind, isa })))
        }
    };
    copies.chain(items.iter().filter_map(item)).collect()
}

/// Whether no value has more axes than positions are kept for.
fn check_ranks(func: &Func) -> Result<()> {
    let inputs = func.inputs().iter().map(|var| func.ty(*var));
    let mut ranks = inputs.chain(func.eqns().iter().map(|eqn| &eqn.ty)).map(|ty| ty.shape.len());
    match ranks.find(|rank| *rank > MAX_RANK) {
        None => Ok(()),
        Some(rank) => Err(Error::Argument(format!(
            "A tensor has {rank} axes, and a compiled program takes at most {MAX_RANK}; join some by `reshape`, or run the graph \
             by Burn's operations (`Traced::call`)."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use burn::nn::pool::MaxPool2dConfig;
    use burn::tensor::{Device, Int, Tensor};
    use thalweg_autodiff::{Result, trace};

    use super::lower;
    use crate::command::Carry;
    use crate::options::Options;

    type Loss = fn(Tensor<2>, Tensor<1, Int>) -> Tensor<1>;

    /// Whether the state of a step with such a loss is overwritten in place, and how many indices are looked at before.
    fn step(loss: Loss) -> Result<(bool, usize)> {
        let device = Device::flex();
        let args = (Tensor::<2>::ones([4, 3], &device), Tensor::<1, Int>::from_ints([2, 0, 1, 3], &device));
        let f = |(x, i): (Tensor<2>, Tensor<1, Int>)| (x.clone() * 0.5, loss(x, i));
        let planned =
            lower(trace(f, &args)?.func(), &[(0, 0)], Options { scalarize: false, ..Options::default() })?;
        Ok((matches!(planned.carries[..], [Carry::InPlace]), planned.indices.len()))
    }

    #[test]
    fn state_is_kept_apart_only_where_an_index_may_be_found_outside_too_late() -> Result<()> {
        assert_eq!(step(|x, _| x.exp().max_dim(1).sum())?, (true, 0));
        assert_eq!(step(|x, _| x.exp().sort(1).slice([0..4, 0..1]).sum())?, (true, 0));
        let pooled: Loss =
            |x, _| MaxPool2dConfig::new([2, 2]).init().forward(x.exp().reshape([1, 1, 4, 3])).sum();
        assert_eq!(step(pooled)?, (true, 0));
        assert_eq!(step(|x, i| x.exp().select(0, i).sum())?, (true, 1));
        assert_eq!(step(|x, i| x.exp().select(0, i.narrow(0, 1, 3)).sum())?, (true, 1));
        assert_eq!(step(|x, i| x.exp().select(0, i.clone() * i).sum())?, (false, 0));
        Ok(())
    }
}
