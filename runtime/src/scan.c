/* Looking through a program's memory for references to code and immortal objects.
 *
 * A page of the heap knows its blocks; those that are on its free list or have never been handed
 * out are left aside, and all others count as alive, whether something reaches them or not. Where
 * references lie in an object the layout table says. The stack has no such table: any word of it
 * that leads into a range counts. So a range with counts of zero is not referred to; the opposite
 * may, seldom, not be so.
 *
 *     reference --page number--> filter (1 bit for 1 in 65536 pages) --> binary search in the ranges
 *
 * Hardly any reference passes the filter, so the cost is that of reading memory once.
 */
#include "heap_parts.h"

#include <kea/scan.h>
#include <string.h>

#define PAGE_BITS 12
#define FILTER_BITS 65536
#define BLOCKS_MAX (KEA_SLOT_BYTES / 16) /* of a page of one slot; larger classes have fewer */

typedef struct scanner {
    kea_scan *scan;
    const kea_layout *layouts;
    int64_t layout_count;
    uint64_t filter[FILTER_BITS / 64];
} scanner;

static size_t filter_bit(uintptr_t at)
{
    return (at >> PAGE_BITS) % FILTER_BITS;
}

static void fill_filter(scanner *s)
{
    memset(s->filter, 0, sizeof s->filter);
    for (int64_t i = 0; i < s->scan->count; i++) {
        const kea_scan_range *range = &s->scan->ranges[i];
        if (range->end <= range->start)
            continue; /* Nothing leads there. */
        for (uintptr_t page = range->start >> PAGE_BITS; page <= (range->end - 1) >> PAGE_BITS; page++)
            s->filter[page % FILTER_BITS / 64] |= (uint64_t)1 << (page % 64);
    }
}

static kea_scan_range *find(const scanner *s, uintptr_t at)
{
    size_t bit = filter_bit(at);
    if (KEA_LIKELY((s->filter[bit / 64] >> (bit % 64) & 1) == 0))
        return NULL;
    int64_t low = 0, high = s->scan->count; /* ranges before low begin at or before `at` */
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (s->scan->ranges[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && at < s->scan->ranges[low - 1].end ? &s->scan->ranges[low - 1] : NULL;
}

/* True if the reference leads into a range. */
static inline bool refer(const scanner *s, uintptr_t at, int64_t layout)
{
    kea_scan_range *range = find(s, at);
    if (KEA_LIKELY(range == NULL))
        return false;
    range->values++;
    if (layout >= 0)
        range->layout = layout;
    return true;
}

static void note_closure(kea_scan *scan, const kea_object *closure)
{
    if (scan->closures != NULL && scan->closure_count < scan->closure_room)
        scan->closures[scan->closure_count] = closure;
    scan->closure_count++;
}

static inline uintptr_t word_at(const char *at)
{
    return *(const uintptr_t *)(const void *)at;
}

static void scan_parts(const scanner *s, const kea_layout *layout, int64_t number, const char *part, const char *end)
{
    for (uint32_t i = 0; i < layout->reference_count; i++) {
        const char *at = part + layout->reference_offsets[i];
        if (at + sizeof(uintptr_t) <= end)
            refer(s, word_at(at), number);
    }
}

/* A block need not hold an object (its memory may be kept for the next one), so nothing that stands
 * in it is relied on: neither its header nor its length. */
static void scan_block(scanner *s, const char *block, size_t bytes)
{
    const char *end = block + bytes;
    const kea_object *object = (const kea_object *)(const void *)block;
    uint16_t number = object->layout;
    s->scan->bytes += (int64_t)(bytes < 64 ? bytes : 64);
    if (number >= s->layout_count || s->layouts[number].name == NULL)
        return;
    const kea_layout *layout = &s->layouts[number];
    if (s->scan->layouts != NULL)
        s->scan->layouts[number] = 1;
    switch ((kea_layout_kind)layout->kind) {
    case KEA_KIND_STRING:
        return;
    case KEA_KIND_CLOSURE:
        if (refer(s, (uintptr_t)((const kea_closure *)object)->code, number))
            note_closure(s->scan, object);
        scan_parts(s, layout, number, block, end);
        return;
    case KEA_KIND_FIELDS:
        scan_parts(s, layout, number, block, end);
        return;
    case KEA_KIND_VECTOR:
        break;
    }
    if (layout->reference_count == 0 || layout->size == 0)
        return;
    const kea_vector *vector = (const kea_vector *)object;
    const char *element = vector->elements;
    int64_t room = (int64_t)((size_t)(end - element) / layout->size);
    int64_t length = vector->length < 0 ? 0 : vector->length < room ? vector->length : room;
    s->scan->bytes += length * layout->size;
    for (int64_t i = 0; i < length; i++, element += layout->size)
        scan_parts(s, layout, number, element, end);
}

static void scan_page(scanner *s, const kea_page *page)
{
    if (page->extended == 0)
        return;
    uint64_t is_free[BLOCKS_MAX / 64 + 1];
    memset(is_free, 0, (page->extended / 64 + 1) * sizeof is_free[0]);
    uint32_t size = (uint32_t)page->block_size;
    for (const char *block = page->free; block != NULL; block = (const char *)word_at(block)) {
        uint32_t i = (uint32_t)(block - page->start) / size;
        is_free[i / 64] |= (uint64_t)1 << (i % 64);
    }
    for (uint32_t i = 0; i < page->extended; i++)
        if ((is_free[i / 64] >> (i % 64) & 1) == 0)
            scan_block(s, page->start + (size_t)i * size, size);
}

static void scan_heap(scanner *s, const kea_heap *heap)
{
    for (const kea_arena *arena = heap->arenas; arena != NULL; arena = arena->next)
        for (int i = 0; i < KEA_SLOTS; i++) {
            const kea_page *page = &arena->pages[i];
            if ((arena->free_slots >> i & 1) != 0 || page->offset != 0)
                continue;
            if (page->class_index < KEA_CLASSES)
                scan_page(s, page);
            else
                scan_block(s, page->start, page->block_size);
        }
    for (const kea_arena *arena = heap->huge; arena != NULL; arena = arena->next)
        scan_block(s, arena->pages[0].start, arena->pages[0].block_size);
}

/* The checkers of addresses are right that words of other frames are none of a function's business. */
__attribute__((no_sanitize("address"))) static void scan_stack(scanner *s, const char *low, const char *high)
{
    const uintptr_t *at = (const uintptr_t *)(((uintptr_t)low + sizeof *at - 1) & ~(sizeof *at - 1));
    const uintptr_t *end = (const uintptr_t *)(const void *)high;
    s->scan->bytes += high - low;
    for (; at < end; at++) {
        kea_scan_range *range = find(s, *at);
        if (range != NULL)
            range->words++;
    }
}

void kea_live_scan(kea_context *ctx, kea_scan *scan)
{
    struct kea_run *run = ctx->run;
    scan->bytes = scan->closure_count = 0;
    if (run->is_over)
        return;
    scanner s = {.scan = scan, .layouts = ctx->layouts, .layout_count = run->program.layout_count};
    fill_filter(&s);
    scan_heap(&s, ctx->heap);
    for (const kea_kept *kept = run->kept; kept != NULL; kept = kept->next) {
        refer(&s, (uintptr_t)kept->name, -1);
        refer(&s, (uintptr_t)kept->box, -1);
        refer(&s, (uintptr_t)kept->type, -1);
    }
    scan_stack(&s, run->parked, run->stack_high);
}
