/* What the files of the allocator share: arenas.c below, heap.c and large.c on top of it. */
#ifndef KEAINT_HEAP_PARTS_H
#define KEAINT_HEAP_PARTS_H

#include "internal.h"

#define KEAINT_HEADER_BYTES 4096 /* of an arena or a huge block; blocks begin behind it */
#define KEAINT_SPAN_BYTES_MAX ((size_t)16 << KEA_SLOT_BITS)
#define KEAINT_CLASS_SPAN 254    /* class_index of a page that is one block */
#define KEAINT_CLASS_HUGE 255

static inline kea_arena *keaint_arena_of(const kea_page *page)
{
    return (kea_arena *)((uintptr_t)page & ~(KEA_ARENA_BYTES - 1));
}

/* ---- arenas.c ---- */

/* Address space aligned to an arena, or null. */
char *keaint_map_aligned(size_t bytes);
/* A page of `slots` slots without blocks yet, or null when memory is exhausted. */
kea_page *keaint_new_page(kea_heap *heap, uint32_t slots);
/* Ends a page; its slots serve other pages. */
void keaint_give_back_slots(kea_page *page);
void keaint_unmap_arenas(kea_heap *heap);

/* ---- large.c ---- */

/* A block of its own, of up to KEAINT_SPAN_BYTES_MAX. */
void *keaint_alloc_span(kea_context *ctx, size_t bytes);
/* A block with a mapping of its own. */
void *keaint_alloc_huge(kea_context *ctx, size_t bytes);
void keaint_free_huge(kea_heap *heap, kea_arena *arena);
void keaint_unmap_huge(kea_heap *heap);

#endif
