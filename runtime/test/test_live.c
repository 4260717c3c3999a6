/* Stubs keep every argument, resolve once, and can be called by many threads; worlds are active
 * as long as somebody is in them. */
#include "check.h"

#include <pthread.h>

typedef struct arguments {
    int64_t i[9];
    double d[10];
} arguments;

static int64_t resolved;

static double target(kea_context *ctx, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h,
    double p, double q, double r, double s, double t, double u, double v, double w, double x, double y)
{
    CHECK(ctx == (kea_context *)(uintptr_t)0x1230 && a == 1 && b == 2 && c == 3 && d == 4 && e == 5 && f == 6 && g == 7 && h == 8);
    CHECK(p == 0.5 && q == 1.5 && r == 2.5 && s == 3.5 && t == 4.5 && u == 5.5 && v == 6.5 && w == 7.5 && x == 8.5 && y == 9.5);
    return 42.25;
}

static int64_t number(kea_context *ctx, int64_t x)
{
    (void)ctx;
    return x * 3;
}

__attribute__((noinline)) static double spoil(double x)
{
    volatile double values[16];
    for (int i = 0; i < 16; i++)
        values[i] = x * i;
    return values[3] + values[11];
}

static void *resolver(void *user, kea_context *ctx, int64_t index)
{
    __atomic_fetch_add((int64_t *)user, 1, __ATOMIC_RELAXED);
    CHECK(spoil((double)(uintptr_t)ctx) != 1);
    CHECK((uintptr_t)__builtin_frame_address(0) % 16 == 0);
    return index == 7 ? (void *)target : (void *)number;
}

typedef double (*many)(kea_context *, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, double, double, double,
    double, double, double, double, double, double, double);
typedef int64_t (*simple)(kea_context *, int64_t);

static void stubs_keep_arguments(void)
{
    kea_stubs *stubs = kea_stubs_new(1000, resolver, &resolved);
    many f = (many)kea_stubs_address(stubs, 7);
    for (int i = 0; i < 3; i++)
        CHECK(f((kea_context *)(uintptr_t)0x1230, 1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5) == 42.25);
    CHECK(resolved == 1);
    for (int64_t i = 0; i < 1000; i++)
        if (i != 7)
            CHECK(((simple)kea_stubs_address(stubs, i))(NULL, i) == 3 * i);
    CHECK(resolved == 1000);
    kea_stubs_reset(stubs, 999);
    CHECK(((simple)kea_stubs_address(stubs, 999))(NULL, 5) == 15 && resolved == 1001);
    kea_stubs_resolve(stubs, 3, (void *)number);
    CHECK(((simple)kea_stubs_address(stubs, 3))(NULL, 5) == 15 && resolved == 1001);
    kea_stubs_free(stubs);
    CHECK(kea_stubs_new(-1, resolver, NULL) == NULL);
}

#define THREAD_STUBS 2000

static void *call_all(void *argument)
{
    for (int64_t i = 0; i < THREAD_STUBS; i++)
        if (i != 7)
            CHECK(((simple)kea_stubs_address(argument, i))(NULL, i) == 3 * i);
    return NULL;
}

static void stubs_from_threads(void)
{
    int64_t calls = 0;
    kea_stubs *stubs = kea_stubs_new(THREAD_STUBS, resolver, &calls);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, call_all, stubs);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK(calls >= THREAD_STUBS - 1 && calls <= 4 * THREAD_STUBS);
    kea_stubs_free(stubs);
}

static void worlds(void)
{
    kea_context one = {0}, two = {0};
    kea_world *a = kea_world_new(10, NULL);
    CHECK(kea_world_get(a, 9) == NULL);
    kea_world_set(a, 4, (void *)number);
    kea_live *live = kea_live_new(a);
    CHECK(kea_world_current(live) == a && kea_world_active(live, a));

    CHECK(kea_world_enter(live, &one) == a && one.world == kea_world_slots(a) && one.world[4] == (void *)number);
    kea_world *b = kea_world_new(20, a);
    CHECK(kea_world_get(b, 4) == (void *)number && kea_world_capacity(b) == 20 && kea_world_get(b, 19) == NULL);
    CHECK(kea_world_publish(live, b) == a);
    CHECK(kea_world_active(live, a) && one.world == kea_world_slots(a));

    CHECK(kea_world_enter(live, &two) == b);
    CHECK(kea_world_enter(live, &one) == b && one.world == kea_world_slots(b)); /* a reload point inside a */
    kea_world_leave(live, &one, b, kea_world_slots(a));
    CHECK(one.world == kea_world_slots(a));
    kea_world_leave(live, &one, a, NULL);
    CHECK(!kea_world_active(live, a) && one.world == NULL);
    kea_world_free(a);
    kea_world_leave(live, &two, b, NULL);
    CHECK(kea_world_active(live, b)); /* still current */
    kea_live_free(live);
    kea_world_free(b);
}

/* One thread publishes and frees what is inactive; others run in what they entered. */
typedef struct shared { kea_live *live; bool done; } shared;

static void *reader(void *argument)
{
    shared *s = argument;
    kea_context ctx = {0};
    while (!__atomic_load_n(&s->done, __ATOMIC_ACQUIRE)) {
        kea_world *world = kea_world_enter(s->live, &ctx);
        CHECK(ctx.world[0] == ctx.world[99]); /* under the address sanitizer: it has not been freed */
        kea_world_leave(s->live, &ctx, world, NULL);
    }
    return NULL;
}

static void worlds_from_threads(void)
{
    shared s = {kea_live_new(kea_world_new(100, NULL)), false};
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, reader, &s);
    enum { KEPT = 64 };
    kea_world *old[KEPT] = {0};
    for (int64_t i = 0; i < 5000; i++) {
        kea_world *next = kea_world_new(100, NULL);
        kea_world_set(next, 0, (void *)(uintptr_t)i);
        kea_world_set(next, 99, (void *)(uintptr_t)i);
        kea_world *before = kea_world_publish(s.live, next);
        int at = 0;
        while (old[at] != NULL)
            at = (at + 1) % KEPT;
        old[at] = before;
        for (int k = 0; k < KEPT; k++)
            if (old[k] != NULL && !kea_world_active(s.live, old[k])) {
                kea_world_free(old[k]);
                old[k] = NULL;
            }
    }
    __atomic_store_n(&s.done, true, __ATOMIC_RELEASE);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    for (int k = 0; k < KEPT; k++)
        if (old[k] != NULL) {
            CHECK(!kea_world_active(s.live, old[k]));
            kea_world_free(old[k]);
        }
    kea_world_free(kea_world_current(s.live));
    kea_live_free(s.live);
}

static kea_live *live_of_run;
static kea_world *inner_world;

static int64_t panics_inside(kea_context *ctx)
{
    kea_world *outer = kea_world_enter(live_of_run, ctx);
    kea_world *next = kea_world_new(100, outer);
    CHECK(kea_world_publish(live_of_run, next) == outer);
    for (int i = 0; i < 20; i++)
        kea_world_enter(live_of_run, ctx);
    kea_world_leave(live_of_run, ctx, next, kea_world_slots(next));
    kea_world_publish(live_of_run, outer);
    CHECK(kea_world_active(live_of_run, next));
    inner_world = next;
    kea_panic(ctx, (kea_string *)(uintptr_t)&keaint_empty);
}

static void ends_leave_worlds(void)
{
    kea_world *first = kea_world_new(1, NULL), *last = kea_world_new(1, NULL);
    live_of_run = kea_live_new(first);
    outcome o = run_program(panics_inside, "", 0);
    CHECK(o.status == KEA_STATUS_PANIC);
    outcome_free(&o);
    CHECK(kea_world_publish(live_of_run, last) == first && !kea_world_active(live_of_run, first));
    CHECK(!kea_world_active(live_of_run, inner_world));
    kea_world_free(inner_world);
    kea_world_free(first);
    kea_world_free(last);
    kea_live_free(live_of_run);
}

int main(void)
{
    stubs_keep_arguments();
    stubs_from_threads();
    worlds();
    worlds_from_threads();
    ends_leave_worlds();
    return 0;
}
