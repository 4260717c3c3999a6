/* What the two directions of float text share. */
#ifndef KEAINT_FLOAT_TEXT_H
#define KEAINT_FLOAT_TEXT_H

#include "internal.h"

#define KEAINT_POWER_MIN (-342)
#define KEAINT_POWER_MAX 324

typedef struct keaint_power {
    uint64_t high, low;
} keaint_power;

extern const keaint_power keaint_powers_of_ten[];

/* floor(log2(10^k)), for all k of the table. */
static inline int keaint_log2_of_power(int k)
{
    return (k * 1741647) >> 19;
}

static inline keaint_power keaint_power_of_ten(int k)
{
    return keaint_powers_of_ten[k - KEAINT_POWER_MIN];
}

#endif
