/* Which functions of quickly compiled code are hot (tier.c); the compiler's process only.
 *
 *     cells[slot]:  | left | next | waiting |      left counts down in generated code: function
 *                                                  entries, rounds of a loop
 *     first ---> cell ---> cell ---> 0             cells that have come to zero, last one first
 *
 * Generated code does `if (--cells[slot].left < 0 && kea_hot(ctx, queue, slot)) stop`. Counts of
 * several threads may get lost; nothing depends on their being exact. A cell is in the list at most
 * once, so the list needs no memory and asking for a function takes no lock.
 *
 * Counters are also how quick code is interrupted (preempt.c): kea_hot_mark takes so much off each
 * that it has run out, without forgetting its count; the next kea_hot of a cell puts that back. A
 * mark may get lost when it meets a count, so who interrupts marks until the interruption has come.
 *
 *     -1.5 * 2^30 ... -2^29        -2^28        0 ......... 2^30
 *     marked                                    counting
 */
#ifndef KEA_TIER_H
#define KEA_TIER_H

#include <kea/abi.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct kea_hot_cell {
    int32_t left;    /* at most KEA_HOT_COUNT_MAX */
    int32_t next;    /* slot + 1 of the next cell in the list, or 0 */
    int32_t waiting; /* 1 while in the list or being compiled */
    int32_t asked;   /* whether it ever asked */
} kea_hot_cell;

typedef struct kea_hot_queue {
    int32_t first;   /* slot + 1, or 0 */
    int32_t signals; /* changes with every request; what kea_hot_wait sleeps on */
    int32_t again;   /* what a counter starts from after it has asked */
    int32_t at_once; /* whether kea_hot waits until the request has been served */
    kea_hot_cell cells[];
} kea_hot_queue;

#define KEA_HOT_COUNT_MAX (1 << 30)
#define KEA_HOT_MARK ((1 << 30) + (1 << 29))
#define KEA_HOT_IS_MARKED(left) ((left) < -(1 << 28))

/* Asks for a better version of what a slot counts. Any thread that runs Kea code. True: what runs
 * there is interrupted. */
bool kea_hot(kea_context *ctx, kea_hot_queue *queue, int64_t slot);
/* Lets all counters of the first `count` cells run out. Any thread. */
void kea_hot_mark(kea_hot_queue *queue, int64_t count);
/* Takes the list; slot + 1 of its first cell, or 0 if none came within so many milliseconds
 * (below zero: forever). One thread. The cells' `next` is the caller's to read until each has been
 * given to kea_hot_done. */
int64_t kea_hot_take(kea_hot_queue *queue, int64_t milliseconds);
/* A request has been served, or will not be. */
void kea_hot_done(kea_hot_queue *queue, int64_t slot);
/* Lets a sleeping kea_hot_take return. Any thread. */
void kea_hot_wake(kea_hot_queue *queue);

#endif
