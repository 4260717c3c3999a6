/* Reads floating literals as C has them: sign, decimal or hexadecimal digits with an optional
 * point, exponent. The result is the float nearest to the text, ties to even; too large becomes
 * infinite.
 *
 * Three steps, each for what the one before could not do:
 *   1. up to 53 bits and a power of ten that a float holds exactly: one multiplication or division;
 *   2. the first 19 digits times a 128-bit power of ten give a lower and an upper bound (the power
 *      and the digits that were left out are both known to within one); if both round to the same
 *      float, that is the answer;
 *   3. otherwise the text is compared with the middle of the two floats in exact arithmetic.
 */
#include "float_text.h"

#include <string.h>

#define DIGITS_IN_WORD 19
#define FRACTION_BITS 52
#define EXPONENT_MIN (-1022)
#define EXPONENT_MAX 1023
#define EXPONENT_TEXT_MAX 100000 /* Larger exponents in a text change nothing any more. */

/* 0.d1d2d3... times 10^point, as it stands in the text. */
typedef struct literal {
    const char *digits, *end; /* with at most one point between */
    int64_t exponent;
} literal;

/* ---- rounding ---- */

/* value = high * 2^exponent, a little more if `sticky`; high's top bit is set. */
static uint64_t round_bits(uint64_t high, bool sticky, int exponent)
{
    int top = exponent + 63; /* exponent of the first bit */
    if (top > EXPONENT_MAX)
        return (uint64_t)0x7FF << FRACTION_BITS;
    bool normal = top >= EXPONENT_MIN;
    int drop = normal ? 63 - FRACTION_BITS : 63 - FRACTION_BITS + EXPONENT_MIN - top;
    if (drop > 64)
        return 0;
    uint64_t kept = drop == 64 ? 0 : high >> drop;
    uint64_t rest = drop == 64 ? high : high & (((uint64_t)1 << drop) - 1);
    uint64_t half = (uint64_t)1 << (drop - 1);
    if (rest > half || (rest == half && (sticky || (kept & 1) != 0)))
        kept++;
    /* A carry out of the fraction moves into the exponent, and on into infinity, as it should. */
    return normal ? ((uint64_t)(top + EXPONENT_MAX - 1) << FRACTION_BITS) + kept : kept;
}

/* w * g * 2^exponent rounded; w's and g's top bits are set. */
static uint64_t round_product(uint64_t w, keaint_power g, int exponent)
{
    unsigned __int128 low = (unsigned __int128)w * g.low;
    unsigned __int128 high = (unsigned __int128)w * g.high + (uint64_t)(low >> 64);
    bool sticky = (uint64_t)low != 0;
    int shift = (uint64_t)(high >> 127) != 0 ? 0 : 1;
    high <<= shift;
    return round_bits((uint64_t)(high >> 64), sticky || (uint64_t)high != 0, exponent + 128 - shift);
}

static uint64_t round_scaled(uint64_t w, keaint_power g, int power)
{
    int zeros = __builtin_clzll(w);
    return round_product(w << zeros, g, keaint_log2_of_power(power) - 127 - zeros);
}

/* ---- exact comparison ---- */

#define LIMBS 320
typedef struct big {
    int count;
    uint32_t limbs[LIMBS];
} big;

static void multiply_add(big *x, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;
    for (int i = 0; i < x->count; i++) {
        carry += (uint64_t)x->limbs[i] * factor;
        x->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0)
        x->limbs[x->count++] = (uint32_t)carry;
}

static void multiply_power_of_ten(big *x, int64_t power)
{
    for (; power >= 9; power -= 9)
        multiply_add(x, 1000000000, 0);
    for (; power > 0; power--)
        multiply_add(x, 10, 0);
}

static void shift_left(big *x, int bits)
{
    for (; bits >= 31; bits -= 31)
        multiply_add(x, (uint32_t)1 << 31, 0);
    multiply_add(x, (uint32_t)1 << bits, 0);
}

static int compare_big(const big *a, const big *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (int i = a->count - 1; i >= 0; i--)
        if (a->limbs[i] != b->limbs[i])
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
    return 0;
}

/* Compares the literal with the middle between the float `bits` and the next one. No middle has
 * more than 770 digits: what follows only matters by being there, so it becomes a final 1. */
static int compare_with_middle(const literal *text, uint64_t bits)
{
    big left = {0}, right = {0};
    int64_t power = text->exponent;
    int taken = 0;
    bool after_point = false, more = false;
    for (const char *p = text->digits; p < text->end; p++) {
        if (*p == '.') {
            after_point = true;
        } else if (taken < 800) {
            multiply_add(&left, 10, (uint32_t)(*p - '0'));
            taken += left.count > 0;
            power -= after_point;
        } else {
            more |= *p != '0';
            power += !after_point;
        }
    }
    if (more) {
        multiply_add(&left, 10, 1);
        power--;
    }
    int biased = (int)(bits >> FRACTION_BITS);
    uint64_t fraction = bits & (((uint64_t)1 << FRACTION_BITS) - 1);
    uint64_t middle = 2 * (biased == 0 ? fraction : fraction | (uint64_t)1 << FRACTION_BITS) + 1;
    int exponent = (biased == 0 ? 1 : biased) - EXPONENT_MAX - FRACTION_BITS - 1;
    right.limbs[0] = (uint32_t)middle;
    right.limbs[1] = (uint32_t)(middle >> 32);
    right.count = right.limbs[1] != 0 ? 2 : 1;
    multiply_power_of_ten(power >= 0 ? &left : &right, power >= 0 ? power : -power);
    shift_left(exponent >= 0 ? &right : &left, exponent >= 0 ? exponent : -exponent);
    return compare_big(&left, &right);
}

/* ---- decimal ---- */

static const double small_powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static double as_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double to_double(const literal *text)
{
    uint64_t w = 0;
    int64_t power = text->exponent;
    int taken = 0;
    bool after_point = false, more = false;
    for (const char *p = text->digits; p < text->end; p++) {
        if (*p == '.') {
            after_point = true;
        } else if (taken < DIGITS_IN_WORD) {
            w = w * 10 + (uint64_t)(*p - '0');
            taken += w != 0;
            power -= after_point;
        } else {
            more |= *p != '0';
            power += !after_point;
        }
    }
    if (w == 0)
        return 0;
    if (!more && w <= (uint64_t)1 << 53 && power >= -22 && power <= 22)
        return power < 0 ? (double)w / small_powers[-power] : (double)w * small_powers[power];
    if (power + taken > 310)
        return as_double((uint64_t)0x7FF << FRACTION_BITS);
    if (power + taken < -323) /* less than half of the smallest float */
        return 0;
    keaint_power upper_power = keaint_power_of_ten((int)power), lower_power = upper_power;
    bool exact_power = power >= 0 && power <= 55;
    if (!exact_power && lower_power.low-- == 0)
        lower_power.high--;
    uint64_t lower = round_scaled(w, lower_power, (int)power);
    uint64_t upper = round_scaled(w + more, upper_power, (int)power);
    if (lower == upper)
        return as_double(lower);
    int order = compare_with_middle(text, lower);
    return as_double(order > 0 || (order == 0 && (lower & 1) != 0) ? upper : lower);
}

/* ---- hexadecimal ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static double hex_to_double(const literal *text)
{
    uint64_t w = 0;
    int64_t exponent = text->exponent;
    bool after_point = false, sticky = false;
    for (const char *p = text->digits; p < text->end; p++) {
        if (*p == '.') {
            after_point = true;
        } else if (w >> 60 == 0) {
            w = w << 4 | (uint64_t)hex_digit(*p);
            exponent -= after_point ? 4 : 0;
        } else {
            sticky |= *p != '0';
            exponent += after_point ? 0 : 4;
        }
    }
    if (w == 0)
        return 0;
    int zeros = __builtin_clzll(w);
    exponent -= zeros;
    exponent = exponent < -2000 ? -2000 : exponent > 2000 ? 2000 : exponent;
    return as_double(round_bits(w << zeros, sticky, (int)exponent));
}

/* ---- the text ---- */

/* Digits with at most one point; false without a digit. */
static bool scan_digits(const char **at, const char *end, bool hexadecimal, literal *text)
{
    bool point = false, any = false;
    text->digits = *at;
    for (; *at < end; ++*at) {
        if (**at == '.' && !point)
            point = true;
        else if (hexadecimal ? hex_digit(**at) >= 0 : **at >= '0' && **at <= '9')
            any = true;
        else
            break;
    }
    text->end = *at;
    return any;
}

/* What follows the exponent's letter. */
static bool scan_exponent(const char **at, const char *end, int64_t *exponent)
{
    bool negative = *at < end && **at == '-';
    if (*at < end && (**at == '-' || **at == '+'))
        ++*at;
    if (*at == end)
        return false;
    int64_t value = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
        value = value < EXPONENT_TEXT_MAX ? value * 10 + (**at - '0') : value;
    *exponent = negative ? -value : value;
    return true;
}

bool keaint_parse_float(const char *bytes, int64_t length, double *value)
{
    const char *at = bytes, *end = bytes + length;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    bool hexadecimal = end - at > 2 && at[0] == '0' && (at[1] | 0x20) == 'x';
    if (hexadecimal)
        at += 2;
    literal text = {.exponent = 0};
    if (!scan_digits(&at, end, hexadecimal, &text))
        return false;
    if (at < end && (*at | 0x20) == (hexadecimal ? 'p' : 'e')) {
        at++;
        if (!scan_exponent(&at, end, &text.exponent))
            return false;
    }
    if (at != end)
        return false;
    double magnitude = hexadecimal ? hex_to_double(&text) : to_double(&text);
    *value = negative ? -magnitude : magnitude;
    return true;
}
