/* What is alive at the end of a run that should have released everything.
 *
 * The number is the sum of the pages' counters. Only when it is not zero the heap is walked: a
 * block is alive if it has been handed out at some time and is not on its page's free list. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MAX 20

static void count_block(const struct kea_run *run, const void *block, int64_t *counts)
{
    uint16_t layout = ((const kea_object *)block)->layout;
    counts[layout < run->program.layout_count ? layout : run->program.layout_count]++;
}

static void count_page(const struct kea_run *run, const kea_page *page, int64_t *counts)
{
    bool *is_free = calloc(page->extended, sizeof *is_free);
    if (is_free == NULL && page->extended > 0)
        return;
    for (const char *block = page->free; block != NULL; block = *(const char *const *)(const void *)block)
        is_free[(size_t)(block - page->start) / page->block_size] = true;
    for (uint32_t i = 0; i < page->extended; i++)
        if (!is_free[i])
            count_block(run, page->start + i * page->block_size, counts);
    free(is_free);
}

static void count_heap(const struct kea_run *run, int64_t *counts)
{
    const kea_heap *heap = run->context.heap;
    for (const kea_arena *arena = heap->arenas; arena != NULL; arena = arena->next)
        for (int i = 0; i < KEA_SLOTS; i++)
            if ((arena->free_slots >> i & 1) == 0 && arena->pages[i].offset == 0)
                count_page(run, &arena->pages[i], counts);
    for (const kea_arena *arena = heap->huge; arena != NULL; arena = arena->next)
        count_block(run, arena->pages[0].start, counts);
}

static void put_counts(const struct kea_run *run, const int64_t *counts, keaint_text *text)
{
    int lines = 0;
    for (int64_t i = 0; i <= run->program.layout_count && lines < LINES_MAX; i++) {
        if (counts[i] == 0)
            continue;
        keaint_put(text, "  ");
        keaint_put_int(text, counts[i]);
        keaint_put(text, " ");
        keaint_put(text, i < run->program.layout_count ? run->program.layouts[i].name : "of no known layout");
        keaint_put(text, "\n");
        lines++;
    }
}

int64_t keaint_report_leaks(struct kea_run *run)
{
    int64_t live = kea_heap_live(&run->context);
    if (live == 0)
        return 0;
    keaint_text text = {.fd = run->error_fd};
    keaint_put(&text, "kea: ");
    keaint_put_int(&text, live);
    keaint_put(&text, " live objects at exit\n");
    int64_t *counts = calloc((size_t)run->program.layout_count + 1, sizeof *counts);
    if (counts != NULL) {
        count_heap(run, counts);
        put_counts(run, counts, &text);
        free(counts);
    }
    keaint_put_flush(&text);
    return live;
}
