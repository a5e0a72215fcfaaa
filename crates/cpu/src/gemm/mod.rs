//! Matrix products.

mod direct;
mod epilogue;
mod epilogue_args;
mod few_columns;
mod matrix;
mod pack;
mod packed;
mod panels;
mod small;
mod transpose;

pub(crate) use direct::Matmul;
pub(crate) use epilogue::Finish;
pub(crate) use packed::Packed;
