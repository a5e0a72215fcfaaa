//! What a command does and moves.

/// What a command does, for [`Program::explain`](crate::Program::explain).
pub(crate) struct Cost {
    pub name: String,
    /// Floating point operations.
    pub flops: usize,
    /// Bytes read and written.
    pub bytes: usize,
    /// Whether the command allocates memory and runs on Burn's Flex device.
    pub falls_back: bool,
}
