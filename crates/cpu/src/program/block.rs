use std::alloc::{self, Layout};

/// Zeroed memory that stays where it is, from the start of a cache line. Pages that nothing touches cost nothing.
pub(super) struct Block {
    own: *mut u8,
    layout: Layout,
}

/// Bytes of a line of the cache.
const LINE: usize = 64;

impl Block {
    pub fn new(bytes: usize) -> Self {
        // The allocator gives fresh pages only for ordinary alignments; for others it writes zeros.
        let layout = Layout::from_size_align(bytes + LINE, 16).expect("sizes of tensors fit into memory");
        // SAFETY: the size is not zero.
        let own = unsafe { alloc::alloc_zeroed(layout) };
        if own.is_null() {
            alloc::handle_alloc_error(layout);
        }
        Block { own, layout }
    }

    /// The place so many bytes from the start.
    pub fn at(&self, offset: usize) -> *mut u8 {
        self.own.wrapping_add(self.own.align_offset(LINE) + offset)
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout.
        unsafe { alloc::dealloc(self.own, self.layout) };
    }
}
