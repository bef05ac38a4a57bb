//! The allocator of the module: blocks of a few sizes, kept for the next of their size when they come back.
//!
//! A report is some hundred small texts and lists, made and dropped within microseconds. An allocator that joins and splits blocks
//! takes a tenth of it; one that only hands blocks on takes a fiftieth. What is larger than the largest size goes to `rlsf`.

#![expect(unsafe_code, reason = "an allocator is unsafe by its trait")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr::null_mut;

use rlsf::SmallGlobalTlsf;

/// Blocks up to this size differ by [`STEP`]; from there each doubling has four sizes.
const FINE: usize = 1 << 10;
const STEP: usize = 16;
/// The largest block that is kept.
const LARGEST: usize = 1 << 12;
/// Four for each doubling from [`FINE`] to [`LARGEST`], and one for nothing.
const SIZES: usize = FINE / STEP + 4 * (LARGEST / FINE).ilog2() as usize + 1;
/// What is asked of the allocator behind at once.
const CHUNK: usize = 1 << 16;

/// A block that is not used, which holds the next of its size.
struct Free {
    next: *mut Free,
}

pub struct Pool {
    free: UnsafeCell<[*mut Free; SIZES]>,
    /// What is left of the last chunk.
    rest: UnsafeCell<(*mut u8, usize)>,
    behind: SmallGlobalTlsf,
}

// SAFETY: the module has one thread; with threads (the target feature `atomics`) it does not compile, see below.
unsafe impl Sync for Pool {}

#[cfg(target_feature = "atomics")]
compile_error!("the pool takes no locks");

/// The place of the size that holds so many bytes, and the size.
const fn size(bytes: usize) -> (usize, usize) {
    if bytes <= FINE {
        let at = bytes.div_ceil(STEP);
        (at, at * STEP)
    } else {
        let log = (bytes - 1).ilog2();
        let quarter = 1 << (log - 2);
        let quarters = bytes.div_ceil(quarter);
        (FINE / STEP + (log - FINE.ilog2()) as usize * 4 + quarters - 4, quarters * quarter)
    }
}

const fn is_kept(layout: Layout) -> bool {
    layout.size() <= LARGEST && layout.align() <= STEP
}

impl Pool {
    pub const fn new() -> Self {
        Self { free: UnsafeCell::new([null_mut(); SIZES]), rest: UnsafeCell::new((null_mut(), 0)), behind: SmallGlobalTlsf::new() }
    }

    /// The place that holds the first block of that size.
    fn first(&self, at: usize) -> *mut *mut Free {
        // a place of `size` is within, and one check costs less than to say so
        self.free.get().cast::<*mut Free>().wrapping_add(at)
    }

    #[cold]
    #[inline(never)]
    unsafe fn carve(&self, size: usize) -> *mut u8 {
        let rest = self.rest.get();
        // SAFETY: nothing else looks at `rest` meanwhile; a chunk is at least one block.
        unsafe {
            if (*rest).1 < size {
                let chunk = self.behind.alloc(Layout::from_size_align_unchecked(CHUNK, STEP));
                if chunk.is_null() {
                    return chunk;
                }
                *rest = (chunk, CHUNK);
            }
            let block = (*rest).0;
            *rest = (block.add(size), (*rest).1 - size);
            block
        }
    }
}

// SAFETY: a block is as large as its size says, aligned to STEP, and in one list or in use, never both.
unsafe impl GlobalAlloc for Pool {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !is_kept(layout) {
            // SAFETY: as the caller says.
            return unsafe { self.behind.alloc(layout) };
        }
        let (at, size) = size(layout.size());
        let first = self.first(at);
        // SAFETY: what is in the list is a block that nobody uses.
        unsafe {
            let block = *first;
            if block.is_null() {
                return self.carve(size);
            }
            *first = (*block).next;
            block.cast()
        }
    }

    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if !is_kept(layout) {
            // SAFETY: as the caller says; it came from there, by the same question.
            return unsafe { self.behind.dealloc(block, layout) };
        }
        let first = self.first(size(layout.size()).0);
        // SAFETY: the block is of this size, and no longer used.
        unsafe {
            let block = block.cast::<Free>();
            (*block).next = *first;
            *first = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: as the caller says.
        let new = unsafe { Layout::from_size_align_unchecked(bytes, layout.align()) };
        match (is_kept(layout), is_kept(new)) {
            (true, true) if size(layout.size()).0 == size(bytes).0 => block,
            // SAFETY: as the caller says.
            (false, false) => unsafe { self.behind.realloc(block, layout, bytes) },
            // SAFETY: both blocks hold what is copied.
            _ => unsafe {
                let moved = self.alloc(new);
                if !moved.is_null() {
                    moved.copy_from_nonoverlapping(block, layout.size().min(bytes));
                    self.dealloc(block, layout);
                }
                moved
            },
        }
    }
}
