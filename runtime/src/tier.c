/* The list of hot functions: pushed by the threads that run them, taken whole by the one that
 * compiles. Sleeping is by futex on a word of the queue, so a queue needs no set-up. */
#define _GNU_SOURCE
#include <kea/tier.h>

#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long futex(int32_t *word, int operation, int32_t value, const struct timespec *timeout)
{
    return syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, timeout, NULL, 0);
}

void kea_hot_wake(kea_hot_queue *queue)
{
    __atomic_fetch_add(&queue->signals, 1, __ATOMIC_RELEASE); /* Pairs with the load in kea_hot_take. */
    futex(&queue->signals, FUTEX_WAKE, 1, NULL);
}

void kea_hot_mark(kea_hot_queue *queue, int64_t count)
{
    for (int64_t slot = 0; slot < count; slot++) {
        int32_t *left = &queue->cells[slot].left;
        if (!KEA_HOT_IS_MARKED(__atomic_load_n(left, __ATOMIC_RELAXED)))
            __atomic_fetch_sub(left, KEA_HOT_MARK, __ATOMIC_RELAXED);
    }
}

static bool is_interrupted(kea_context *ctx)
{
    return __atomic_load_n(&ctx->preempt, __ATOMIC_RELAXED) != 0;
}

bool kea_hot(kea_context *ctx, kea_hot_queue *queue, int64_t slot)
{
    kea_hot_cell *cell = &queue->cells[slot];
    if (KEA_HOT_IS_MARKED(__atomic_load_n(&cell->left, __ATOMIC_RELAXED))) {
        __atomic_fetch_add(&cell->left, KEA_HOT_MARK, __ATOMIC_RELAXED);
        return is_interrupted(ctx);
    }
    __atomic_store_n(&cell->left, queue->again, __ATOMIC_RELAXED);
    __atomic_store_n(&cell->asked, 1, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&cell->waiting, 1, __ATOMIC_ACQUIRE) == 0) {
        int32_t first = __atomic_load_n(&queue->first, __ATOMIC_RELAXED);
        do
            __atomic_store_n(&cell->next, first, __ATOMIC_RELAXED);
        while (!__atomic_compare_exchange_n(&queue->first, &first, (int32_t)slot + 1, true,
            __ATOMIC_RELEASE, __ATOMIC_RELAXED)); /* Pairs with the exchange in kea_hot_take. */
        kea_hot_wake(queue);
    }
    if (queue->at_once)
        while (__atomic_load_n(&cell->waiting, __ATOMIC_ACQUIRE) != 0) /* Pairs with kea_hot_done. */
            futex(&cell->waiting, FUTEX_WAIT, 1, NULL);
    return is_interrupted(ctx);
}

int64_t kea_hot_take(kea_hot_queue *queue, int64_t milliseconds)
{
    int32_t seen = __atomic_load_n(&queue->signals, __ATOMIC_ACQUIRE);
    int32_t first = __atomic_exchange_n(&queue->first, 0, __ATOMIC_ACQUIRE);
    if (first != 0 || milliseconds == 0)
        return first;
    struct timespec limit = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    futex(&queue->signals, FUTEX_WAIT, seen, milliseconds < 0 ? NULL : &limit);
    return __atomic_exchange_n(&queue->first, 0, __ATOMIC_ACQUIRE);
}

void kea_hot_done(kea_hot_queue *queue, int64_t slot)
{
    kea_hot_cell *cell = &queue->cells[slot];
    __atomic_store_n(&cell->waiting, 0, __ATOMIC_RELEASE); /* Pairs with the load in kea_hot. */
    if (queue->at_once)
        futex(&cell->waiting, FUTEX_WAKE, INT_MAX, NULL);
}
