/* The allocator, after the published design of mimalloc (D. Leijen, B. Zorn, L. de Moura,
 * "Mimalloc: Free List Sharding in Action", APLAS 2019), cut down to what a context needs: one
 * owner, no lock, no thread-local storage, and size classes that generated code knows.
 *
 * Why it looks like this. A list that is built, mapped and filtered should come out of memory in
 * the order of its addresses, or each pass over it is a chain of cache misses. So blocks of one
 * size share pages of 64 KB with a free list each: whatever order they are freed in, the next
 * blocks handed out lie close to each other. A fresh page is extended in address order, 4 KB at
 * a time, so that memory is touched only when it is needed. When the current page is used up,
 * the fullest of the next few that have free blocks follows: fuller pages fill, emptier ones get
 * the chance to fall empty and serve other sizes.
 *
 *     current --(no block left)--> full, in no queue --(first free)--> queued
 *     queued  --(fullest of a few)--> current
 *     queued  --(last block freed)--> slots of the arena again
 *
 * The current page's `used` is one too high, so that freeing its last block and allocating it
 * again in a loop never leaves the fast path. A page has an empty free list only while it is
 * full, current, or a later slot of a span, so one test in the fast path covers all rare cases.
 *
 *     up to 8 KB    one slot      65 classes; 8 per doubling, so at most 1/8 is lost
 *     up to 64 KB   eight slots   24 classes
 *     up to 1 MB    as many slots as it takes, one block
 *     above         a mapping of its own, 2 MB aligned; grows by remapping, without copying
 *
 * Freed memory is kept: touching 4 KB anew costs more than 1 us. Arenas after the first are
 * reserved in growing steps, side by side and with huge pages; the first one is small change for
 * the kernel, so that a small program starts at once.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <string.h>
#include <sys/mman.h>

#define SPAN_BYTES_MAX ((size_t)16 << KEA_SLOT_BITS)
#define HEADER_BYTES 4096
#define CLASS_SPAN 254
#define CLASS_HUGE 255
#define EXTEND_BYTES 4096
#define CANDIDATES 8
#define RESERVE_FIRST ((size_t)32 << 20)
#define RESERVE_MAX ((size_t)1 << 30)
#define HUGE_KEPT_MAX ((size_t)256 << 20)

/* A piece of address space that holds arenas; noted in its first arena's place at the end. */
struct kea_chunk {
    struct kea_chunk *next;
    char *start;
    size_t bytes;
};

void keaint_heap_init(kea_heap *heap, kea_context *context)
{
    memset(heap, 0, sizeof *heap);
    heap->context = context;
    heap->reserve_step = KEA_ARENA_BYTES;
    for (int i = 0; i < KEA_CLASSES; i++)
        heap->current[i] = &heap->none;
}

/* Address space aligned to an arena, or null. */
static char *map_aligned(size_t bytes)
{
    size_t room = bytes + KEA_ARENA_BYTES;
    char *at = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    char *start = (char *)(((uintptr_t)at + KEA_ARENA_BYTES - 1) & ~(KEA_ARENA_BYTES - 1));
    if (start > at)
        munmap(at, (size_t)(start - at));
    if (at + room > start + bytes)
        munmap(start + bytes, (size_t)(at + room - (start + bytes)));
    return start;
}

static bool reserve_more(kea_heap *heap)
{
    size_t bytes = heap->reserve_step;
    char *start = map_aligned(bytes);
    while (start == NULL && bytes > KEA_ARENA_BYTES) {
        bytes /= 2;
        start = map_aligned(bytes);
    }
    if (start == NULL)
        return false;
    if (heap->chunks != NULL)
        madvise(start, bytes, MADV_HUGEPAGE);
    heap->reserve = start;
    heap->reserve_end = start + bytes;
    heap->reserve_step = bytes < RESERVE_FIRST ? RESERVE_FIRST : bytes < RESERVE_MAX ? bytes * 2 : bytes;

    /* The chunk's note lies in the header page of its first arena, behind the page table. */
    struct kea_chunk *chunk = (struct kea_chunk *)(start + HEADER_BYTES - sizeof *chunk);
    chunk->next = heap->chunks;
    chunk->start = start;
    chunk->bytes = bytes;
    heap->chunks = chunk;
    return true;
}

static kea_arena *new_arena(kea_heap *heap)
{
    if (heap->reserve == heap->reserve_end && !reserve_more(heap))
        return NULL;
    kea_arena *arena = (kea_arena *)heap->reserve;
    heap->reserve += KEA_ARENA_BYTES;
    arena->free_slots = UINT32_MAX;
    arena->number = heap->last_arena == NULL ? 0 : heap->last_arena->number + 1;
    arena->previous = heap->last_arena;
    if (heap->last_arena == NULL)
        heap->arenas = arena;
    else
        heap->last_arena->next = arena;
    heap->last_arena = arena;
    if (heap->first_free == NULL)
        heap->first_free = arena;
    return arena;
}

/* The lowest run of `slots` free slots in an arena, or -1. */
static int find_slots(uint32_t free_slots, uint32_t slots)
{
    uint32_t runs = free_slots; /* bit i: slots i .. i + n - 1 are free */
    for (uint32_t n = 1; n < slots; n++)
        runs &= runs >> 1;
    return runs == 0 ? -1 : __builtin_ctz(runs);
}

/* A page of `slots` slots without blocks yet, or null when memory is exhausted. */
static kea_page *new_page(kea_heap *heap, uint32_t slots)
{
    while (heap->first_free != NULL && heap->first_free->free_slots == 0)
        heap->first_free = heap->first_free->next;
    kea_arena *arena = heap->first_free;
    int slot = -1;
    for (; arena != NULL; arena = arena->next) {
        slot = find_slots(arena->free_slots, slots);
        if (slot >= 0)
            break;
    }
    if (arena == NULL) {
        arena = new_arena(heap);
        if (arena == NULL)
            return NULL;
        slot = 0;
    }
    arena->free_slots &= ~((slots == 32 ? UINT32_MAX : ((uint32_t)1 << slots) - 1) << slot);
    kea_page *page = &arena->pages[slot];
    for (uint32_t i = 0; i < slots; i++) {
        page[i].free = NULL;
        page[i].offset = (uint8_t)i;
    }
    page->slots = (uint8_t)slots;
    page->start = (char *)arena + ((size_t)slot << KEA_SLOT_BITS) + (slot == 0 ? HEADER_BYTES : 0);
    page->used = 0;
    page->extended = 0;
    page->queued = false;
    page->heap = heap;
    return page;
}

/* Puts the next few blocks on the free list, in the order of their addresses. */
static void extend(kea_page *page)
{
    uint32_t count = (uint32_t)(EXTEND_BYTES / page->block_size);
    if (count == 0)
        count = 1;
    if (count > page->capacity - page->extended)
        count = page->capacity - page->extended;
    char *block = page->start + page->extended * page->block_size;
    void *first = block;
    for (uint32_t i = 1; i < count; i++) {
        *(void **)block = block + page->block_size;
        block += page->block_size;
    }
    *(void **)block = page->free;
    page->free = first;
    page->extended += count;
}

static void enqueue(kea_page *page)
{
    kea_page **queue = &page->heap->queue[page->class_index];
    page->next = *queue;
    page->previous = NULL;
    if (*queue != NULL)
        (*queue)->previous = page;
    *queue = page;
    page->queued = true;
}

static void dequeue(kea_page *page)
{
    if (page->previous == NULL)
        page->heap->queue[page->class_index] = page->next;
    else
        page->previous->next = page->next;
    if (page->next != NULL)
        page->next->previous = page->previous;
    page->queued = false;
}

/* The fullest of the first few pages that have free blocks, or null. */
static kea_page *take_fullest(kea_heap *heap, uint32_t class_index)
{
    kea_page *best = heap->queue[class_index], *page = best;
    for (int i = 0; page != NULL && i < CANDIDATES; i++, page = page->next)
        if (page->used > best->used)
            best = page;
    if (best != NULL)
        dequeue(best);
    return best;
}

static kea_page *new_class_page(kea_heap *heap, uint32_t class_index)
{
    uint32_t slots = class_index < KEA_SMALL_CLASSES ? 1 : 8;
    kea_page *page = new_page(heap, slots);
    if (page == NULL)
        return NULL;
    size_t header = (size_t)page->start & (KEA_SLOT_BYTES - 1);
    page->class_index = (uint8_t)class_index;
    page->block_size = kea_class_bytes(class_index);
    page->capacity = (uint32_t)(((slots << KEA_SLOT_BITS) - header) / page->block_size);
    return page;
}

static void *pop(kea_page *page)
{
    void *block = page->free;
    page->free = *(void **)block;
    page->used++;
    return block;
}

static void *alloc_class(kea_context *ctx, uint32_t class_index)
{
    kea_heap *heap = ctx->heap;
    kea_page *page = heap->current[class_index];
    if (page->free == NULL && page->extended == page->capacity) {
        page->used--; /* It is current no longer. All its blocks are in use: no queue. */
        page = take_fullest(heap, class_index);
        if (page == NULL)
            page = new_class_page(heap, class_index);
        if (page == NULL) {
            heap->current[class_index] = &heap->none;
            keaint_out_of_memory(ctx);
        }
        page->used++;
        heap->current[class_index] = page;
    }
    if (page->free == NULL)
        extend(page);
    return pop(page);
}

static void *alloc_span(kea_context *ctx, size_t bytes)
{
    uint32_t slots = (uint32_t)((bytes + KEA_SLOT_BYTES - 1) >> KEA_SLOT_BITS);
    kea_page *page = new_page(ctx->heap, slots);
    /* The first slot of an arena is shorter. */
    if (page != NULL && page->start + bytes > (char *)((uintptr_t)page->start & ~(KEA_SLOT_BYTES - 1)) + ((size_t)slots << KEA_SLOT_BITS)) {
        kea_arena *arena = (kea_arena *)((uintptr_t)page & ~(KEA_ARENA_BYTES - 1));
        page->block_size = 0;
        arena->free_slots |= ((uint32_t)1 << slots) - 1;
        page = new_page(ctx->heap, slots + 1);
    }
    if (page == NULL)
        keaint_out_of_memory(ctx);
    size_t header = (size_t)page->start & (KEA_SLOT_BYTES - 1);
    page->class_index = CLASS_SPAN;
    page->block_size = ((size_t)page->slots << KEA_SLOT_BITS) - header;
    page->capacity = page->extended = page->used = 1;
    return page->start;
}

static void link_huge(kea_heap *heap, kea_arena *arena)
{
    arena->previous = NULL;
    arena->next = heap->huge;
    if (heap->huge != NULL)
        heap->huge->previous = arena;
    heap->huge = arena;
}

static void unlink_huge(kea_heap *heap, kea_arena *arena)
{
    if (arena->previous == NULL)
        heap->huge = arena->next;
    else
        arena->previous->next = arena->next;
    if (arena->next != NULL)
        arena->next->previous = arena->previous;
}

/* A kept mapping of fitting size, or null. */
static kea_arena *reuse_huge(kea_heap *heap, size_t mapped)
{
    for (kea_arena **at = &heap->huge_kept; *at != NULL; at = &(*at)->next) {
        kea_arena *arena = *at;
        if (arena->mapped >= mapped && arena->mapped / 2 <= mapped) {
            *at = arena->next;
            heap->huge_kept_bytes -= arena->mapped;
            return arena;
        }
    }
    return NULL;
}

static void *alloc_huge(kea_context *ctx, size_t bytes)
{
    kea_heap *heap = ctx->heap;
    if (bytes > PTRDIFF_MAX - KEA_ARENA_BYTES)
        keaint_out_of_memory(ctx);
    size_t mapped = (bytes + HEADER_BYTES + 4095) & ~(size_t)4095;
    kea_arena *arena = reuse_huge(heap, mapped);
    if (arena == NULL) {
        arena = (kea_arena *)map_aligned(mapped);
        if (arena == NULL)
            keaint_out_of_memory(ctx);
        madvise(arena, mapped, MADV_HUGEPAGE);
        arena->mapped = mapped;
    }
    link_huge(heap, arena);
    kea_page *page = &arena->pages[0];
    page->heap = heap;
    page->start = (char *)arena + HEADER_BYTES;
    page->block_size = arena->mapped - HEADER_BYTES;
    page->class_index = CLASS_HUGE;
    page->capacity = page->extended = page->used = 1;
    return page->start;
}

static void free_huge(kea_heap *heap, kea_arena *arena)
{
    unlink_huge(heap, arena);
    if (heap->huge_kept_bytes + arena->mapped > HUGE_KEPT_MAX) {
        munmap(arena, arena->mapped);
        return;
    }
    heap->huge_kept_bytes += arena->mapped;
    arena->next = heap->huge_kept;
    heap->huge_kept = arena;
}

void *kea_alloc_slow(kea_context *ctx, size_t bytes)
{
    if (bytes <= KEA_SLOT_BYTES)
        return alloc_class(ctx, kea_class_of(bytes));
    if (bytes <= SPAN_BYTES_MAX)
        return alloc_span(ctx, bytes);
    return alloc_huge(ctx, bytes);
}

static void give_back_slots(kea_page *page)
{
    kea_heap *heap = page->heap;
    kea_arena *arena = (kea_arena *)((uintptr_t)page & ~(KEA_ARENA_BYTES - 1));
    uint32_t slot = (uint32_t)(page - arena->pages);
    arena->free_slots |= (((uint32_t)1 << page->slots) - 1) << slot;
    page->block_size = 0;
    page->free = NULL;
    if (heap->first_free == NULL || arena->number < heap->first_free->number)
        heap->first_free = arena;
}

void kea_page_emptied(kea_page *page)
{
    dequeue(page);
    give_back_slots(page);
}

void kea_free_slow(void *block)
{
    kea_page *page = kea_slot_of(block);
    page -= page->offset;
    kea_heap *heap = page->heap;
    if (page->class_index == CLASS_HUGE) {
        page->used = 0;
        free_huge(heap, (kea_arena *)((uintptr_t)page & ~(KEA_ARENA_BYTES - 1)));
        return;
    }
    if (page->class_index == CLASS_SPAN) {
        page->used = 0;
        give_back_slots(page);
        return;
    }
    bool had_free = page->free != NULL;
    *(void **)block = page->free;
    page->free = block;
    page->used--;
    if (heap->current[page->class_index] == page)
        return;
    if (page->used == 0) {
        if (page->queued)
            dequeue(page);
        give_back_slots(page);
    } else if (!had_free) {
        enqueue(page);
    }
}

size_t keaint_block_bytes(const void *object)
{
    kea_page *page = kea_slot_of(object);
    return (page - page->offset)->block_size;
}

/* Moves a huge block's pages to a larger mapping. Null when there is none. */
static void *remap_huge(kea_heap *heap, kea_arena *arena, size_t bytes)
{
    size_t mapped = (bytes + HEADER_BYTES + 4095) & ~(size_t)4095;
    char *to = map_aligned(mapped);
    if (to == NULL)
        return NULL;
    unlink_huge(heap, arena);
    if (mremap(arena, arena->mapped, mapped, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED) {
        munmap(to, mapped);
        link_huge(heap, arena);
        return NULL;
    }
    madvise(to, mapped, MADV_HUGEPAGE);
    arena = (kea_arena *)to;
    arena->mapped = mapped;
    arena->pages[0].start = to + HEADER_BYTES;
    arena->pages[0].block_size = mapped - HEADER_BYTES;
    link_huge(heap, arena);
    return to + HEADER_BYTES;
}

void *keaint_grow(kea_context *ctx, void *object, size_t keep, size_t bytes)
{
    kea_page *page = kea_slot_of(object);
    page -= page->offset;
    if (bytes > PTRDIFF_MAX - KEA_ARENA_BYTES)
        keaint_out_of_memory(ctx);
    if (page->class_index == CLASS_HUGE) {
        void *moved = remap_huge(ctx->heap, (kea_arena *)((uintptr_t)page & ~(KEA_ARENA_BYTES - 1)), bytes);
        if (moved == NULL)
            keaint_out_of_memory(ctx);
        return moved;
    }
    void *larger = kea_alloc_inline(ctx, bytes);
    memcpy(larger, object, keep);
    kea_free_inline(ctx, object);
    return larger;
}

void keaint_heap_destroy(kea_heap *heap)
{
    for (kea_arena *arena = heap->huge, *next; arena != NULL; arena = next) {
        next = arena->next;
        munmap(arena, arena->mapped);
    }
    for (kea_arena *arena = heap->huge_kept, *next; arena != NULL; arena = next) {
        next = arena->next;
        munmap(arena, arena->mapped);
    }
    for (struct kea_chunk *chunk = heap->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        munmap(chunk->start, chunk->bytes);
    }
}

static int64_t live_in(const kea_arena *arena)
{
    int64_t live = 0;
    for (int i = 0; i < KEA_SLOTS; i++) {
        const kea_page *page = &arena->pages[i];
        if ((arena->free_slots >> i & 1) != 0 || page->offset != 0)
            continue;
        bool current = page->class_index < KEA_CLASSES && page->heap->current[page->class_index] == page;
        live += (int64_t)page->used - current;
    }
    return live;
}

int64_t kea_heap_live(kea_context *ctx)
{
    int64_t live = 0;
    for (const kea_arena *arena = ctx->heap->arenas; arena != NULL; arena = arena->next)
        live += live_in(arena);
    for (const kea_arena *arena = ctx->heap->huge; arena != NULL; arena = arena->next)
        live++;
    return live;
}

__attribute__((always_inline)) void *kea_alloc(kea_context *ctx, size_t bytes)
{
    return kea_alloc_inline(ctx, bytes);
}

__attribute__((always_inline)) void kea_free(kea_context *ctx, void *object)
{
    kea_free_inline(ctx, object);
}
