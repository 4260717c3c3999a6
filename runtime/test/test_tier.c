/* Several threads ask for slots while one takes them: nothing is lost, nothing is taken twice. */
#include "check.h"

#include <kea/tier.h>

#include <pthread.h>
#include <stdlib.h>

#define SLOTS 64
#define ASKS 2000

static kea_hot_queue *queue;
static kea_context context;
static int stop;

static int32_t waiting(int64_t slot)
{
    return __atomic_load_n(&queue->cells[slot].waiting, __ATOMIC_ACQUIRE);
}

static void *ask(void *first)
{
    for (int round = 0; round < ASKS; round++)
        for (intptr_t slot = (intptr_t)first; slot < SLOTS; slot += 2)
            kea_hot(&context, queue, slot);
    return NULL;
}

static void *ask_at_once(void *unused)
{
    (void)unused;
    for (int64_t slot = 0; slot < SLOTS; slot++) {
        kea_hot(&context, queue, slot);
        CHECK(waiting(slot) == 0);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    kea_hot_wake(queue);
    return NULL;
}

static int64_t take(int64_t *taken, int64_t milliseconds)
{
    int64_t count = 0;
    for (int64_t at = kea_hot_take(queue, milliseconds); at != 0;) {
        int64_t slot = at - 1;
        at = queue->cells[slot].next;
        CHECK(slot >= 0 && slot < SLOTS && waiting(slot) == 1);
        taken[slot]++;
        count++;
        kea_hot_done(queue, slot);
    }
    return count;
}

static void one_request(void)
{
    int64_t taken[SLOTS] = {0};
    CHECK(kea_hot_take(queue, 0) == 0);
    CHECK(kea_hot_take(queue, 1) == 0);
    queue->again = 77;
    kea_hot(&context, queue, 3);
    kea_hot(&context, queue, 5);
    kea_hot(&context, queue, 3);
    CHECK(queue->cells[3].left == 77 && queue->cells[3].asked == 1 && queue->cells[4].asked == 0);
    CHECK(take(taken, 0) == 2 && taken[3] == 1 && taken[5] == 1);
    kea_hot(&context, queue, 3);
    CHECK(take(taken, -1) == 1 && taken[3] == 2);
}

static void many_threads(void)
{
    int64_t taken[SLOTS] = {0};
    pthread_t threads[4];
    for (intptr_t i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, ask, (void *)(i & 1)) == 0);
    for (int i = 0; i < 200; i++)
        take(taken, 1);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    take(taken, 0);
    for (int64_t slot = 0; slot < SLOTS; slot++) {
        CHECK(taken[slot] >= 1);
        CHECK(waiting(slot) == 0);
    }
}

static void waiting_for_the_answer(void)
{
    int64_t taken[SLOTS] = {0};
    queue->at_once = 1;
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, ask_at_once, NULL) == 0);
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
        take(taken, -1);
    CHECK(pthread_join(thread, NULL) == 0);
    for (int64_t slot = 0; slot < SLOTS; slot++)
        CHECK(taken[slot] == 1);
}

/* What was counted is as it was when the marks are gone, and nothing has been asked for. */
static void interruption(void)
{
    queue->cells[1].left = 0;
    queue->cells[2].left = 40;
    queue->cells[3].left = KEA_HOT_COUNT_MAX;
    context.preempt = KEA_INTERRUPT_ALL;
    kea_hot_mark(queue, 4);
    kea_hot_mark(queue, 4);
    for (int64_t slot = 1; slot < 4; slot++)
        CHECK(--queue->cells[slot].left < 0 && kea_hot(&context, queue, slot));
    CHECK(queue->cells[1].left == -1 && queue->cells[2].left == 39 && queue->cells[3].left == KEA_HOT_COUNT_MAX - 1);
    kea_hot_mark(queue, 4);
    context.preempt = 0;
    CHECK(--queue->cells[2].left < 0 && !kea_hot(&context, queue, 2) && queue->cells[2].left == 38);
    CHECK(kea_hot_take(queue, 0) == 0);
}

int main(void)
{
    queue = calloc(1, sizeof *queue + SLOTS * sizeof(kea_hot_cell));
    interruption();
    one_request();
    many_threads();
    waiting_for_the_answer();
    free(queue);
    return 0;
}
