//! Every kernel on buffers of exact length, and every elementary function against its oracle.

mod accuracy;
mod lanes;
