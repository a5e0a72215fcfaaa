//! What a traced function looks like, and what each operator makes of it.
//!
//! A graph is a list of equations `%k: type = primitive operands`, each using only earlier ones; the first line names
//! the arguments and the results. Run it with `cargo run --release --example read_the_graph`.

use burn::tensor::{Device, Tensor};
use thalweg::prelude::*;

type Result<T> = std::result::Result<T, thalweg::autodiff::Error>;

fn show<A: Tree, R: Tree>(title: &str, explanation: &str, graph: &Traced<A, R>) {
    println!("{title}\n{}\n\n{graph}", "-".repeat(title.chars().count()));
    println!("{explanation}\n");
}

fn main() -> Result<()> {
    let device = Device::flex();
    let (x, w) = (Tensor::<2>::ones([4, 3], &device), Tensor::<2>::ones([3, 2], &device));
    let loss = |(x, w): (Tensor<2>, Tensor<2>)| x.matmul(w).tanh().powi_scalar(2).mean();
    let args = (x, w);

    let value = trace(loss, &args)?;
    show(
        "The loss",
        "A square is a product, and a mean a sum over all axes divided by a constant: Burn's operations become a few\n\
         primitives as they are read.",
        &value,
    );

    let gradient = trace(grad(loss), &args)?;
    show(
        "Its gradient",
        "The forward pass comes first. Then derivatives flow backwards: the tanh contributes 1 − y², the product of\n\
         matrices its two adjoints, with transposes. What the value alone needs is gone.",
        &gradient,
    );

    let product = trace(|a: (Tensor<2>, Tensor<2>)| hvp(loss)(&a, &a).map(|(_, hv)| hv), &args)?;
    show(
        "A Hessian–vector product",
        "Forward mode over the gradient: every equation above, and beside it how its result moves. There is no Hessian\n\
         anywhere.",
        &product,
    );

    let f = |x: Tensor<1>| (x.clone() * x.sin()).sum();
    let xs = Tensor::<2>::ones([5, 3], &device);
    let many = trace(|xs: Tensor<2>| vmap::<_, _, _, _, Tensor<2>>(grad(f))(&xs), &xs)?;
    show("Five gradients at once", "The lanes are an axis in front; nothing is repeated.", &many);

    let counts = [value.func(), gradient.func(), product.func(), many.func()].map(|f| f.eqns().len());
    println!("equations: {counts:?}");
    assert!(counts[0] < counts[1] && counts[1] < counts[2]);
    for func in [value.func(), gradient.func(), product.func(), many.func()] {
        assert_eq!(func.verify(), Ok(()));
    }
    Ok(())
}
