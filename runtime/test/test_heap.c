/* The allocator against a model: a table of blocks, each filled with a pattern of its own.
 *
 *   - a block has the room that was asked for, is aligned, and no other block overlaps it;
 *   - the number of live objects is the model's at any time;
 *   - fresh blocks of one size come in the order of their addresses;
 *   - memory that was freed serves other sizes, so the heap does not grow over rounds;
 *   - huge blocks keep their content when they grow. */
#include "check.h"

static void sizes_fold(void)
{
    for (size_t bytes = 1; bytes <= 65536; bytes++) {
        uint32_t class_index = kea_class_of(bytes);
        size_t room = kea_class_bytes(class_index);
        CHECK(class_index < KEA_CLASSES);
        CHECK(room >= bytes && (bytes < 16 || room <= bytes + bytes / 8 + 8));
        CHECK(bytes % 16 != 0 || room % 16 == 0);
        CHECK(bytes > KEA_SMALL_MAX || class_index < KEA_SMALL_CLASSES);
        CHECK(kea_class_of(room) == (class_index == 1 ? 2u : class_index));
    }
}

#define BLOCKS 3000
typedef struct block { unsigned char *at; size_t bytes; } block;

static size_t random_size(uint64_t *state)
{
    uint64_t r = next_random(state);
    switch (r % 16) {
    case 0: return 8193 + (r >> 8) % 60000;
    case 1: return 65537 + (r >> 8) % 900000;
    case 2: return (r >> 8) % 64 == 0 ? 1100000 + (r >> 16) % 3000000 : 5000;
    case 3: case 4: return 129 + (r >> 8) % 8000;
    default: return 8 + (r >> 8) % 121;
    }
}

static void fill(block b)
{
    /* The whole block if it is small, else its ends. */
    size_t end = b.bytes < 256 ? b.bytes : 128;
    memset(b.at, (int)((uintptr_t)b.at >> 4 & 0xFF) ^ (int)(b.bytes & 0xFF), end);
    memset(b.at + b.bytes - end, (int)((uintptr_t)b.at >> 4 & 0xFF) ^ (int)(b.bytes & 0xFF), end);
}

static void verify(block b)
{
    unsigned char expected = (unsigned char)(((uintptr_t)b.at >> 4 & 0xFF) ^ (b.bytes & 0xFF));
    size_t end = b.bytes < 256 ? b.bytes : 128;
    for (size_t i = 0; i < end; i++)
        CHECK(b.at[i] == expected && b.at[b.bytes - 1 - i] == expected);
}

static int64_t against_model(kea_context *ctx)
{
    static block blocks[BLOCKS];
    uint64_t state = 20240117;
    int64_t live = 0;
    memset(blocks, 0, sizeof blocks);
    for (int step = 0; step < ROUNDS(300000); step++) {
        block *b = &blocks[next_random(&state) % BLOCKS];
        if (b->at != NULL) {
            verify(*b);
            kea_free(ctx, b->at);
            b->at = NULL;
            live--;
        } else {
            b->bytes = random_size(&state);
            b->at = kea_alloc(ctx, b->bytes);
            CHECK((uintptr_t)b->at % (b->bytes % 16 == 0 ? 16 : 8) == 0);
            CHECK(keaint_block_bytes(b->at) >= b->bytes);
            fill(*b);
            live++;
        }
        if (step % 10000 == 0)
            CHECK(kea_heap_live(ctx) == live);
    }
    for (int i = 0; i < BLOCKS; i++)
        if (blocks[i].at != NULL) {
            verify(blocks[i]);
            kea_free(ctx, blocks[i].at);
        }
    CHECK(kea_heap_live(ctx) == 0);
    return 0;
}

static int64_t in_order(kea_context *ctx)
{
    enum { N = 20000 };
    char **blocks = malloc(N * sizeof *blocks);
    int ascending = 0;
    for (int i = 0; i < N; i++) {
        blocks[i] = kea_alloc(ctx, 24);
        ascending += i > 0 && blocks[i] > blocks[i - 1];
    }
    CHECK(ascending == N - 1);
    for (int i = 0; i < N; i++)
        kea_free(ctx, blocks[i]);
    free(blocks);
    return 0;
}

static int arenas(kea_context *ctx)
{
    int count = 0;
    for (const kea_arena *a = ctx->heap->arenas; a != NULL; a = a->next)
        count++;
    return count;
}

static int64_t serves_other_sizes(kea_context *ctx)
{
    static void *blocks[100000];
    int first = 0;
    for (int round = 0; round < 40; round++) {
        size_t bytes = 16 + (size_t)round * 8;
        int count = (int)(1500000 / bytes);
        for (int i = 0; i < count; i++)
            blocks[i] = kea_alloc(ctx, bytes);
        for (int i = 0; i < count; i++) /* in another order */
            kea_free(ctx, blocks[(int64_t)i * 7919 % count]);
        CHECK(count % 7919 != 0);
        if (round == 0)
            first = arenas(ctx);
    }
    CHECK(arenas(ctx) <= first + 2);
    return 0;
}

static int64_t grows(kea_context *ctx)
{
    size_t bytes = 100;
    unsigned char *at = kea_alloc(ctx, bytes);
    memset(at, 0xA5, bytes);
    for (int i = 0; i < 20; i++) { /* to 100 MB, through all kinds of blocks */
        at = keaint_grow(ctx, at, bytes, bytes * 2);
        CHECK(keaint_block_bytes(at) >= bytes * 2);
        for (size_t k = 0; k < bytes; k += bytes / 50)
            CHECK(at[k] == 0xA5);
        CHECK(at[bytes - 1] == 0xA5);
        memset(at + bytes, 0xA5, bytes);
        bytes *= 2;
        CHECK(kea_heap_live(ctx) == 1);
    }
    kea_free(ctx, at);
    CHECK(kea_heap_live(ctx) == 0);
    return 0;
}

static int64_t leaks(kea_context *ctx)
{
    for (int i = 0; i < 3; i++)
        new_cons(ctx, i, IMMEDIATE(0));
    kea_string_with_capacity(ctx, 3000000);
    kea_vector_new(ctx, LAYOUT_INTS, 5000);
    kea_free(ctx, new_cons(ctx, 7, IMMEDIATE(0)));
    return 0;
}

static int64_t too_much(kea_context *ctx)
{
    return kea_string_with_capacity(ctx, (int64_t)1 << 60)->length;
}

int main(void)
{
    sizes_fold();
    run_body(against_model);
    run_body(in_order);
    run_body(serves_other_sizes);
    run_body(grows);

    outcome o = run_program(leaks, "", 0);
    CHECK(o.status == KEA_STATUS_LEAK);
    CHECK(strcmp(o.error, "kea: 5 live objects at exit\n  1 String\n  3 List(Int).Cons\n  1 Vector(Int)\n") == 0);
    outcome_free(&o);

    o = run_program(too_much, "", 0);
    CHECK(o.status == KEA_STATUS_PANIC && strstr(o.error, "panic: out of memory") != NULL);
    outcome_free(&o);
    return 0;
}
