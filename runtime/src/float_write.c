/* The shortest decimal text that reads back to the same float.
 *
 * The algorithm is Schubfach (R. Giulietti, "The Schubfach way to render doubles", 2020): the
 * bounds between which every number rounds to the float are scaled by a power of ten, with 128-bit
 * precision and the lost bits folded into the last one; of the one or two candidates with the
 * fewest digits the closer one is taken.
 *
 * The text has no exponent below 1e16, however small the number; from there on it is
 * digits[.digits]e followed by the exponent. An integral value has no fraction.
 */
#include "float_text.h"

#include <string.h>

/* How a format of IEEE 754 lays out its bits. */
typedef struct format {
    int fraction_bits;
    int exponent_bits;
} format;

static const format binary64 = {52, 11};
static const format binary32 = {23, 8};
static const format binary16 = {10, 5};

static int exponent_mask(format f)
{
    return (1 << f.exponent_bits) - 1;
}

typedef struct decimal {
    uint64_t digits;
    int exponent;
} decimal;

/* The product's upper half, its last bit set if anything below it was. */
static uint64_t round_to_odd(keaint_power g, uint64_t x)
{
    unsigned __int128 low = (unsigned __int128)g.low * x;
    unsigned __int128 high = (unsigned __int128)g.high * x + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

static decimal shortest(format f, uint64_t fraction, int biased_exponent)
{
    bool subnormal = biased_exponent == 0;
    uint64_t c = subnormal ? fraction : fraction | (uint64_t)1 << f.fraction_bits;
    int q = (subnormal ? 1 : biased_exponent) - exponent_mask(f) / 2 - f.fraction_bits;
    bool closer_below = fraction == 0 && biased_exponent > 1;
    uint64_t odd = c & 1;

    int k = (q * 1262611 - (closer_below ? 524031 : 0)) >> 22;
    int h = q + keaint_log2_of_power(-k) + 1;
    keaint_power g = keaint_power_of_ten(-k);
    uint64_t lower = round_to_odd(g, (4 * c - 2 + closer_below) << h) + odd;
    uint64_t middle = round_to_odd(g, (4 * c) << h);
    uint64_t upper = round_to_odd(g, (4 * c + 2) << h) - odd;

    uint64_t s = middle / 4;
    if (s >= 10) {
        uint64_t short_s = s / 10;
        bool below_in = lower <= 40 * short_s, above_in = 40 * short_s + 40 <= upper;
        if (below_in != above_in)
            return (decimal){short_s + above_in, k + 1};
    }
    bool below_in = lower <= 4 * s, above_in = 4 * s + 4 <= upper;
    if (below_in != above_in)
        return (decimal){s + above_in, k};
    uint64_t half = 4 * s + 2;
    bool up = middle > half || (middle == half && (s & 1) != 0);
    return (decimal){s + up, k};
}

static int put_zeros(char *to, int count)
{
    memset(to, '0', (size_t)count);
    return count;
}

/* digits[0..count) with the point after `point` of them. */
static int place_point(char *to, const char *digits, int count, int point)
{
    int at = 0;
    if (point <= 0) {
        memcpy(to, "0.", 2);
        at = 2 + put_zeros(to + 2, -point);
        memcpy(to + at, digits, (size_t)count);
        return at + count;
    }
    if (point >= count) {
        memcpy(to, digits, (size_t)count);
        return count + put_zeros(to + count, point - count);
    }
    memcpy(to, digits, (size_t)point);
    to[point] = '.';
    memcpy(to + point + 1, digits + point, (size_t)(count - point));
    return count + 1;
}

static int write_positive(char *to, decimal value)
{
    char digits[24];
    int count = keaint_write_uint(digits, value.digits);
    while (count > 1 && digits[count - 1] == '0') {
        count--;
        value.exponent++;
    }
    int point = count + value.exponent;
    if (point <= 16)
        return place_point(to, digits, count, point);
    int at = place_point(to, digits, count, 1);
    to[at++] = 'e';
    return at + keaint_write_int(to + at, point - 1);
}

static int put_text(char *to, const char *text)
{
    int length = (int)strlen(text);
    memcpy(to, text, (size_t)length);
    return length;
}

static int write_bits(char *to, format f, uint64_t bits)
{
    uint64_t fraction = bits & (((uint64_t)1 << f.fraction_bits) - 1);
    int exponent = (int)(bits >> f.fraction_bits) & exponent_mask(f);
    bool negative = bits >> (f.fraction_bits + f.exponent_bits) != 0;
    if (exponent == exponent_mask(f))
        return put_text(to, fraction != 0 ? "NaN" : negative ? "-inf" : "inf");
    int at = negative ? put_text(to, "-") : 0;
    if (exponent == 0 && fraction == 0)
        return at + put_text(to + at, "0");
    return at + write_positive(to + at, shortest(f, fraction, exponent));
}

int keaint_write_float(char *to, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return write_bits(to, binary64, bits);
}

int keaint_write_float32(char *to, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return write_bits(to, binary32, bits);
}

int keaint_write_float16(char *to, _Float16 value)
{
    uint16_t bits;
    memcpy(&bits, &value, sizeof bits);
    return write_bits(to, binary16, bits);
}
