/* The functions whose last digit depends on who wrote them. Both targets link LLVM-libc's, so
 * that a program prints the same under `kea run` and as an executable. They are compiled without
 * built-ins and never inlined: otherwise a call with a constant would be computed by the
 * compiler, with the C library that LLVM happens to run on. */
#include "internal.h"

#include <math.h>

#define KEA_AS_LINKED __attribute__((noinline))

KEA_AS_LINKED double kea_float_exp(kea_context *ctx, double x)
{
    (void)ctx;
    return exp(x);
}

KEA_AS_LINKED double kea_float_log_e(kea_context *ctx, double x)
{
    (void)ctx;
    return log(x);
}

KEA_AS_LINKED double kea_float_pow(kea_context *ctx, double x, double y)
{
    (void)ctx;
    return pow(x, y);
}

KEA_AS_LINKED double kea_float_sin(kea_context *ctx, double x)
{
    (void)ctx;
    return sin(x);
}

KEA_AS_LINKED double kea_float_cos(kea_context *ctx, double x)
{
    (void)ctx;
    return cos(x);
}
