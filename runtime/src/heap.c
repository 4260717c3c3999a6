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
 *     above         large.c
 *
 * Pages are slots of arenas (arenas.c).
 */
#include "heap_parts.h"

#include <string.h>

#define EXTEND_BYTES 4096
#define CANDIDATES 8

void keaint_heap_init(kea_heap *heap, kea_context *context)
{
    memset(heap, 0, sizeof *heap);
    heap->context = context;
    heap->reserve_step = KEA_ARENA_BYTES;
    for (int i = 0; i < KEA_CLASSES; i++)
        heap->current[i] = &heap->none;
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
    kea_page *page = keaint_new_page(heap, slots);
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

void *kea_alloc_slow(kea_context *ctx, size_t bytes)
{
    if (bytes <= KEA_SLOT_BYTES)
        return alloc_class(ctx, kea_class_of(bytes));
    if (bytes <= KEAINT_SPAN_BYTES_MAX)
        return keaint_alloc_span(ctx, bytes);
    return keaint_alloc_huge(ctx, bytes);
}

void kea_page_emptied(kea_page *page)
{
    dequeue(page);
    keaint_give_back_slots(page);
}

void kea_free_slow(void *block)
{
    kea_page *page = kea_slot_of(block);
    page -= page->offset;
    kea_heap *heap = page->heap;
    if (page->class_index == KEAINT_CLASS_HUGE) {
        page->used = 0;
        keaint_free_huge(heap, keaint_arena_of(page));
        return;
    }
    if (page->class_index == KEAINT_CLASS_SPAN) {
        page->used = 0;
        keaint_give_back_slots(page);
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
        keaint_give_back_slots(page);
    } else if (!had_free) {
        enqueue(page);
    }
}

size_t keaint_heap_bytes(const kea_heap *heap)
{
    size_t bytes = heap->last_arena != NULL ? (heap->last_arena->number + (size_t)1) * KEA_ARENA_BYTES : 0;
    for (const kea_arena *huge = heap->huge; huge != NULL; huge = huge->next)
        bytes += huge->mapped;
    return bytes;
}

void keaint_heap_destroy(kea_heap *heap)
{
    keaint_unmap_huge(heap);
    keaint_unmap_arenas(heap);
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
