/* What is alive at the end of a run that should have released everything.
 *
 * The number is the sum of the pages' counters. Only when it is not zero the heap is walked: a
 * block is alive if it has been handed out at some time and is not on its page's free list. What
 * that needs is mapped, since the C library's allocator would be linked in for it alone. */
#define _GNU_SOURCE
#include "internal.h"

#include <sys/mman.h>

#define LINES_MAX 20

static void *map_zeros(size_t bytes)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

static void count_block(const struct kea_run *run, const void *block, int64_t *counts)
{
    uint16_t layout = ((const kea_object *)block)->layout;
    counts[layout < run->program.layout_count ? layout : run->program.layout_count]++;
}

static void count_page(const struct kea_run *run, const kea_page *page, int64_t *counts)
{
    if (page->extended == 0)
        return;
    bool *is_free = map_zeros(page->extended);
    if (is_free == NULL)
        return;
    for (const char *block = page->free; block != NULL; block = *(const char *const *)(const void *)block)
        is_free[(size_t)(block - page->start) / page->block_size] = true;
    for (uint32_t i = 0; i < page->extended; i++)
        if (!is_free[i])
            count_block(run, page->start + i * page->block_size, counts);
    munmap(is_free, page->extended);
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
    size_t bytes = ((size_t)run->program.layout_count + 1) * sizeof(int64_t);
    int64_t *counts = map_zeros(bytes);
    if (counts != NULL) {
        count_heap(run, counts);
        put_counts(run, counts, &text);
        munmap(counts, bytes);
    }
    keaint_put_flush(&text);
    return live;
}
