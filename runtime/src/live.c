/* Worlds: which code is current, and who still runs what was current before.
 *
 *     publish(B):   live.current  A ---> B         contexts that entered A stay in A
 *     enter:        context joins B, B.inside + 1
 *     leave:        A.inside - 1; at zero, A is inactive for good: nobody can enter it again
 *
 * A context enters a world at its reload points only, so a lock costs nothing that matters, and
 * it makes the one delicate step plain: between reading which world is current and counting
 * oneself in, the world must not be found inactive and freed.
 *
 * A run notes which worlds it is in. When it ends by a panic or an exit, frames that would have
 * left a world are gone; the run leaves for them, so that no world stays active for the dead.
 */
#include "internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct kea_world {
    int64_t capacity;
    int64_t inside; /* under the lock of the live program */
    void *slots[];
};

struct kea_live {
    pthread_mutex_t lock;
    kea_world *current;
};

kea_world *kea_world_new(int64_t capacity, const kea_world *previous)
{
    kea_world *world = calloc(1, sizeof *world + (size_t)capacity * sizeof world->slots[0]);
    if (world == NULL)
        return NULL;
    world->capacity = capacity;
    if (previous != NULL) {
        int64_t common = previous->capacity < capacity ? previous->capacity : capacity;
        memcpy(world->slots, previous->slots, (size_t)common * sizeof world->slots[0]);
    }
    return world;
}

void kea_world_free(kea_world *world)
{
    free(world);
}

int64_t kea_world_capacity(const kea_world *world)
{
    return world->capacity;
}

void kea_world_set(kea_world *world, int64_t slot, const void *code)
{
    /* Released with the world by publishing; T1 may also patch a slot of a published world. */
    __atomic_store_n(&world->slots[slot], (void *)(uintptr_t)code, __ATOMIC_RELEASE);
}

void *kea_world_get(const kea_world *world, int64_t slot)
{
    return __atomic_load_n(&world->slots[slot], __ATOMIC_ACQUIRE); /* pairs with kea_world_set */
}

void *const *kea_world_slots(const kea_world *world)
{
    return world->slots;
}

kea_live *kea_live_new(kea_world *first)
{
    kea_live *live = malloc(sizeof *live);
    if (live == NULL)
        return NULL;
    pthread_mutex_init(&live->lock, NULL);
    live->current = first;
    return live;
}

void kea_live_free(kea_live *live)
{
    pthread_mutex_destroy(&live->lock);
    free(live);
}

kea_world *kea_world_publish(kea_live *live, kea_world *world)
{
    pthread_mutex_lock(&live->lock);
    kea_world *before = live->current;
    live->current = world;
    pthread_mutex_unlock(&live->lock);
    return before;
}

kea_world *kea_world_current(kea_live *live)
{
    pthread_mutex_lock(&live->lock);
    kea_world *world = live->current;
    pthread_mutex_unlock(&live->lock);
    return world;
}

static void leave_all(struct kea_run *run)
{
    while (run->visit_count > 0) {
        struct keaint_visit visit = run->visits[run->visit_count - 1];
        kea_world_leave(visit.live, &run->context, visit.world, NULL);
    }
    free(run->visits);
    run->visits = NULL;
    run->visit_room = 0;
}

static void note_visit(struct kea_run *run, kea_live *live, kea_world *world)
{
    if (run->visit_count == run->visit_room) {
        int64_t room = run->visit_room == 0 ? 8 : run->visit_room * 2;
        struct keaint_visit *visits = realloc(run->visits, (size_t)room * sizeof *visits);
        if (visits == NULL)
            keaint_out_of_memory(&run->context);
        run->visits = visits;
        run->visit_room = room;
        run->leave_all = leave_all;
    }
    run->visits[run->visit_count++] = (struct keaint_visit){live, world};
}

/* The innermost visit to this world; worlds are left in reverse order, so it is the last. */
static void forget_visit(struct kea_run *run, const kea_world *world)
{
    int64_t at = run->visit_count - 1;
    while (at >= 0 && run->visits[at].world != world)
        at--;
    if (at < 0)
        return;
    run->visit_count--;
    memmove(&run->visits[at], &run->visits[at + 1], (size_t)(run->visit_count - at) * sizeof *run->visits);
}

static void enter(kea_live *live, kea_context *ctx, kea_world *world)
{
    world->inside++;
    ctx->world = world->slots;
    pthread_mutex_unlock(&live->lock);
    if (ctx->run != NULL)
        note_visit(ctx->run, live, world);
}

kea_world *kea_world_enter(kea_live *live, kea_context *ctx)
{
    pthread_mutex_lock(&live->lock);
    kea_world *world = live->current;
    enter(live, ctx, world);
    return world;
}

void kea_world_enter_at(kea_live *live, kea_context *ctx, kea_world *world)
{
    pthread_mutex_lock(&live->lock);
    enter(live, ctx, world);
}

void kea_world_leave(kea_live *live, kea_context *ctx, kea_world *world, void *const *outer)
{
    if (ctx->run != NULL)
        forget_visit(ctx->run, world);
    pthread_mutex_lock(&live->lock);
    world->inside--;
    ctx->world = outer;
    pthread_mutex_unlock(&live->lock);
}

bool kea_world_active(kea_live *live, const kea_world *world)
{
    pthread_mutex_lock(&live->lock);
    bool active = live->current == world || world->inside > 0;
    pthread_mutex_unlock(&live->lock);
    return active;
}
