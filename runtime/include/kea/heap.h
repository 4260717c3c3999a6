/* Memory of one context: the fast paths that are inlined into generated code.
 *
 *     arena, 2 MB, aligned to 2 MB           a page (one slot, or 8, or as many as it needs)
 *     | header | page[0..31] | slot 0 ...    | block | block | block | not yet extended ... |
 *     | slot 1 (64 KB) | slot 2 | ...             free -> block -> block -> 0
 *
 * A block finds its page without a search: the arena's address is the block's with 21 bits
 * cleared, the page's index the next 5 bits. All blocks of a page have one size. Allocating
 * takes the first block of the current page of a size class; freeing puts the block on the list
 * of its own page. Everything rarer (an empty list, a page that was full, a page that falls
 * empty, blocks above 8 KB) is out of line in heap.c, where the design is described.
 *
 * The context's owner is the only thread that calls these.
 */
#ifndef KEA_HEAP_H
#define KEA_HEAP_H

#include <kea/abi.h>

#define KEA_ARENA_BITS 21
#define KEA_ARENA_BYTES ((size_t)1 << KEA_ARENA_BITS)
#define KEA_SLOT_BITS 16
#define KEA_SLOT_BYTES ((size_t)1 << KEA_SLOT_BITS)
#define KEA_SLOTS 32

#define KEA_SMALL_MAX 8192   /* largest block of a one-slot page */
#define KEA_SMALL_CLASSES 65 /* 0..16: multiples of 8; then eight per doubling up to 8 KB */
#define KEA_CLASSES 89       /* and up to 64 KB, in pages of eight slots */

#define KEA_INLINE static inline __attribute__((always_inline, unused))
#define KEA_LIKELY(x) __builtin_expect(!!(x), 1)
#define KEA_UNLIKELY(x) __builtin_expect(!!(x), 0)

typedef struct kea_page {
    void *free;        /* blocks to hand out, linked through their first word */
    uint32_t used;     /* blocks handed out; one more while this is a current page */
    uint32_t capacity; /* blocks that fit */
    size_t block_size; /* 0: the slot is not in use */
    char *start;       /* the first block */
    struct kea_page *next, *previous; /* queue of pages that have free blocks */
    uint32_t extended; /* blocks that have been put on the free list so far, in address order */
    uint8_t class_index;
    uint8_t slots;     /* of the span that this page is */
    uint8_t offset;    /* distance to the first slot of the span; `free` is null if not 0 */
    bool queued;
    struct kea_heap *heap;
} kea_page;

typedef struct kea_arena {
    struct kea_arena *next, *previous;
    size_t mapped;       /* bytes, of a huge block with its header */
    uint32_t free_slots; /* one bit each */
    uint32_t number;     /* in the order in which the heap got them */
    char reserved[32];
    kea_page pages[KEA_SLOTS];
} kea_arena;

typedef struct kea_heap {
    kea_page *current[KEA_CLASSES]; /* never null: `none` where there is no page */
    kea_page none;                  /* a page without blocks */
    kea_page *queue[KEA_CLASSES];   /* further pages that have free blocks */
    kea_arena *arenas, *last_arena;
    kea_arena *first_free; /* no arena before it has a free slot */
    kea_arena *huge;      /* blocks with a mapping of their own */
    kea_arena *huge_kept; /* freed ones, to be used again */
    size_t huge_kept_bytes;
    char *reserve, *reserve_end; /* address space for the next arenas */
    size_t reserve_step;
    struct kea_chunk *chunks; /* what to unmap at the end */
    kea_context *context;
} kea_heap;

/* The size class of a block, for sizes up to 64 KB. Folds to a constant for a constant. */
KEA_INLINE uint32_t kea_class_of(size_t bytes)
{
    if (bytes <= 128)
        return (uint32_t)((bytes + 7) / 8);
    uint32_t log = 63 - (uint32_t)__builtin_clzll((unsigned long long)(bytes - 1)); /* 7.. */
    return 17 + (log - 7) * 8 + (uint32_t)(((bytes - 1) >> (log - 3)) & 7);
}

/* The bytes of a block of a class. */
KEA_INLINE size_t kea_class_bytes(uint32_t class_index)
{
    if (class_index <= 16)
        return class_index < 2 ? 16 : class_index * 8;
    uint32_t step = class_index - 17;
    return ((size_t)9 + step % 8) << (4 + step / 8);
}

/* The page that a block lies in, or a later slot of its span. Any object of a heap. */
KEA_INLINE kea_page *kea_slot_of(const void *block)
{
    uintptr_t at = (uintptr_t)block;
    kea_arena *arena = (kea_arena *)(at & ~(KEA_ARENA_BYTES - 1));
    return &arena->pages[(at >> KEA_SLOT_BITS) & (KEA_SLOTS - 1)];
}

/* Out of line halves; not for generated code. */
void *kea_alloc_slow(kea_context *ctx, size_t bytes);
void kea_free_slow(void *block);
void kea_page_emptied(kea_page *page);

/* A block of at least `bytes` bytes (header included, at least 8), not initialised; aligned to
 * 16 if `bytes` is a multiple of 16, else to 8. Owned by the caller. Ends the run with a panic
 * (without unwinding) when memory is exhausted. */
KEA_INLINE void *kea_alloc_inline(kea_context *ctx, size_t bytes)
{
    if (KEA_UNLIKELY(bytes > KEA_SMALL_MAX))
        return kea_alloc_slow(ctx, bytes);
    kea_page *page = ctx->heap->current[kea_class_of(bytes)];
    void *block = page->free;
    if (KEA_UNLIKELY(block == NULL))
        return kea_alloc_slow(ctx, bytes);
    page->free = *(void **)block;
    page->used++;
    return block;
}

/* Gives back the memory of a block of this context's heap; what it refers to is left alone. */
KEA_INLINE void kea_free_inline(kea_context *ctx, void *block)
{
    (void)ctx;
    kea_page *page = kea_slot_of(block);
    void *head = page->free;
    if (KEA_UNLIKELY(head == NULL)) {
        kea_free_slow(block);
        return;
    }
    *(void **)block = head;
    page->free = block;
    if (KEA_UNLIKELY(--page->used == 0))
        kea_page_emptied(page);
}

#endif
