use std::alloc;
use std::alloc::Layout;

/// Zeroed memory that stays where it is, from the start of a cache line. Pages that nothing touches cost nothing.
pub(crate) struct Arena {
    own: *mut u8,
    layout: Layout,
}

/// Bytes of a line of the cache.
const LINE: usize = 64;

impl Arena {
    pub fn new(bytes: usize) -> Self {
        // The allocator gives fresh pages only for ordinary alignments; for others it writes zeros.
        let layout = Layout::from_size_align(bytes + LINE, 16).expect("sizes of tensors fit into memory");
        // SAFETY: the size is not zero.
        let own = unsafe { alloc::alloc_zeroed(layout) };
        if own.is_null() {
            alloc::handle_alloc_error(layout);
        }
        ask_for_large_pages(own, layout.size());
        Arena { own, layout }
    }

    /// The place so many bytes from the start.
    pub fn at(&self, offset: usize) -> *mut u8 {
        self.own.wrapping_add(self.own.align_offset(LINE) + offset)
    }
}

/// Memory from which on large pages pay: loops that stream through it wait for the tables of small ones.
#[cfg(target_os = "linux")]
const LARGE: usize = 8 << 20;

/// Asks for large pages, which Linux gives to those who ask; without them everything works as well, but slower.
#[cfg(target_os = "linux")]
fn ask_for_large_pages(start: *mut u8, bytes: usize) {
    const PAGE: usize = 4096;
    if bytes >= LARGE {
        let inside = start.align_offset(PAGE);
        // SAFETY: whole pages of memory that was just allocated, of which the hint changes no content.
        unsafe { libc::madvise(start.add(inside).cast(), (bytes - inside) / PAGE * PAGE, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn ask_for_large_pages(_: *mut u8, _: usize) {}

impl Drop for Arena {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout.
        unsafe { alloc::dealloc(self.own, self.layout) };
    }
}
