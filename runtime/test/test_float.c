/* Floats as text and back.
 *
 *   - every entry of the table of powers is what exact arithmetic says;
 *   - what is written reads back to the same bits, and no shorter text does;
 *  - reading agrees with the C library, ties and limits included. */
#include "../src/float_text.h"
#include "check.h"

#include <math.h>

/* ---- the table, by schoolbook arithmetic on 32-bit digits ---- */

#define LIMBS 80
typedef struct big { uint32_t limb[LIMBS]; } big;

static void times(big *x, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)x->limb[i] * factor;
        x->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    CHECK(carry == 0);
}

static int bit_length(const big *x)
{
    for (int i = LIMBS - 1; i >= 0; i--)
        if (x->limb[i] != 0)
            return 32 * i + 32 - __builtin_clz(x->limb[i]);
    return 0;
}

static int bit(const big *x, int i)
{
    return i < 0 ? 0 : (int)(x->limb[i / 32] >> i % 32 & 1);
}

static void shift_left_one(big *x, uint32_t in)
{
    for (int i = 0; i < LIMBS; i++) {
        uint32_t out = x->limb[i] >> 31;
        x->limb[i] = x->limb[i] << 1 | in;
        in = out;
    }
}

static bool subtract_if_not_less(big *x, const big *y)
{
    big result;
    int64_t borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        borrow += (int64_t)x->limb[i] - y->limb[i];
        result.limb[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    if (borrow < 0)
        return false;
    *x = result;
    return true;
}

static keaint_power one_more(keaint_power g)
{
    g.low++;
    g.high += g.low == 0;
    return g;
}

static keaint_power push_bit(keaint_power g, int b)
{
    g.high = g.high << 1 | g.low >> 63;
    g.low = g.low << 1 | (uint64_t)b;
    return g;
}

static void table_is_exact(void)
{
    big power = {{1}};
    for (int k = 0; k <= 342; k++, times(&power, 10)) {
        int length = bit_length(&power);
        keaint_power g = {0, 0};
        bool rest = false;
        for (int i = 0; i < 128; i++)
            g = push_bit(g, bit(&power, length - 1 - i));
        for (int i = 0; i < length - 128; i++)
            rest |= bit(&power, i);
        if (rest)
            g = one_more(g);
        if (k <= KEAINT_POWER_MAX) {
            CHECK(keaint_power_of_ten(k).high == g.high && keaint_power_of_ten(k).low == g.low);
            CHECK(keaint_log2_of_power(k) == length - 1);
        }
        if (k == 0)
            continue;
        /* 1 / 10^k: long division of 2^length by 10^k, first bit is one or the next. */
        big remainder = {{1}};
        for (int i = 0; i < length - 1; i++)
            shift_left_one(&remainder, 0);
        g = (keaint_power){0, 0};
        while (g.high >> 63 == 0) {
            shift_left_one(&remainder, 0);
            g = push_bit(g, subtract_if_not_less(&remainder, &power));
        }
        g = one_more(g); /* never exact */
        CHECK(keaint_power_of_ten(-k).high == g.high && keaint_power_of_ten(-k).low == g.low);
        CHECK(keaint_log2_of_power(-k) == -length);
    }
}

/* ---- writing ---- */

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, 8);
    return x;
}

static uint64_t to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, 8);
    return bits;
}

static int digit_count(const char *text)
{
    char digits[512];
    int count = 0;
    for (; *text != 0 && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (count > 0 || *text != '0'))
            digits[count++] = *text;
    while (count > 0 && digits[count - 1] == '0')
        count--;
    return count;
}

static int shortest_digits(double x)
{
    for (int n = 1; n < 17; n++) {
        char text[64];
        snprintf(text, sizeof text, "%.*e", n - 1, x);
        if (strtod(text, NULL) == x)
            return n;
    }
    return 17;
}

static void check_written(double x, bool shortest)
{
    char text[KEAINT_FLOAT_BYTES];
    int length = keaint_write_float(text, x);
    CHECK(length < KEAINT_FLOAT_BYTES);
    text[length] = 0;
    CHECK((strchr(text, 'e') != NULL) == (fabs(x) >= 1e16));
    CHECK(to_bits(strtod(text, NULL)) == to_bits(x));
    double back;
    CHECK(keaint_parse_float(text, length, &back) && to_bits(back) == to_bits(x));
    if (shortest)
        CHECK(digit_count(text) <= shortest_digits(x));
}

static void check_text(double x, const char *expected)
{
    char text[KEAINT_FLOAT_BYTES];
    text[keaint_write_float(text, x)] = 0;
    if (strcmp(text, expected) != 0)
        fprintf(stderr, "%s, not %s\n", text, expected);
    CHECK(strcmp(text, expected) == 0);
}

static void writing(void)
{
    check_text(0, "0");
    check_text(-0.0, "-0");
    check_text(3, "3");
    check_text(-1.5, "-1.5");
    check_text(0.1, "0.1");
    check_text(0.1 + 0.2, "0.30000000000000004");
    check_text(1e15, "1000000000000000");
    check_text(9007199254740993.0, "9007199254740992");
    check_text(9999999999999998.0, "9999999999999998");
    check_text(1e16, "1e16");
    check_text(1.25e20, "1.25e20");
    check_text(1e23, "1e23");
    check_text(1e-7, "0.0000001");
    check_text(0.000123, "0.000123");
    check_text(1.7976931348623157e308, "1.7976931348623157e308");
    check_text(NAN, "NaN");
    check_text(-NAN, "NaN");
    check_text(INFINITY, "inf");
    check_text(-INFINITY, "-inf");
    check_text(100, "100");
    check_text(123456.789, "123456.789");
    check_text(2.2250738585072014e-308 * 0x1p-52, strtod("5e-324", NULL) == 0 ? "" : ({
        static char tiny[400];
        memset(tiny, '0', 400);
        tiny[1] = '.';
        tiny[325] = '5';
        tiny[326] = 0;
        tiny;
    }));

    uint64_t state = 4711;
    for (int i = 0; i < ROUNDS(1000000); i++) {
        double x = from_bits(next_random(&state));
        if (isfinite(x))
            check_written(x, i % 50 == 0);
    }
    for (int i = 0; i < ROUNDS(100000); i++) {
        check_written((double)(int64_t)(next_random(&state) >> next_random(&state) % 60) / 1000, i % 10 == 0);
        check_written(from_bits((next_random(&state) >> 12 & 0xFF) << 52), true); /* powers of two */
        check_written(from_bits(next_random(&state) >> 13), i % 50 == 0); /* subnormal and small */
    }
}

static void writing_binary32(void)
{
    uint64_t state = 31;
    for (int i = 0; i < ROUNDS(500000); i++) {
        uint32_t bits = (uint32_t)(next_random(&state) >> 32);
        float x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        char text[KEAINT_FLOAT_BYTES], shorter[64];
        text[keaint_write_float32(text, x)] = 0;
        float back = strtof(text, NULL);
        CHECK(memcmp(&back, &x, sizeof x) == 0);
        int n = 1;
        for (; n < 9 && i % 20 == 0; n++) {
            snprintf(shorter, sizeof shorter, "%.*e", n - 1, (double)x);
            if (strtof(shorter, NULL) == x)
                break;
        }
        CHECK(i % 20 != 0 || digit_count(text) <= n);
    }
    char text[KEAINT_FLOAT_BYTES];
    text[keaint_write_float32(text, 0.1f)] = 0;
    CHECK(strcmp(text, "0.1") == 0);
}

/* ---- reading ---- */

static void check_read(const char *text)
{
    double value;
    CHECK(keaint_parse_float(text, (int64_t)strlen(text), &value));
    if (to_bits(value) != to_bits(strtod(text, NULL)))
        fprintf(stderr, "%s\n", text);
    CHECK(to_bits(value) == to_bits(strtod(text, NULL)));
}

/* The exact decimal text of the middle between two floats, and texts just beside it. */
static void check_middle(uint64_t bits)
{
    char text[1200];
    long double middle = ((long double)from_bits(bits) + (long double)from_bits(bits + 1)) / 2;
    int length = snprintf(text, sizeof text - 8, "%.1100Lf", middle);
    while (text[length - 1] == '0')
        length--;
    text[length] = 0;
    check_read(text);
    strcpy(text + length, "0000001");
    check_read(text);
    text[length] = 0;
    if (text[length - 1] == '.') /* An integer: the text below it would need borrowing. */
        return;
    text[length - 1]--;
    strcpy(text + length, "9999");
    check_read(text);
}

static void reading(void)
{
    static const char *const good[] = {"0", "-0", "+1", "1.", ".5", "1e3", "1E+3", "1e-3", "00012.500", "1e400", "-1e400",
        "1e-400", "0e999999999999", "0.000000000000000000000000000001e30", "9007199254740993", "9007199254740992.5",
        "2.4703282292062327e-324", "2.4703282292062328e-324", "2.47032822920623272088284396434110686182e-324",
        "1.7976931348623158e308", "1.7976931348623159e308", "179769313486231580793728971405301e276",
        "2.2250738585072011e-308", "2.2250738585072012e-308", "0x10", "0x1.8p1", "0x.8", "0x1p-1074", "0x1p-1075",
        "0x1.8p-1075", "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7p1023", "0x123456789abcdef01", "0x1.00000000000008p0",
        "0x1.000000000000080000000000000001p0", "-0x1P+4", "123456789012345678901234567890", "1e22", "1e23", "8.5e-17"};
    static const char *const bad[] = {"", "-", "+", ".", "e5", "1e", "1e+", "1 ", " 1", "1x", "0x", "0xp1", "--1", "1..2",
        "1.2.3", "inf", "nan", "NaN", "infinity", "1f", "1_000", "0x1p", "1e5.", "\xC2\xBD"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        check_read(good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value;
        CHECK(!keaint_parse_float(bad[i], (int64_t)strlen(bad[i]), &value));
    }
    uint64_t state = 815;
    for (int i = 0; i < ROUNDS(500000); i++) {
        char text[100];
        snprintf(text, sizeof text, "%llu.%llue%d", (unsigned long long)(next_random(&state) >> next_random(&state) % 64),
            (unsigned long long)(next_random(&state) >> next_random(&state) % 64), (int)(next_random(&state) % 700) - 350);
        check_read(text);
    }
    for (int i = 0; i < ROUNDS(20000); i++) {
        char text[100];
        snprintf(text, sizeof text, "%.*e", (int)(next_random(&state) % 30), from_bits(next_random(&state) & 0x7FEFFFFFFFFFFFFF));
        check_read(text);
    }
    for (int i = 0; i < ROUNDS(3000); i++)
        check_middle(((next_random(&state) % 200 + 923) << 52) + (next_random(&state) >> 12));
}

int main(void)
{
    table_is_exact();
    writing();
    writing_binary32();
    reading();
    return 0;
}
