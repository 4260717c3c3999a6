/* The functions whose last digit depends on the library: this sum over many arguments is the same
 * wherever the test runs, which is what makes programs print the same in both targets. */
#include "check.h"

static uint64_t sum = 14695981039346656037u;

static void add(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    sum = (sum ^ (x != x ? 1 : bits)) * 1099511628211u;
}

static int64_t body(kea_context *ctx)
{
    uint64_t state = 12345;
    for (int i = 0; i < 300000; i++) {
        double x = (double)(int64_t)next_random(&state) * 0x1p-55; /* -256 .. 256 */
        double y = (double)(next_random(&state) >> 11) * 0x1p-46;  /* 0 .. 128 */
        add(kea_float_exp(ctx, x));
        add(kea_float_log_e(ctx, y));
        add(kea_float_pow(ctx, y, x / 16));
        add(kea_float_sin(ctx, x * 1000));
        add(kea_float_cos(ctx, x));
    }
    CHECK(kea_float_exp(ctx, 0) == 1 && kea_float_log_e(ctx, 1) == 0 && kea_float_pow(ctx, 2, 10) == 1024);
    CHECK(kea_float_sqrt(ctx, 2.25) == 1.5 && kea_float_sqrt(ctx, -1) != kea_float_sqrt(ctx, -1));
    CHECK(kea_float_floor(ctx, -1.5) == -2 && kea_float_ceil(ctx, -1.5) == -1);
    CHECK(kea_float_nearest(ctx, 2.5) == 2 && kea_float_nearest(ctx, 3.5) == 4 && kea_float_nearest(ctx, -0.5) == 0);
    CHECK(kea_float_to_int(ctx, -1.9) == -1 && kea_float_to_int(ctx, 1e300) == INT64_MAX && kea_float_to_int(ctx, -1e300) == INT64_MIN);
    CHECK(kea_float_to_int(ctx, kea_float_sqrt(ctx, -1)) == 0 && kea_float_to_int(ctx, 0x1p63) == INT64_MAX);

    CHECK(sum == 0x4c798fe20d582e47);
    return 0;
}

int main(void)
{
    run_body(body);
    return 0;
}
