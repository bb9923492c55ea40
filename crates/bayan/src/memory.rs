//! Memory that is free goes back to the system.

/// To be called when something is done that needed much for a short time, such as re-executing history: what the allocator
/// keeps of it would stay resident for as long as the process lives. It takes some milliseconds. Other allocators than glibc's
/// give back by themselves.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(unsafe_code, reason = "the allocator's own call; there is no safe form of it")]
    // SAFETY: it is given no memory of ours and may be called at any time, from any thread (malloc_trim(3): MT-Safe).
    unsafe {
        libc::malloc_trim(0);
    }
}
