/* Counts and death: exact at every step, deep structures without recursion, sharing. */
#include "check.h"

#include <pthread.h>

static int64_t one_object(kea_context *ctx)
{
    cons *c = new_cons(ctx, 1, IMMEDIATE(0));
    CHECK(kea_is_unique(c) && kea_is_unique_any(c));
    kea_dup(c);
    CHECK(c->object.count == 2 && !kea_is_unique(c));
    kea_decrement(ctx, c);
    CHECK(c->object.count == 1);
    kea_drop(ctx, c);
    CHECK(kea_heap_live(ctx) == 0);
    kea_dup_any(IMMEDIATE(3));
    kea_drop_any(ctx, IMMEDIATE(3));
    kea_dup_any(NULL);
    kea_drop_any(ctx, NULL);
    CHECK(!kea_is_unique_any(NULL) && !kea_is_unique_any(IMMEDIATE(1)));
    return 0;
}

static int64_t shared_tail(kea_context *ctx)
{
    cons *tail = new_cons(ctx, 2, new_cons(ctx, 3, IMMEDIATE(0)));
    kea_dup(tail);
    cons *a = new_cons(ctx, 1, tail);
    kea_drop(ctx, a);
    CHECK(kea_heap_live(ctx) == 2 && tail->object.count == 1 && tail->head == 2);
    kea_drop(ctx, tail);
    CHECK(kea_heap_live(ctx) == 0);
    return 0;
}

static int64_t reuse(kea_context *ctx)
{
    cons *c = new_cons(ctx, 1, new_cons(ctx, 2, IMMEDIATE(0)));
    kea_dup(c);
    CHECK(kea_drop_reuse(ctx, c) == NULL && c->object.count == 1);
    CHECK(kea_drop_reuse(ctx, c) == c && kea_heap_live(ctx) == 1);
    kea_free(ctx, c);
    return 0;
}

static int64_t deep_list(kea_context *ctx)
{
    void *list = IMMEDIATE(0);
    for (int64_t i = 0; i < 10000000; i++)
        list = new_cons(ctx, i, list);
    CHECK(kea_heap_live(ctx) == 10000000);
    kea_drop_any(ctx, list);
    CHECK(kea_heap_live(ctx) == 0);
    return 0;
}

static tree *new_tree(kea_context *ctx, void *left, void *right)
{
    tree *t = kea_alloc(ctx, sizeof *t);
    t->object = (kea_object){1, LAYOUT_TREE, 0};
    t->left = left;
    t->right = right;
    return t;
}

/* Deep to both sides at once, with shared parts: a random graph whose edges go to older nodes. */
static int64_t random_graph(kea_context *ctx)
{
    enum { N = 200000 };
    tree **nodes = malloc(N * sizeof *nodes);
    uint64_t state = 99;
    for (int i = 0; i < N; i++) {
        tree *left = i > 0 && next_random(&state) % 8 != 0 ? nodes[next_random(&state) % 4 == 0 ? next_random(&state) % (uint64_t)i : (uint64_t)i - 1] : NULL;
        tree *right = i > 0 && next_random(&state) % 2 != 0 ? nodes[next_random(&state) % (uint64_t)i] : NULL;
        kea_dup_any(left);
        kea_dup_any(right);
        nodes[i] = new_tree(ctx, left, right);
    }
    CHECK(kea_heap_live(ctx) == N);
    for (int i = 0; i < N; i++)
        kea_drop(ctx, nodes[(int64_t)i * 7919 % N]);
    free(nodes);
    CHECK(kea_heap_live(ctx) == 0);
    return 0;
}

static int64_t vectors(kea_context *ctx)
{
    kea_vector *v = kea_vector_new(ctx, LAYOUT_REFS, 0);
    CHECK(v->length == 0 && v->capacity == 0);
    for (int64_t i = 0; i < 1000; i++) {
        v = kea_vector_reserve(ctx, v, i + 1);
        ((void **)(void *)v->elements)[v->length++] = i % 3 == 0 ? IMMEDIATE(i) : (void *)new_cons(ctx, i, IMMEDIATE(0));
    }
    CHECK(v->capacity == 1024 && (uintptr_t)v->elements % 16 == 0);
    kea_dup(v);
    kea_vector *w = kea_vector_unique(ctx, v);
    CHECK(w != v && v->object.count == 1 && w->length == 1000 && w->capacity == 1024);
    CHECK(((cons **)(void *)w->elements)[1]->object.count == 2);
    CHECK(kea_vector_unique(ctx, w) == w);
    kea_dup(w);
    kea_vector *x = kea_vector_reserve(ctx, w, 1025);
    CHECK(x != w && x->capacity == 2048 && ((cons **)(void *)w->elements)[1]->object.count == 3);
    kea_drop(ctx, v);
    kea_drop(ctx, w);
    CHECK(((cons **)(void *)x->elements)[1]->object.count == 1);
    kea_drop(ctx, x);
    CHECK(kea_heap_live(ctx) == 0);

    v = kea_vector_new(ctx, LAYOUT_INTS, -5);
    v = kea_vector_reserve(ctx, v, 1);
    CHECK(v->capacity == 4);
    v = kea_vector_reserve(ctx, v, 1000000); /* through huge blocks */
    v->length = 1000000;
    ((int64_t *)(void *)v->elements)[999999] = 42;
    v = kea_vector_reserve(ctx, v, 1000001);
    CHECK(v->capacity == 2000000 && ((int64_t *)(void *)v->elements)[999999] == 42);
    kea_drop(ctx, v);
    return 0;
}

static int64_t closures(kea_context *ctx)
{
    struct { kea_closure closure; int64_t number; void *captured; } *c = kea_alloc(ctx, 32);
    c->closure = (kea_closure){{1, LAYOUT_CLOSURE, 0}, NULL};
    c->captured = new_cons(ctx, 1, IMMEDIATE(0));
    kea_drop(ctx, c);
    CHECK(kea_heap_live(ctx) == 0);
    return 0;
}

static int64_t immortal(kea_context *ctx)
{
    static cons constant = {{KEA_IMMORTAL, LAYOUT_CONS, 1}, 5, IMMEDIATE(0)};
    for (int i = 0; i < 10; i++)
        kea_dup(&constant);
    cons *c = new_cons(ctx, 1, &constant);
    kea_drop(ctx, c);
    for (int i = 0; i < 100; i++)
        kea_drop(ctx, &constant);
    CHECK(constant.object.count == KEA_IMMORTAL && !kea_is_unique(&constant));
    cons *full = new_cons(ctx, 1, IMMEDIATE(0));
    full->object.count = INT32_MAX;
    kea_dup(full);
    CHECK(full->object.count == KEA_IMMORTAL);
    full->object.count = 1;
    kea_drop(ctx, full);
    return 0;
}

static void *share(void *object)
{
    for (int i = 0; i < 200000; i++)
        kea_dup(object);
    for (int i = 0; i < 200000; i++)
        kea_decrement(NULL, object);
    return NULL;
}

static int64_t shared_between_threads(kea_context *ctx)
{
    cons *c = new_cons(ctx, 1, new_cons(ctx, 2, IMMEDIATE(0)));
    c->object.count = -1;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, share, c) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK(c->object.count == -1);
    kea_drop(ctx, c);
    CHECK(kea_heap_live(ctx) == 0);
    return 0;
}

int main(void)
{
    run_body(one_object);
    run_body(shared_tail);
    run_body(reuse);
    run_body(deep_list);
    run_body(random_graph);
    run_body(vectors);
    run_body(closures);
    run_body(immortal);
    run_body(shared_between_threads);
    return 0;
}
