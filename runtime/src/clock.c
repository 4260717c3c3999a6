/* The time of day, a clock that never goes back, and waiting. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <time.h>

int64_t kea_clock_now(kea_context *ctx)
{
    (void)ctx;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

int64_t kea_clock_monotonic(kea_context *ctx)
{
    (void)ctx;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    /* One more than the system says, since it may say zero just after it has started. */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + 1;
}

void kea_clock_sleep(kea_context *ctx, int64_t millis)
{
    keaint_flush(ctx->run);
    if (millis <= 0)
        return;
    /* To a point in time, so that interruptions do not add up. */
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    int64_t nanos = end.tv_nsec + millis % 1000 * 1000000;
    if (__builtin_add_overflow(end.tv_sec, millis / 1000 + nanos / 1000000000, &end.tv_sec))
        end.tv_sec = INT64_MAX;
    end.tv_nsec = nanos % 1000000000;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR && !keaint_is_interrupted(ctx->run)) {
    }
}
