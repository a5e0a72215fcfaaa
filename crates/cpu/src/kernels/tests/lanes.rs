//! Every kernel gives each lane what it gives the lane alone, and touches nothing but its operands: all memory here has the
//! exact length, so that a tool that watches memory sees the first byte too many.

use std::any::Any;

use thalweg_autodiff::primitives::Elementwise;

use crate::isa::Isa;
use crate::kernels::abi::{Kernel, Scalar, Vector};
use crate::kernels::kind::{Kind, with_kind};
use crate::kernels::reduce::{Combine, ReduceKernels};
use crate::kernels::{ARGUMENT_COUNT, Chain, adam, cast, chain, chain_in_place, elementwise, splat};

const KINDS: [Kind; 5] = [Kind::F32, Kind::F64, Kind::I32, Kind::I64, Kind::Bool];
/// Around the lengths of vectors, and of what is unrolled.
const LENGTHS: [usize; 16] = [0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 100];

/// Elements of one kind, in memory of exactly their size.
struct Room {
    owner: Box<dyn Any>,
    kind: Kind,
    n: usize,
}

impl Room {
    /// Numbers between the ends of an interval; truth values in turn.
    fn new(kind: Kind, n: usize, (low, high): (f64, f64), seed: usize) -> Self {
        let number = |i: usize| low + (high - low) * (((i + 1) * (2 * seed + 3) * 37 % 101) as f64 / 101.0);
        let owner: Box<dyn Any> = match kind {
            Kind::Bool => Box::new((0..n).map(|i| ((i + seed) % 2) as u8).collect::<Box<[u8]>>()),
            _ => with_kind!(kind, T => Box::new((0..n).map(|i| number(i) as T).collect::<Box<[T]>>())),
        };
        Room { owner, kind, n }
    }

    fn at(&mut self) -> *mut u8 {
        with_kind!(self.kind, T => {
            let all = self.owner.downcast_mut::<Box<[T]>>().expect("the kind's elements");
            all.as_mut_ptr().cast()
        })
    }

    /// The bytes of element `i`.
    fn bytes(&mut self, i: usize) -> [u8; 8] {
        assert!(i < self.n);
        let mut bytes = [0; 8];
        let size = self.kind.size();
        // SAFETY: the element lies inside.
        unsafe { std::ptr::copy_nonoverlapping(self.at().add(i * size), bytes.as_mut_ptr(), size) };
        bytes
    }
}

/// Runs a kernel on `n` lanes and on each alone, where `repeated` says which operands are one value for all.
fn held(name: &str, kernel: Kernel, to: Kind, operands: &mut [Room], repeated: &[bool], n: usize) {
    let run = |lane: Option<usize>, to: &mut Room, operands: &mut [Room]| {
        // Operands that a kernel does not have may point anywhere.
        let mut from = [std::ptr::dangling::<u8>(); 5];
        for (k, operand) in operands.iter_mut().enumerate() {
            let skipped = if repeated[k] { 0 } else { lane.unwrap_or(0) * operand.kind.size() };
            // SAFETY: the lane lies inside of the operand.
            from[k] = unsafe { operand.at().add(skipped) };
        }
        // SAFETY: results and operands have `n` lanes, or one.
        unsafe { kernel(if lane.is_some() { 1 } else { n }, to.at(), &from) };
    };
    let mut all = Room::new(to, n, (0.0, 0.0), 0);
    run(None, &mut all, operands);
    for lane in 0..n {
        let mut alone = Room::new(to, 1, (0.0, 0.0), 0);
        run(Some(lane), &mut alone, operands);
        assert_eq!(all.bytes(lane), alone.bytes(0), "{name}, lane {lane} of {n}");
    }
}

/// Which of `k` operands are repeated: every choice but all of them.
fn choices(k: usize) -> impl Iterator<Item = Vec<bool>> {
    (0..(1 << k) - 1).map(move |bits: usize| (0..k).map(|i| bits >> i & 1 == 1).collect())
}

fn rooms(kinds: &[Kind], repeated: &[bool], n: usize, domain: &[(f64, f64)]) -> Vec<Room> {
    let room = |(k, kind): (usize, &Kind)| {
        Room::new(*kind, if repeated[k] { 1 } else { n }, domain[k.min(domain.len() - 1)], k)
    };
    kinds.iter().enumerate().map(room).collect()
}

#[test]
fn elementwise_kernels_compute_each_lane_as_alone() {
    let mut checked = 0;
    for (isa, kind, pw) in Isa::available()
        .into_iter()
        .flat_map(|isa| KINDS.map(|kind| (isa, kind)))
        .flat_map(|(isa, kind)| Elementwise::ALL.iter().map(move |pw| (isa, kind, *pw)))
    {
        let domain = pw.domain();
        for repeated in choices(domain.len()) {
            let Some(kernel) = elementwise::<Vector>(pw, kind, &repeated, isa) else { continue };
            let compares = matches!(
                pw,
                Elementwise::Eq
                    | Elementwise::Ne
                    | Elementwise::Lt
                    | Elementwise::Le
                    | Elementwise::Gt
                    | Elementwise::Ge
            );
            let mut kinds = vec![kind; domain.len()];
            if pw == Elementwise::Select {
                kinds[0] = Kind::Bool;
            }
            for n in LENGTHS {
                let mut operands = rooms(&kinds, &repeated, n, domain);
                let to = if compares { Kind::Bool } else { kind };
                let name = format!("{pw:?} of {kind:?} on {isa}");
                held(&name, kernel, to, &mut operands, &repeated, n);
                if n == 1 {
                    // By both forms of the kernel.
                    let one = elementwise::<Scalar>(pw, kind, &repeated, isa).expect("as for many lanes");
                    let [mut single, mut many] = [0, 1].map(|_| Room::new(to, 1, (0.0, 0.0), 0));
                    let from = [0, 1, 2].map(|k| operands[k.min(domain.len() - 1)].at().cast_const());
                    let [a, b, c] = from;
                    // SAFETY: results and operands are one element each.
                    unsafe {
                        one(single.at(), a, b, c);
                        kernel(1, many.at(), &[a, b, c, c, c]);
                    }
                    assert_eq!(single.bytes(0), many.bytes(0), "{name}, one alone");
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 1000, "{checked} kernels");
}

#[test]
fn casts_and_repeated_values_are_each_lanes_own() {
    for (isa, from) in Isa::available().into_iter().flat_map(|isa| KINDS.map(|kind| (isa, kind))) {
        for n in LENGTHS {
            for to in KINDS {
                let mut operands = rooms(&[from], &[false], n, &[(-9.0, 9.0)]);
                held(
                    &format!("{from:?} to {to:?} on {isa}"),
                    cast::<Vector>(from, to, isa),
                    to,
                    &mut operands,
                    &[false],
                    n,
                );
            }
            let mut operands = rooms(&[from], &[true], n, &[(-9.0, 9.0)]);
            held("spread", splat(from, isa), from, &mut operands, &[true], n);
        }
    }
}

#[test]
fn chains_compute_each_lane_as_alone_and_in_place() {
    let chains = [
        (Chain::MulAdd, 3),
        (Chain::MulSub, 3),
        (Chain::Axpby, 4),
        (Chain::AxpbyProduct, 5),
        (Chain::ScaledQuotient, 5),
        (Chain::AddRelu, 2),
        (Chain::SelectCompare(Elementwise::Le), 4),
    ];
    for ((of, count), isa) in
        chains.into_iter().flat_map(|c| Isa::available().into_iter().map(move |isa| (c, isa)))
    {
        for (kind, repeated) in
            [Kind::F32, Kind::F64].into_iter().flat_map(|k| choices(count).map(move |c| (k, c)))
        {
            let Some(kernel) = chain(of, kind, &repeated, isa) else { continue };
            let name = format!("{of:?} of {kind:?} on {isa} with {repeated:?}");
            for n in LENGTHS {
                let mut operands = rooms(&vec![kind; count], &repeated, n, &[(0.1, 2.0)]);
                held(&name, kernel, kind, &mut operands, &repeated, n);
                let Some((place, kernel)) = chain_in_place(of, kind, &repeated, isa) else { continue };
                // The lanes alone by the other kernel, before their operand is gone.
                let mut want = Room::new(kind, n, (0.0, 0.0), 0);
                let from = |operands: &mut [Room]| {
                    [0, 1, 2, 3, 4].map(|k| operands[k.min(count - 1)].at().cast_const())
                };
                let others = |operands: &mut [Room]| {
                    let kept: Vec<*const u8> = (0..count)
                        .filter(|k| *k != place || of != Chain::MulAdd && of != Chain::MulSub)
                        .map(|k| operands[k].at().cast_const())
                        .collect();
                    [0, 1, 2, 3, 4].map(|k| kept[k.min(kept.len() - 1)])
                };
                // SAFETY: all have the lengths that the call says.
                unsafe {
                    chain(of, kind, &repeated, isa).expect("as above")(n, want.at(), &from(&mut operands));
                    let (to, of) = (operands[place].at(), others(&mut operands));
                    kernel(n, to, &of);
                }
                for lane in 0..n {
                    assert_eq!(
                        operands[place].bytes(lane),
                        want.bytes(lane),
                        "{name} in place, lane {lane} of {n}"
                    );
                }
            }
        }
    }
}

#[test]
fn an_update_computes_each_lane_as_alone() {
    for (isa, kind) in Isa::available().into_iter().flat_map(|isa| [(isa, Kind::F32), (isa, Kind::F64)]) {
        for (decay, still, stands) in [(false, false, 0), (true, false, 0), (true, true, 0), (false, true, 1)] {
            let kernel = adam(kind, decay, still, isa).expect("a kernel for floats");
            for n in LENGTHS {
                let arrays = || rooms(&[kind; 4], &[false; 4], n, &[(0.1, 2.0)]);
                let mut numbers = rooms(&[kind; 9], &[true; 9], 1, &[(0.1, 0.9)]);
                let mut stands = [stands];
                let mut update = |arrays: &mut [Room], from: usize, n: usize| {
                    let mut list = [std::ptr::null_mut(); ARGUMENT_COUNT];
                    for (k, at) in arrays.iter_mut().enumerate() {
                        // SAFETY: the lanes lie inside of the array.
                        let lane = unsafe { at.at().add(from * kind.size()) };
                        list[3 + k] = lane;
                        if k < 3 {
                            list[k] = lane;
                        }
                    }
                    numbers.iter_mut().enumerate().for_each(|(k, number)| list[7 + k] = number.at());
                    list[ARGUMENT_COUNT - 1] = stands.as_mut_ptr();
                    // SAFETY: the list has a valid place for everything.
                    unsafe { kernel(n, std::ptr::null_mut(), &[list.as_ptr().cast(); 5]) };
                };
                let (mut all, mut each) = (arrays(), arrays());
                update(&mut all, 0, n);
                (0..n).for_each(|lane| update(&mut each, lane, 1));
                for (lane, k) in (0..n).flat_map(|lane| [(lane, 0), (lane, 1), (lane, 2)]) {
                    let name = format!("array {k}, lane {lane} of {n} of {kind:?} on {isa}");
                    assert_eq!(all[k].bytes(lane), each[k].bytes(lane), "{name}");
                }
            }
        }
    }
}

/// Rows that are summed up one by one, parts that go on where they have stopped, and columns.
#[test]
fn reductions_stay_within_what_they_combine() {
    for (isa, kind) in Isa::available().into_iter().flat_map(|isa| KINDS.map(|kind| (isa, kind))) {
        for (combine, length) in [Combine::Sum, Combine::Max, Combine::CheckFinite]
            .into_iter()
            .flat_map(|c| LENGTHS.map(move |n| (c, n)))
        {
            if length == 0 {
                continue;
            }
            let of = ReduceKernels::new(combine, kind, isa);
            let name = format!("{combine:?} of {length} {kind:?} on {isa}");
            let mut x = Room::new(kind, 3 * length, (-2.0, 2.0), 1);
            let mut each = Room::new(kind, 3, (0.0, 0.0), 0);
            let mut alone = Room::new(kind, 1, (0.0, 0.0), 0);
            let mut parts = Room::new(kind, 32, (0.0, 0.0), 0);
            let mut columns = Room::new(kind, length, (0.0, 0.0), 0);
            // SAFETY: all have the lengths that the calls say.
            unsafe {
                of.rows(3 * length, length, each.at(), x.at());
                for row in 0..3 {
                    let from = x.at().add(row * length * kind.size());
                    of.rows(length, length, alone.at(), from);
                    assert_eq!(each.bytes(row), alone.bytes(0), "{name}, row {row}");
                    // In two pieces that end anywhere.
                    let first = length / 3;
                    of.fill(32, parts.at());
                    of.parts(first, 0, parts.at(), from);
                    of.parts(length - first, first % 32, parts.at(), from.add(first * kind.size()));
                    of.rows(32, 32, alone.at(), parts.at());
                    assert_eq!(each.bytes(row), alone.bytes(0), "{name}, row {row} in pieces");
                }
                of.fill(length, columns.at());
                of.columns(3 * length, length, columns.at(), x.at());
                for column in 0..length {
                    of.fill(1, alone.at());
                    for row in 0..3 {
                        let element = x.at().add((row * length + column) * kind.size());
                        of.columns(1, 1, alone.at(), element);
                    }
                    assert_eq!(columns.bytes(column), alone.bytes(0), "{name}, column {column}");
                }
            }
        }
    }
}
