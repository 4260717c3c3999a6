/* Where pages come from: arenas of 2 MB, and the address space for them.
 *
 *     chunk: | arena | arena | arena | ... reserved, not yet handed out |
 *
 * The first chunk is one arena, small change for the kernel, so that a small program starts at
 * once; further ones are reserved in growing steps with huge pages, and handed out side by side,
 * in order. Slots are taken from the oldest arena that has room, lowest first, so that a heap
 * that has shrunk fills from the front again. Memory goes back to the system with the heap only:
 * touching 4 KB anew costs more than 1 us.
 */
#define _GNU_SOURCE
#include "heap_parts.h"

#include <sys/mman.h>

#define RESERVE_FIRST ((size_t)32 << 20)
#define RESERVE_MAX ((size_t)1 << 30)

/* A piece of address space that holds arenas; its note lies in the header of the first one. */
struct kea_chunk {
    struct kea_chunk *next;
    char *start;
    size_t bytes;
};

char *keaint_map_aligned(size_t bytes)
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
    char *start = keaint_map_aligned(bytes);
    while (start == NULL && bytes > KEA_ARENA_BYTES) {
        bytes /= 2;
        start = keaint_map_aligned(bytes);
    }
    if (start == NULL)
        return false;
    if (heap->chunks != NULL)
        madvise(start, bytes, MADV_HUGEPAGE);
    heap->reserve = start;
    heap->reserve_end = start + bytes;
    heap->reserve_step = bytes < RESERVE_FIRST ? RESERVE_FIRST : bytes < RESERVE_MAX ? bytes * 2 : bytes;

    /* The chunk's note lies in the header page of its first arena, behind the page table. */
    struct kea_chunk *chunk = (struct kea_chunk *)(start + KEAINT_HEADER_BYTES - sizeof *chunk);
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

kea_page *keaint_new_page(kea_heap *heap, uint32_t slots)
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
    page->start = (char *)arena + ((size_t)slot << KEA_SLOT_BITS) + (slot == 0 ? KEAINT_HEADER_BYTES : 0);
    page->used = 0;
    page->extended = 0;
    page->queued = false;
    page->heap = heap;
    return page;
}

void keaint_give_back_slots(kea_page *page)
{
    kea_heap *heap = page->heap;
    kea_arena *arena = keaint_arena_of(page);
    uint32_t slot = (uint32_t)(page - arena->pages);
    arena->free_slots |= (((uint32_t)1 << page->slots) - 1) << slot;
    page->block_size = 0;
    page->free = NULL;
    if (heap->first_free == NULL || arena->number < heap->first_free->number)
        heap->first_free = arena;
}

void keaint_unmap_arenas(kea_heap *heap)
{
    for (struct kea_chunk *chunk = heap->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        munmap(chunk->start, chunk->bytes);
    }
}
