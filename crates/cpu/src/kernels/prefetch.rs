/// Asks for a line of memory, for the first cache or (`FAR`) the second; any address is allowed.
#[inline(always)]
pub(crate) fn prefetch<const FAR: bool>(at: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: hints, which never fault.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _MM_HINT_T1, _mm_prefetch};
        if FAR {
            _mm_prefetch::<_MM_HINT_T1>(at.cast());
        } else {
            _mm_prefetch::<_MM_HINT_T0>(at.cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}
