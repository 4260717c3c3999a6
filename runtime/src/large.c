/* Blocks above the size classes.
 *
 *     up to 1 MB    a page of as many slots as it takes, one block
 *     above         a mapping of its own that looks like an arena with one page
 *
 * A huge block grows by having its pages moved to a larger mapping, without a copy and without
 * touching them. Freed mappings are kept up to a limit, since a program that makes one large
 * vector per round would otherwise touch fresh memory in each.
 */
#define _GNU_SOURCE
#include "heap_parts.h"

#include <string.h>
#include <sys/mman.h>

#define HUGE_KEPT_MAX ((size_t)256 << 20)

void *keaint_alloc_span(kea_context *ctx, size_t bytes)
{
    uint32_t slots = (uint32_t)((bytes + KEA_SLOT_BYTES - 1) >> KEA_SLOT_BITS);
    kea_page *page = keaint_new_page(ctx->heap, slots);
    /* The first slot of an arena is shorter. */
    if (page != NULL && page->start + bytes > (char *)((uintptr_t)page->start & ~(KEA_SLOT_BYTES - 1)) + ((size_t)slots << KEA_SLOT_BITS)) {
        kea_arena *arena = keaint_arena_of(page);
        page->block_size = 0;
        arena->free_slots |= ((uint32_t)1 << slots) - 1;
        page = keaint_new_page(ctx->heap, slots + 1);
    }
    if (page == NULL)
        keaint_out_of_memory(ctx);
    size_t header = (size_t)page->start & (KEA_SLOT_BYTES - 1);
    page->class_index = KEAINT_CLASS_SPAN;
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

void *keaint_alloc_huge(kea_context *ctx, size_t bytes)
{
    kea_heap *heap = ctx->heap;
    if (bytes > PTRDIFF_MAX - KEA_ARENA_BYTES)
        keaint_out_of_memory(ctx);
    size_t mapped = (bytes + KEAINT_HEADER_BYTES + 4095) & ~(size_t)4095;
    kea_arena *arena = reuse_huge(heap, mapped);
    if (arena == NULL) {
        arena = (kea_arena *)keaint_map_aligned(mapped);
        if (arena == NULL)
            keaint_out_of_memory(ctx);
        madvise(arena, mapped, MADV_HUGEPAGE);
        arena->mapped = mapped;
    }
    link_huge(heap, arena);
    kea_page *page = &arena->pages[0];
    page->heap = heap;
    page->start = (char *)arena + KEAINT_HEADER_BYTES;
    page->block_size = arena->mapped - KEAINT_HEADER_BYTES;
    page->class_index = KEAINT_CLASS_HUGE;
    page->capacity = page->extended = page->used = 1;
    return page->start;
}

void keaint_free_huge(kea_heap *heap, kea_arena *arena)
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

size_t keaint_block_bytes(const void *object)
{
    kea_page *page = kea_slot_of(object);
    return (page - page->offset)->block_size;
}

/* Moves a huge block's pages to a larger mapping. Null when there is none. */
static void *remap_huge(kea_heap *heap, kea_arena *arena, size_t bytes)
{
    size_t mapped = (bytes + KEAINT_HEADER_BYTES + 4095) & ~(size_t)4095;
    char *to = keaint_map_aligned(mapped);
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
    arena->pages[0].start = to + KEAINT_HEADER_BYTES;
    arena->pages[0].block_size = mapped - KEAINT_HEADER_BYTES;
    link_huge(heap, arena);
    return to + KEAINT_HEADER_BYTES;
}

void *keaint_grow(kea_context *ctx, void *object, size_t keep, size_t bytes)
{
    kea_page *page = kea_slot_of(object);
    page -= page->offset;
    if (bytes > PTRDIFF_MAX - KEA_ARENA_BYTES)
        keaint_out_of_memory(ctx);
    if (page->class_index == KEAINT_CLASS_HUGE) {
        void *moved = remap_huge(ctx->heap, keaint_arena_of(page), bytes);
        if (moved == NULL)
            keaint_out_of_memory(ctx);
        return moved;
    }
    void *larger = kea_alloc_inline(ctx, bytes);
    memcpy(larger, object, keep);
    kea_free_inline(ctx, object);
    return larger;
}

static void unmap_all(kea_arena *arena)
{
    for (kea_arena *next; arena != NULL; arena = next) {
        next = arena->next;
        munmap(arena, arena->mapped);
    }
}

void keaint_unmap_huge(kea_heap *heap)
{
    unmap_all(heap->huge);
    unmap_all(heap->huge_kept);
}
