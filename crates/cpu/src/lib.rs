//! Compiles a graph for the CPU: fused loops, planned memory, matrix products.
