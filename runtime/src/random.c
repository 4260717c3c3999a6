/* Random numbers: xoshiro256** (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number
 * generators", 2021), its state filled from the seed by splitmix64, as its authors advise. The
 * sequence of a seed is part of what programs may rely on: it is the same in every build. An
 * unseeded program starts from the system's entropy. A result is the upper 63 of 64 bits. */
#define _GNU_SOURCE
#include "internal.h"

#include <sys/random.h>
#include <time.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static void seed(struct kea_run *run, uint64_t from)
{
    for (int i = 0; i < 4; i++)
        run->random[i] = splitmix(&from);
    run->random_seeded = true;
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

void kea_rand_seed(kea_context *ctx, int64_t from)
{
    seed(ctx->run, (uint64_t)from);
}

int64_t kea_rand_int(kea_context *ctx)
{
    struct kea_run *run = ctx->run;
    if (!run->random_seeded) {
        uint64_t entropy;
        if (getrandom(&entropy, sizeof entropy, 0) != sizeof entropy)
            entropy = (uint64_t)kea_clock_monotonic(ctx) ^ (uint64_t)kea_clock_now(ctx) << 32;
        seed(run, entropy);
    }
    uint64_t *s = run->random;
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return (int64_t)(result >> 1);
}
