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

pub(crate) use direct::DirectGemm;
pub(crate) use epilogue::Epilogue;
pub(crate) use packed::PackedGemm;
