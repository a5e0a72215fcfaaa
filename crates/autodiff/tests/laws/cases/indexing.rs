use burn::tensor::{IndexingUpdateOp, Tensor};

use super::{ANY, Inputs, cases};

const V: super::Input = (&[3, 4], ANY.0, ANY.1);
const ROWS: super::Input = (&[2, 4], ANY.0, ANY.1);

/// A scatter along axis 0 whose indices name no element twice.
fn scatter(x: &Inputs, update: IndexingUpdateOp) -> Tensor<2> {
    let indices = x.ints(&[2, 0, 1, 1, 0, 1, 2, 0], [2, 4]);
    let y = x.t::<2>(0).sin().scatter(0, indices, x.t::<2>(1).exp(), update);
    y.clone() * y
}

fn select_assign(x: &Inputs, update: IndexingUpdateOp) -> Tensor<2> {
    let y = x.t::<2>(0).sin().select_assign(0, x.ints(&[2, 0], [2]), x.t::<2>(1).exp(), update);
    y.clone() * y
}

cases! {
    "gather" ["float_gather"] [V] |x: &Inputs| {
        let picked = x.t::<2>(0).gather(1, x.ints(&[3, 0, 0, 1, 1, 2], [3, 2]));
        picked.clone() * picked
    },
    "scatter add" ["float_scatter"] [V, ROWS] |x: &Inputs| {
        let indices = x.ints(&[2, 0, 1, 1, 2, 1, 1, 0], [2, 4]);
        let y = x.t::<2>(0).scatter(0, indices, x.t::<2>(1).exp(), IndexingUpdateOp::Add);
        y.clone() * y
    },
    "scatter assign" ["float_scatter"] [V, ROWS] |x| scatter(x, IndexingUpdateOp::Assign),
    "scatter mul" ["float_scatter"] [V, ROWS] |x| scatter(x, IndexingUpdateOp::Mul),
    "scatter max" ["float_scatter"] [V, ROWS] |x| scatter(x, IndexingUpdateOp::Max),
    "scatter min" ["float_scatter"] [V, ROWS] |x| scatter(x, IndexingUpdateOp::Min),
    "select" ["float_select"] [V] |x: &Inputs| {
        let rows = x.t::<2>(0).select(0, x.ints(&[2, 0, 2], [3]));
        rows.clone() * rows
    },
    "select_assign add" ["float_select_assign"] [V, ROWS] |x: &Inputs| {
        let y = x.t::<2>(0).select_assign(0, x.ints(&[1, 1], [2]), x.t::<2>(1).exp(), IndexingUpdateOp::Add);
        y.clone() * y
    },
    "select_assign assign" ["float_select_assign"] [V, ROWS] |x| select_assign(x, IndexingUpdateOp::Assign),
    "select_assign mul" ["float_select_assign"] [V, ROWS] |x| select_assign(x, IndexingUpdateOp::Mul),
    "select_assign max" ["float_select_assign"] [V, ROWS] |x| select_assign(x, IndexingUpdateOp::Max),
    "select_assign min" ["float_select_assign"] [V, ROWS] |x| select_assign(x, IndexingUpdateOp::Min),
    "embedding" ["embedding"] [V] |x: &Inputs| {
        let rows = burn::tensor::module::embedding(x.t::<2>(0), x.ints(&[2, 0, 1, 2], [2, 2]));
        rows.clone() * rows
    },
}
