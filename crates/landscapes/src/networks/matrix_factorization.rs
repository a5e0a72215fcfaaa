use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "matrix_factorization",
    family: Family::Network,
    formula: "½ ‖UV' − M‖²_F, U of rows × rank and V of columns × rank in row-major order, M with k, …, 2, 1 on the diagonal, \
              k = min(rows, columns)",
    dims: Dims::Of(|p| p.whole("rank") * (p.whole("rows") + p.whole("columns"))),
    parameters: &[
        Parameter::whole("rows", 4.0, [1.0, 1000.0], "of M"),
        Parameter::whole("columns", 3.0, [1.0, 1000.0], "of M"),
        Parameter::whole("rank", 2.0, [1.0, 1000.0], "of the factors"),
    ],
    note: "A linear network with one hidden layer. All minima are global, on orbits of the general linear group; every other \
           critical point is a strict saddle.",
    source: "P. Baldi and K. Hornik, Neural networks and principal component analysis: learning from examples without local \
             minima, Neural Networks 2 (1989) 53–58",
    check: |_, p| match p["rank"] <= p["rows"].min(p["columns"]) {
        true => Ok(()),
        false => Err(Error::Parameter(format!(
            "`rank` of `matrix_factorization` is {}, more than a matrix of {} × {} can have; lower it.",
            p["rank"], p["rows"], p["columns"]
        ))),
    },
    make: |n, p| {
        let [rows, columns, rank] = ["rows", "columns", "rank"].map(|name| p.whole(name));
        let least = rows.min(columns);
        let strength = move |k: usize| (least - k) as f64;
        let half = move |from: usize| (from..least).map(|k| strength(k).powi(2)).sum::<f64>() / 2.0;
        // The strongest directions, shared evenly by both factors.
        let best = weights(n, |at| {
            let at = at as usize;
            let (row, column) =
                if at < rows * rank { (at / rank, at % rank) } else { (at / rank - rows, at % rank) };
            if row == column { strength(row).sqrt() } else { 0.0 }
        });
        let start = weights(n, |at| 0.1 * (1.7 * (at + 1.0)).sin());
        let facts = Facts::in_cube(n, -2.5, 2.5)
            .start(start)
            .flat_minimum(best, half(rank), rank * rank)
            .saddle(vec![0.0; n], half(0), rank * least, rank * (rows + columns) - 2 * rank * least)
            .lowest(Lowest::Everywhere(half(rank)));
        Made::squares(facts, move |x| {
            let u = x.clone().slice(0..rows * rank).reshape([rows, rank]);
            let v = x.clone().slice(rows * rank..n).reshape([columns, rank]);
            let target: Vec<f64> = (0..rows * columns)
                .map(|at| if at / columns == at % columns { strength(at % columns) } else { 0.0 })
                .collect();
            (u.matmul(v.transpose()) - matrix(&target, columns, &x)).reshape([rows * columns]) * 0.5f64.sqrt()
        })
    },
    ..Entry::COMMON
};
