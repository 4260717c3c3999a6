/* What a scan finds, and that it finds nothing of what is dead.
 *
 *   - code that closure objects hold, wherever the closures lie: in fields, vectors, huge vectors;
 *   - immortal objects that fields, elements, captures and kept values refer to;
 *   - words of the stack;
 *   - no block that has been freed, or whose memory waits for the next object. */
#include "check.h"

#include <kea/scan.h>

static char codes[3][64];
static struct { kea_object object; int64_t value; } immortals[2] __attribute__((aligned(64)));

static kea_closure *new_closure(kea_context *ctx, void *code, void *captured)
{
    kea_closure *c = kea_alloc(ctx, 32);
    c->object = (kea_object){1, LAYOUT_CLOSURE, 0};
    c->code = code;
    ((void **)(void *)c)[3] = captured;
    return c;
}

typedef struct found {
    kea_scan_range ranges[5];
    uint8_t layouts[LAYOUT_COUNT];
} found;

static int by_start(const void *a, const void *b)
{
    const kea_scan_range *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* The stack counts from a word of the caller's on. */
static found look(kea_context *ctx, char *stack)
{
    found f;
    memset(&f, 0, sizeof f);
    for (int i = 0; i < 3; i++)
        f.ranges[i] = (kea_scan_range){(uintptr_t)codes[i], (uintptr_t)codes[i] + sizeof codes[i], 0, 0, -1};
    for (int i = 0; i < 2; i++)
        f.ranges[3 + i] = (kea_scan_range){(uintptr_t)&immortals[i], (uintptr_t)(&immortals[i] + 1), 0, 0, -1};
    qsort(f.ranges, 5, sizeof f.ranges[0], by_start);
    kea_scan scan = {.ranges = f.ranges, .count = 5, .layouts = f.layouts};
    ctx->run->parked = stack;
    kea_live_scan(ctx, &scan);
    ctx->run->parked = NULL;
    return f;
}

static const kea_scan_range *of(const found *f, const void *start)
{
    for (int i = 0; i < 5; i++)
        if (f->ranges[i].start == (uintptr_t)start)
            return &f->ranges[i];
    abort();
}

static void check_values(kea_context *ctx, const void *range, int64_t values, int64_t layout)
{
    found f = look(ctx, ctx->run->stack_high);
    CHECK(of(&f, range)->values == values);
    CHECK(of(&f, range)->words == 0);
    CHECK(values == 0 || of(&f, range)->layout == layout);
}

static int64_t closures_and_immortals(kea_context *ctx)
{
    for (int i = 0; i < 2; i++)
        immortals[i].object = (kea_object){KEA_IMMORTAL, LAYOUT_STRING, 0};

    kea_closure *inner = new_closure(ctx, codes[0] + 8, &immortals[0]);
    cons *list = new_cons(ctx, 1, new_closure(ctx, codes[1], inner));
    check_values(ctx, codes[0], 1, LAYOUT_CLOSURE);
    check_values(ctx, codes[1], 1, LAYOUT_CLOSURE);
    check_values(ctx, codes[2], 0, -1);
    check_values(ctx, &immortals[0], 1, LAYOUT_CLOSURE);
    check_values(ctx, &immortals[1], 0, -1);
    found f = look(ctx, ctx->run->stack_high);
    CHECK(f.layouts[LAYOUT_CONS] == 1 && f.layouts[LAYOUT_CLOSURE] == 1 && f.layouts[LAYOUT_TREE] == 0);
    list->head = (int64_t)(uintptr_t)codes[2]; /* A number, whatever it looks like. */
    check_values(ctx, codes[2], 0, -1);
    kea_drop(ctx, list);
    check_values(ctx, codes[0], 0, -1);
    check_values(ctx, codes[1], 0, -1);
    check_values(ctx, &immortals[0], 0, -1);
    return 0;
}

static int64_t vectors(kea_context *ctx)
{
    int64_t lengths[] = {3, 5000, 400000}; /* of a page, of a span, with a mapping of its own */
    for (int i = 0; i < 3; i++) {
        kea_vector *v = kea_vector_new(ctx, LAYOUT_REFS, lengths[i]);
        void **elements = (void **)(void *)v->elements;
        v->length = lengths[i];
        for (int64_t at = 0; at < lengths[i]; at++)
            elements[at] = at == lengths[i] - 1 ? &immortals[1] : IMMEDIATE(at);
        check_values(ctx, &immortals[1], 1, LAYOUT_REFS);
        elements[1] = new_closure(ctx, codes[2] + sizeof codes[2] - 1, NULL);
        check_values(ctx, codes[2], 1, LAYOUT_CLOSURE);
        v->length--; /* What is behind the end does not count. */
        check_values(ctx, &immortals[1], 0, -1);
        kea_drop(ctx, v);
        check_values(ctx, codes[2], 0, -1);
    }
    return 0;
}

static int64_t many_blocks(kea_context *ctx)
{
    enum { COUNT = 20000 };
    static kea_closure *made[COUNT];
    uint64_t state = 7;
    int64_t live = COUNT;
    for (int i = 0; i < COUNT; i++)
        made[i] = new_closure(ctx, codes[0], NULL);
    check_values(ctx, codes[0], live, LAYOUT_CLOSURE);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < COUNT; i++)
            if (made[i] != NULL && next_random(&state) % 3 == 0) {
                kea_drop(ctx, made[i]);
                made[i] = NULL;
                live--;
            }
        check_values(ctx, codes[0], live, LAYOUT_CLOSURE);
    }
    for (int i = 0; i < COUNT; i++)
        if (made[i] != NULL)
            kea_drop(ctx, made[i]);
    check_values(ctx, codes[0], 0, -1);
    return 0;
}

static int64_t stack_and_kept(kea_context *ctx)
{
    void *volatile words[4] = {codes[0] + 5, NULL, &immortals[0].value, NULL};
    char *high = ctx->run->stack_high; /* Under the address sanitizer variables do not lie on the stack. */
    ctx->run->stack_high = (char *)(uintptr_t)(words + 4);
    found f = look(ctx, (char *)(uintptr_t)words);
    ctx->run->stack_high = high;
    CHECK(of(&f, codes[0])->words == 1 && of(&f, codes[0])->values == 0);
    CHECK(of(&f, &immortals[0])->words == 1);
    kea_kept kept = {NULL, (kea_string *)&immortals[0], NULL, (const kea_string *)&immortals[1]};
    ctx->run->kept = &kept;
    check_values(ctx, &immortals[0], 1, -1);
    check_values(ctx, &immortals[1], 1, -1);
    ctx->run->kept = NULL;
    check_values(ctx, &immortals[0], 0, -1);
    return 0;
}

static int64_t holders_of_closures(kea_context *ctx)
{
    cons *list = new_cons(ctx, 1, new_closure(ctx, codes[0], new_closure(ctx, codes[0], NULL)));
    const kea_object *found[1];
    kea_scan_range range = {(uintptr_t)codes[0], (uintptr_t)codes[0] + 1, 0, 0, -1};
    kea_scan scan = {.ranges = &range, .count = 1, .closures = found, .closure_room = 1};
    ctx->run->parked = ctx->run->stack_high;
    kea_live_scan(ctx, &scan);
    CHECK(scan.closure_count == 2 && found[0]->layout == LAYOUT_CLOSURE);
    range = (kea_scan_range){(uintptr_t)list->tail, (uintptr_t)list->tail + 1, 0, 0, -1};
    kea_live_scan(ctx, &scan);
    CHECK(range.values == 1 && range.layout == LAYOUT_CONS);
    kea_drop(ctx, list);
    return 0;
}

int main(void)
{
    run_body(closures_and_immortals);
    run_body(vectors);
    run_body(many_blocks);
    run_body(stack_and_kept);
    run_body(holders_of_closures);
    return 0;
}
