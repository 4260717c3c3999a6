/* When two states are equal.
 *
 *   - a part that differs is found wherever it lies, padding never counts;
 *   - floats are compared by their bits, strings and vectors by content, closures by identity;
 *   - a million cells need no stack, shared parts are not walked again and again, and steps come to an end. */
#include "check.h"

#include <kea/compare.h>

enum { MANY = 1000000 };

static const uint32_t head_run[] = {8, 8}, element_run[] = {0, 8}, flag_run[] = {16, 1}, flags_run[] = {8, 1};
static const kea_plain plain[LAYOUT_COUNT] = {
    [LAYOUT_CONS] = {head_run, 1},
    [LAYOUT_INTS] = {element_run, 1},
    [LAYOUT_FLAGGED] = {flag_run, 1},
    [LAYOUT_FLAGS] = {flags_run, 1},
};

static int32_t compare(kea_context *ctx, const void *a, const void *b, int64_t steps)
{
    int32_t result = kea_live_compare(ctx, a, b, plain, steps);
    CHECK(kea_live_compare(ctx, b, a, plain, steps) == result);
    return result;
}

static bool equal(kea_context *ctx, const void *a, const void *b)
{
    int32_t result = compare(ctx, a, b, 100 * MANY);
    CHECK(result != KEA_COMPARE_GIVEN_UP);
    return result == KEA_COMPARE_EQUAL;
}

static cons *numbers(kea_context *ctx, int64_t count)
{
    void *list = IMMEDIATE(0);
    for (int64_t i = count; i > 0; i--)
        list = new_cons(ctx, i, list);
    return list;
}

static tree *new_tree(kea_context *ctx, void *left, void *right)
{
    tree *t = kea_alloc(ctx, sizeof *t);
    t->object = (kea_object){1, LAYOUT_TREE, 0};
    t->left = left;
    t->right = right;
    return t;
}

static int64_t long_lists(kea_context *ctx)
{
    cons *a = numbers(ctx, MANY), *b = numbers(ctx, MANY), *longer = numbers(ctx, MANY + 1);
    CHECK(equal(ctx, a, a) && equal(ctx, a, b) && !equal(ctx, a, longer));
    cons *last = b;
    while (kea_is_counted(last->tail))
        last = last->tail;
    last->head++;
    CHECK(!equal(ctx, a, b));
    last->head--;
    last->tail = IMMEDIATE(1);
    CHECK(!equal(ctx, a, b));
    last->tail = NULL;
    CHECK(!equal(ctx, a, b));
    CHECK(compare(ctx, a, longer, 1000) == KEA_COMPARE_GIVEN_UP);
    CHECK(kea_live_weigh(ctx, &a->object, 24 * MANY) == 24 * MANY);
    CHECK(kea_live_weigh(ctx, &a->object, 24 * MANY - 1) == -1);
    kea_drop(ctx, a);
    kea_drop(ctx, b);
    kea_drop(ctx, longer);
    return 0;
}

/* What is first in an object is long, so that what comes after it waits. */
static int64_t deep_to_the_left(kea_context *ctx)
{
    tree *a = NULL, *b = NULL;
    for (int64_t i = 0; i < MANY; i++) {
        a = new_tree(ctx, a, new_tree(ctx, NULL, NULL));
        b = new_tree(ctx, b, new_tree(ctx, NULL, NULL));
    }
    CHECK(equal(ctx, a, b));
    tree *right = b->right;
    right->left = str(ctx, "one leaf");
    CHECK(!equal(ctx, a, b));
    kea_drop(ctx, a);
    kea_drop(ctx, b);
    return 0;
}

static tree *shared_levels(kea_context *ctx, int levels, kea_string *leaf)
{
    tree *t = new_tree(ctx, leaf, NULL);
    for (int i = 0; i < levels; i++) {
        kea_dup(t);
        t = new_tree(ctx, t, t);
    }
    return t;
}

static int64_t shared_parts(kea_context *ctx)
{
    tree *a = shared_levels(ctx, 60, str(ctx, "leaf")), *b = shared_levels(ctx, 60, str(ctx, "leaf")), *other = shared_levels(ctx, 60, str(ctx, "leaf!"));
    CHECK(compare(ctx, a, b, 1000) == KEA_COMPARE_EQUAL);
    CHECK(compare(ctx, a, other, 1000) == KEA_COMPARE_DIFFERENT);
    CHECK(kea_live_weigh(ctx, &a->object, MANY) == -1);
    tree *small = shared_levels(ctx, 2, str(ctx, "leaf")); /* 1 + 2 + 4 trees, and the leaf four times */
    CHECK(kea_live_weigh(ctx, &small->object, MANY) == 7 * 24 + 4 * 20);
    tree *copied = new_tree(ctx, shared_levels(ctx, 1, str(ctx, "leaf")), shared_levels(ctx, 1, str(ctx, "leaf")));
    CHECK(equal(ctx, small, copied)); /* Whether parts are shared is no difference. */
    kea_drop(ctx, a);
    kea_drop(ctx, b);
    kea_drop(ctx, other);
    kea_drop(ctx, small);
    kea_drop(ctx, copied);
    return 0;
}

static int64_t bits_of(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static int64_t floats(kea_context *ctx)
{
    int64_t nan = bits_of(__builtin_nan("")), other_nan = bits_of(__builtin_nan("7"));
    int64_t cases[][3] = {{nan, nan, 1}, {nan, other_nan, 0}, {bits_of(0.0), bits_of(-0.0), 0}, {bits_of(0.1), bits_of(0.1), 1}, {bits_of(1), bits_of(2), 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cons *a = new_cons(ctx, cases[i][0], IMMEDIATE(0)), *b = new_cons(ctx, cases[i][1], IMMEDIATE(0));
        CHECK(equal(ctx, a, b) == (cases[i][2] != 0));
        kea_drop(ctx, a);
        kea_drop(ctx, b);
    }
    return 0;
}

static flagged *new_flagged(kea_context *ctx, void *text, bool flag, int padding)
{
    flagged *f = kea_alloc(ctx, sizeof *f);
    memset(f, padding, sizeof *f);
    f->object = (kea_object){1, LAYOUT_FLAGGED, 0};
    f->text = text;
    f->flag = flag;
    return f;
}

static int64_t strings_and_padding(kea_context *ctx)
{
    flagged *a = new_flagged(ctx, str(ctx, "text"), true, 0x55), *b = new_flagged(ctx, str(ctx, "text"), true, 0xAA);
    CHECK(equal(ctx, a, b));
    b->flag = false;
    CHECK(!equal(ctx, a, b));
    b->flag = true;
    const char *others[] = {"texT", "texts", ""};
    for (int i = 0; i < 3; i++) {
        kea_drop(ctx, b->text);
        b->text = str(ctx, others[i]);
        CHECK(!equal(ctx, a, b));
    }
    b->object.tag = 1;
    kea_drop(ctx, b->text);
    b->text = str(ctx, "text");
    CHECK(!equal(ctx, a, b)); /* Another variant with the same fields. */
    kea_drop(ctx, a);
    kea_drop(ctx, b);
    return 0;
}

static kea_vector *flags_of(kea_context *ctx, int64_t count, int64_t room, int padding)
{
    kea_vector *v = kea_vector_new(ctx, LAYOUT_FLAGS, room);
    flag_element *elements = (flag_element *)(void *)v->elements;
    memset(elements, padding, (size_t)count * sizeof *elements);
    for (int64_t i = 0; i < count; i++) {
        elements[i].text = str(ctx, i % 2 == 0 ? "even" : "odd");
        elements[i].flag = i % 3 == 0;
    }
    v->length = count;
    return v;
}

static int64_t vectors(kea_context *ctx)
{
    kea_vector *a = kea_vector_new(ctx, LAYOUT_INTS, MANY), *b = kea_vector_new(ctx, LAYOUT_INTS, 2 * MANY);
    for (int64_t i = 0; i < MANY; i++)
        ((int64_t *)(void *)a->elements)[i] = ((int64_t *)(void *)b->elements)[i] = i;
    a->length = b->length = MANY;
    CHECK(equal(ctx, a, b));
    CHECK(compare(ctx, a, b, 1000) == KEA_COMPARE_GIVEN_UP);
    CHECK(kea_live_weigh(ctx, &a->object, 9 * MANY) == 32 + 8 * MANY);
    ((int64_t *)(void *)b->elements)[MANY - 1]++;
    CHECK(!equal(ctx, a, b));
    ((int64_t *)(void *)b->elements)[MANY - 1]--;
    b->length--;
    CHECK(!equal(ctx, a, b));
    kea_drop(ctx, a);
    kea_drop(ctx, b);

    a = flags_of(ctx, 1000, 1000, 0x55);
    b = flags_of(ctx, 1000, 3000, 0xAA);
    CHECK(equal(ctx, a, b));
    flag_element *last = (flag_element *)(void *)b->elements + 999;
    last->flag = !last->flag;
    CHECK(!equal(ctx, a, b));
    last->flag = !last->flag;
    kea_drop(ctx, last->text);
    last->text = str(ctx, "odd!");
    CHECK(!equal(ctx, a, b));
    kea_drop(ctx, a);
    kea_drop(ctx, b);
    return 0;
}

static kea_closure *new_closure(kea_context *ctx, void *captured)
{
    kea_closure *c = kea_alloc(ctx, 32);
    c->object = (kea_object){1, LAYOUT_CLOSURE, 0};
    c->code = NULL;
    ((void **)(void *)c)[2] = NULL;
    ((void **)(void *)c)[3] = captured;
    return c;
}

static int64_t closures(kea_context *ctx)
{
    kea_closure *one = new_closure(ctx, numbers(ctx, 100)), *other = new_closure(ctx, NULL);
    kea_dup(one);
    cons *a = new_cons(ctx, 1, one), *b = new_cons(ctx, 1, one), *c = new_cons(ctx, 1, other);
    CHECK(equal(ctx, a, b) && !equal(ctx, a, c));
    CHECK(kea_live_weigh(ctx, &a->object, MANY) == 24 + 32);
    kea_drop(ctx, a);
    kea_drop(ctx, b);
    kea_drop(ctx, c);
    return 0;
}

int main(void)
{
    run_body(long_lists);
    run_body(deep_to_the_left);
    run_body(shared_parts);
    run_body(floats);
    run_body(strings_and_padding);
    run_body(vectors);
    run_body(closures);
    return 0;
}
