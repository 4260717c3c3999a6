/* A small program with everything a compiled one has, for the static target: built with the
 * runtime's bitcode by static_program.sh, which also knows what it must print. */
#include <kea/runtime.h>

#include <string.h>

typedef struct cell {
    kea_object object;
    int64_t head;
    void *tail;
} cell;

static const uint32_t cell_references[] = {16};
static const kea_layout layouts[] = {
    {16, KEA_KIND_STRING, 0, NULL, "String"},
    {24, KEA_KIND_FIELDS, 1, cell_references, "List(Int).Cons"},
};

int64_t fail(kea_context *ctx, int64_t n) __asm__("Main.fail");
int64_t sum(kea_context *ctx, cell *list) __asm__("Main.sum");

__attribute__((noinline)) int64_t fail(kea_context *ctx, int64_t n)
{
    static const kea_site site = {"main.kea", "Main.fail", 3, 7};
    if (n == 3)
        kea_panic_overflow(ctx, &site);
    return fail(ctx, n + 1) + n;
}

__attribute__((unused)) static cell *build(kea_context *ctx, int64_t n)
{
    void *list = (void *)(uintptr_t)1;
    for (int64_t i = 0; i < n; i++) {
        cell *c = kea_alloc(ctx, 24);
        c->object = (kea_object){1, 1, 1};
        c->head = i;
        c->tail = list;
        list = c;
    }
    return list;
}

__attribute__((noinline)) int64_t sum(kea_context *ctx, cell *list)
{
    int64_t total = 0;
    for (const cell *c = list; ((uintptr_t)c & 1) == 0; c = c->tail)
        total += c->head;
    kea_drop(ctx, list);
    return total;
}

static void print(kea_context *ctx, kea_string *s)
{
    kea_io_stdout(ctx, s);
    kea_drop(ctx, s);
    s = kea_string_from_bytes(ctx, "\n", 1);
    kea_io_stdout(ctx, s);
    kea_drop(ctx, s);
}

#ifdef KEA_HELLO
static int64_t entry(kea_context *ctx)
{
    print(ctx, kea_string_from_bytes(ctx, "hello, world", 12));
    return 0;
}
#else
static int64_t entry(kea_context *ctx)
{
    int64_t mode = kea_io_arg_count(ctx);
    print(ctx, kea_int_to_string(ctx, sum(ctx, build(ctx, 1000))));
    print(ctx, kea_float_to_string(ctx, kea_float_exp(ctx, 1)));
    if (mode == 1)
        return fail(ctx, 0);
    if (mode == 2)
        build(ctx, 5);
    if (mode == 3)
        kea_io_exit(ctx, 9);
    return 0;
}
#endif

const kea_program kea_main_program = {entry, layouts, 2};
