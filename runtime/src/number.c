/* Numbers and characters as text, and between each other. */
#include "internal.h"

kea_string *kea_int_to_string(kea_context *ctx, int64_t x)
{
    char digits[24];
    return keaint_string_of(ctx, digits, keaint_write_int(digits, x));
}

kea_string *kea_uint_to_string(kea_context *ctx, uint64_t x)
{
    char digits[24];
    return keaint_string_of(ctx, digits, keaint_write_uint(digits, x));
}

kea_string *kea_float_to_string(kea_context *ctx, double x)
{
    char digits[KEAINT_FLOAT_BYTES];
    return keaint_string_of(ctx, digits, keaint_write_float(digits, x));
}

kea_string *kea_float32_to_string(kea_context *ctx, float x)
{
    char digits[KEAINT_FLOAT_BYTES];
    return keaint_string_of(ctx, digits, keaint_write_float32(digits, x));
}

kea_string *kea_float16_to_string(kea_context *ctx, _Float16 x)
{
    char digits[KEAINT_FLOAT_BYTES];
    return keaint_string_of(ctx, digits, keaint_write_float16(digits, x));
}

kea_string *kea_char_to_string(kea_context *ctx, int32_t c)
{
    char bytes[4];
    return keaint_string_of(ctx, bytes, keaint_utf8_encode(bytes, (uint32_t)c));
}

int64_t kea_char_to_int(kea_context *ctx, int32_t c)
{
    (void)ctx;
    return c;
}

int32_t kea_char_from_int(kea_context *ctx, int64_t code)
{
    (void)ctx;
    return (int32_t)code;
}

double kea_int_to_float(kea_context *ctx, int64_t x)
{
    (void)ctx;
    return (double)x;
}

int64_t kea_float_to_int(kea_context *ctx, double x)
{
    (void)ctx;
    if (x != x)
        return 0;
    if (x >= 0x1p63)
        return INT64_MAX;
    if (x < -0x1p63)
        return INT64_MIN;
    return (int64_t)x;
}

double kea_float_sqrt(kea_context *ctx, double x)
{
    (void)ctx;
    return __builtin_sqrt(x);
}

double kea_float_floor(kea_context *ctx, double x)
{
    (void)ctx;
    return __builtin_floor(x);
}

double kea_float_ceil(kea_context *ctx, double x)
{
    (void)ctx;
    return __builtin_ceil(x);
}

double kea_float_nearest(kea_context *ctx, double x)
{
    (void)ctx;
    return __builtin_roundeven(x);
}
