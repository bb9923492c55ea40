//! Where chance comes from. Everything random is drawn from the seed: our own choices from [`Dice`], and whatever asks the
//! operating system (keys, nonces, instances, the order of hash maps, election times, the order in which tokio looks at
//! branches) from the `getrandom` below, which takes the place of the C library's. It is drawn by each thread for itself,
//! and a seed has a thread that did nothing before, so that nothing of another one is left in it.

use core::cell::Cell;

/// A small generator (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Chance for one purpose under a seed: a purpose more does not change the others.
    #[must_use]
    pub fn new(seed: u64, purpose: u64) -> Self {
        Dice(mix(seed ^ purpose.wrapping_mul(0xD6E8_FEB8_6659_FD93)))
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number below the bound, 0 where there is none.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }

    /// A number from one to the other, both included.
    pub fn within(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to - from + 1)
    }

    /// Whether one of so many.
    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    /// One of these.
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        let at = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of.get(at)
    }

    /// These in another order.
    pub fn shuffle<T>(&mut self, of: &mut [T]) {
        for last in (1..of.len()).rev() {
            of.swap(last, usize::try_from(self.below(last as u64 + 1)).unwrap_or(0));
        }
    }
}

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

thread_local! {
    /// What the operating system would give, under the seed.
    static SYSTEM: Cell<u64> = const { Cell::new(0) };
}

/// From now on the operating system's random numbers follow from this seed, in this thread.
pub fn seed_system(seed: u64) {
    SYSTEM.set(mix(seed.wrapping_add(0x5157_7E3A)));
}

/// Takes the place of the C library's function of this name, for the standard library, the crates `getrandom` and `rand`,
/// and whatever else asks.
///
/// # Safety
/// `buffer` is good for `length` bytes, as the C library demands of its callers.
#[allow(unsafe_code, reason = "the one door through which chance comes in is the C library's")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getrandom(buffer: *mut u8, length: usize, _flags: u32) -> isize {
    if length > 0 {
        // SAFETY: the caller gives a buffer of this length.
        let bytes = unsafe { core::slice::from_raw_parts_mut(buffer, length) };
        for chunk in bytes.chunks_mut(8) {
            let state = SYSTEM.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
            SYSTEM.set(state);
            chunk.copy_from_slice(&mix(state).to_le_bytes()[..chunk.len()]);
        }
    }
    isize::try_from(length).unwrap_or(isize::MAX)
}

/// Takes the place of the C library's function of this name: nodes tell each other the numbers of their processes, which
/// must not differ between two runs of a seed.
#[allow(unsafe_code, reason = "the number of the process is asked of the C library")]
#[unsafe(no_mangle)]
pub extern "C" fn getpid() -> i32 {
    4_242
}
