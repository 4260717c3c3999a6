/* Strings against simple models.
 *
 *   - appending in a loop happens in place, in blocks that double;
 *   - comparing, finding, slicing and replacing agree with byte-by-byte models on random texts;
 *   - UTF-8 is accepted exactly where the definition says so. */
#include "check.h"

static int64_t appending(kea_context *ctx)
{
    kea_string *s = str(ctx, ""), *part = str(ctx, "abc");
    int moves = 0;
    for (int i = 0; i < 1000000; i++) {
        kea_string *before = s;
        s = kea_string_concat(ctx, s, part);
        moves += s != before;
    }
    CHECK(s->length == 3000000 && moves < 40 && kea_is_unique(s) && s->bytes[3000000] == 0);
    for (int64_t i = 0; i < s->length; i++)
        CHECK(s->bytes[i] == "abc"[i % 3]);
    kea_drop(ctx, s);

    /* Shared strings stay as they are. */
    kea_dup(part);
    s = kea_string_concat(ctx, part, part);
    CHECK(is_text(s, "abcabc") && is_text(part, "abc") && part->object.count == 1);
    kea_dup(s);
    kea_string *t = kea_string_append_char(ctx, s, 0x20AC);
    CHECK(is_text(t, "abcabc\xE2\x82\xAC") && is_text(s, "abcabc"));
    kea_drop(ctx, s);
    kea_drop(ctx, t);
    kea_drop(ctx, part);

    s = kea_string_with_capacity(ctx, 100);
    kea_string *before = s;
    for (int i = 0; i < 100; i++)
        s = kea_string_append_char(ctx, s, 'x');
    CHECK(s == before && s->length == 100);
    kea_drop(ctx, s);
    return 0;
}

static kea_string *random_text(kea_context *ctx, uint64_t *state, int64_t longest, int letters)
{
    char bytes[400];
    int64_t length = (int64_t)(next_random(state) % (uint64_t)(longest + 1));
    for (int64_t i = 0; i < length; i++)
        bytes[i] = (char)('a' + next_random(state) % (uint64_t)letters);
    return kea_string_from_bytes(ctx, bytes, length);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static int model_compare(const kea_string *a, const kea_string *b)
{
    int64_t common = a->length < b->length ? a->length : b->length;
    for (int64_t i = 0; i < common; i++)
        if (a->bytes[i] != b->bytes[i])
            return (unsigned char)a->bytes[i] < (unsigned char)b->bytes[i] ? -1 : 1;
    return sign((int)(a->length - b->length));
}

static int64_t model_find(const kea_string *s, const kea_string *needle)
{
    for (int64_t i = 0; i + needle->length <= s->length; i++) {
        int64_t k = 0;
        while (k < needle->length && s->bytes[i + k] == needle->bytes[k])
            k++;
        if (k == needle->length)
            return i;
    }
    return -1;
}

static int64_t comparing(kea_context *ctx)
{
    uint64_t state = 7;
    for (int round = 0; round < ROUNDS(60000); round++) {
        kea_string *a = random_text(ctx, &state, round % 3 == 0 ? 10 : 90, 2);
        kea_string *b = round % 2 == 0 ? random_text(ctx, &state, 60, 2) : kea_string_from_bytes(ctx, a->bytes, a->length);
        if (round % 4 == 1 && b->length > 0)
            b->bytes[next_random(&state) % (uint64_t)b->length] ^= (char)(next_random(&state) & 0xFF);
        CHECK(kea_string_compare(ctx, a, b) == model_compare(a, b));
        CHECK(kea_string_equal(ctx, a, b) == (model_compare(a, b) == 0));
        CHECK(kea_text_starts_with(ctx, a, b) == (a->length >= b->length && memcmp(a->bytes, b->bytes, (size_t)b->length) == 0));
        CHECK(kea_text_ends_with(ctx, a, b) == (a->length >= b->length && memcmp(a->bytes + a->length - b->length, b->bytes, (size_t)b->length) == 0));
        kea_drop(ctx, a);
        kea_drop(ctx, b);
    }
    return 0;
}

static int64_t finding(kea_context *ctx)
{
    uint64_t state = 8;
    for (int round = 0; round < ROUNDS(60000); round++) {
        kea_string *s = random_text(ctx, &state, round % 3 == 0 ? 20 : 300, 3);
        kea_string *needle = random_text(ctx, &state, round % 2 == 0 ? 5 : 25, 3);
        CHECK(kea_text_index_of(ctx, s, needle) == model_find(s, needle));
        CHECK(kea_text_contains(ctx, s, needle) == (model_find(s, needle) >= 0));
        CHECK(keaint_find_byte(s->bytes, s->length, 'c') == (memchr(s->bytes, 'c', (size_t)s->length) == NULL ? -1 : (char *)memchr(s->bytes, 'c', (size_t)s->length) - s->bytes));
        kea_drop(ctx, s);
        kea_drop(ctx, needle);
    }
    return 0;
}

static void expect(kea_context *ctx, kea_string *result, const char *text)
{
    if (!is_text(result, text))
        fprintf(stderr, "got '%s', not '%s'\n", result->bytes, text);
    CHECK(is_text(result, text));
    kea_drop(ctx, result);
}

static kea_string *replaced(kea_context *ctx, const char *s, const char *old_text, const char *new_text)
{
    kea_string *a = str(ctx, s), *b = str(ctx, old_text), *c = str(ctx, new_text);
    kea_string *result = kea_text_replace(ctx, a, b, c);
    kea_drop(ctx, a);
    kea_drop(ctx, b);
    kea_drop(ctx, c);
    return result;
}

static int64_t changing(kea_context *ctx)
{
    expect(ctx, replaced(ctx, "aaaa", "aa", "b"), "bb");
    expect(ctx, replaced(ctx, "one two one", "one", "three"), "three two three");
    expect(ctx, replaced(ctx, "one", "two", "x"), "one");
    expect(ctx, replaced(ctx, "xx", "x", ""), "");
    expect(ctx, replaced(ctx, "a\xC3\xB6", "", "-"), "-a-\xC3\xB6-");
    expect(ctx, replaced(ctx, "", "", "-"), "-");

    kea_string *s = str(ctx, "  H\xC3\xB6 z!\t\n");
    expect(ctx, kea_text_trim(ctx, s), "H\xC3\xB6 z!");
    expect(ctx, kea_text_to_upper(ctx, s), "  H\xC3\xB6 Z!\t\n");
    expect(ctx, kea_text_to_lower(ctx, s), "  h\xC3\xB6 z!\t\n");
    expect(ctx, kea_text_slice(ctx, s, 2, 5), "H\xC3\xB6");
    expect(ctx, kea_text_slice(ctx, s, 2, 4), "");
    expect(ctx, kea_text_slice(ctx, s, 4, 7), "");
    expect(ctx, kea_text_slice(ctx, s, -5, 3), "  H");
    expect(ctx, kea_text_slice(ctx, s, 8, 100), "\t\n");
    expect(ctx, kea_text_slice(ctx, s, 5, 2), "");
    kea_string *whole = kea_text_slice(ctx, s, INT64_MIN, INT64_MAX);
    CHECK(whole == s);
    kea_drop(ctx, whole);
    expect(ctx, kea_text_repeat(ctx, s, 0), "");
    expect(ctx, kea_text_repeat(ctx, s, -3), "");
    CHECK(kea_text_char_at(ctx, s, 3) == 0xC3 && kea_text_char_at(ctx, s, -1) == -1 && kea_text_char_at(ctx, s, 10) == -1);
    CHECK(kea_text_decode_char(ctx, s, 3) == 0xF6 && kea_text_decode_char(ctx, s, 4) == -1 && kea_text_decode_char(ctx, s, 99) == -1);
    CHECK(kea_text_char_width(ctx, s, 3) == 2 && kea_text_char_width(ctx, s, 4) == 1);
    kea_drop(ctx, s);

    s = str(ctx, "abc");
    expect(ctx, kea_text_repeat(ctx, s, 5), "abcabcabcabcabc");
    CHECK(kea_hash_string(ctx, s) == (int64_t)(((((5381u * 33) ^ 'a') * (uint64_t)33 ^ 'b') * 33) ^ 'c'));
    kea_drop(ctx, s);
    expect(ctx, kea_string_from_c_str(ctx, NULL), "");
    expect(ctx, kea_int_to_string(ctx, INT64_MIN), "-9223372036854775808");
    expect(ctx, kea_int_to_string(ctx, 0), "0");
    expect(ctx, kea_int_to_string(ctx, -10), "-10");
    expect(ctx, kea_uint_to_string(ctx, UINT64_MAX), "18446744073709551615");
    expect(ctx, kea_char_to_string(ctx, 0x1F600), "\xF0\x9F\x98\x80");
    expect(ctx, keaint_string_lossy(ctx, "a\xFFz\xC3", 4), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
    return 0;
}

static int64_t too_long(kea_context *ctx)
{
    kea_string *s = str(ctx, "abc");
    return kea_text_repeat(ctx, s, INT64_MAX / 2)->length;
}

/* Every code point goes there and back; every other sequence of up to 4 bytes is refused. */
static void utf8(void)
{
    int64_t valid = 0;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        int32_t width, length = keaint_utf8_encode(bytes, code);
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        CHECK(keaint_utf8_decode(bytes, length, &width) == (surrogate ? -1 : (int32_t)code));
        CHECK(keaint_utf8_valid_prefix(bytes, length) == (surrogate ? 0 : length));
        if (!surrogate)
            CHECK(width == length && (length == 1 || keaint_utf8_decode(bytes, length - 1, &width) == -1));
        valid += !surrogate && length == 3;
    }
    int64_t accepted = 0; /* of all sequences of three bytes that begin with one of three */
    for (uint32_t x = 0xE00000; x < 0xF00000; x++) {
        char bytes[3] = {(char)(x >> 16), (char)(x >> 8), (char)x};
        int32_t width;
        accepted += keaint_utf8_decode(bytes, 3, &width) >= 0;
    }
    CHECK(accepted == valid);
    /* The vector path: one bad byte at every place of a long text. */
    char text[100];
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 100; i++) {
        text[i] = (char)0x80;
        CHECK(keaint_utf8_valid_prefix(text, 100) == i);
        text[i] = 'x';
    }
    CHECK(keaint_utf8_valid_prefix(text, 100) == 100);
}

int main(void)
{
    utf8();
    run_body(appending);
    run_body(comparing);
    run_body(finding);
    run_body(changing);
    outcome o = run_program(too_long, "", 0);
    CHECK(o.status == KEA_STATUS_PANIC && strstr(o.error, "panic: out of memory") == o.error);
    outcome_free(&o);
    return 0;
}
