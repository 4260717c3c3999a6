/* What `Text` does to strings. Positions and lengths are in bytes; case and white space are those
 * of ASCII. A result that equals the argument is the argument. */
#include "internal.h"

#include <string.h>

static kea_string *same(kea_string *s)
{
    kea_dup_inline(&s->object);
    return s;
}

int64_t kea_text_length(kea_context *ctx, kea_string *s)
{
    (void)ctx;
    return s->length;
}

bool kea_text_starts_with(kea_context *ctx, kea_string *s, kea_string *prefix)
{
    (void)ctx;
    return prefix->length <= s->length && keaint_equal_bytes(s->bytes, prefix->bytes, prefix->length);
}

bool kea_text_ends_with(kea_context *ctx, kea_string *s, kea_string *suffix)
{
    (void)ctx;
    return suffix->length <= s->length && keaint_equal_bytes(s->bytes + s->length - suffix->length, suffix->bytes, suffix->length);
}

int64_t kea_text_index_of(kea_context *ctx, kea_string *s, kea_string *needle)
{
    (void)ctx;
    if (needle->length == 0)
        return 0;
    return keaint_find(s->bytes, s->length, needle->bytes, needle->length);
}

int64_t kea_text_index_from(kea_context *ctx, kea_string *s, kea_string *needle, int64_t start)
{
    (void)ctx;
    if (start < 0 || start > s->length)
        return -1;
    if (needle->length == 0)
        return start;
    int64_t found = keaint_find(s->bytes + start, s->length - start, needle->bytes, needle->length);
    return found < 0 ? -1 : start + found;
}

bool kea_text_contains(kea_context *ctx, kea_string *s, kea_string *needle)
{
    return kea_text_index_of(ctx, s, needle) >= 0;
}

int64_t kea_text_char_at(kea_context *ctx, kea_string *s, int64_t i)
{
    (void)ctx;
    return i < 0 || i >= s->length ? -1 : (unsigned char)s->bytes[i];
}

int64_t kea_text_decode_char(kea_context *ctx, kea_string *s, int64_t i)
{
    (void)ctx;
    if (i < 0 || i >= s->length)
        return -1;
    int32_t width;
    return keaint_utf8_decode(s->bytes + i, s->length - i, &width);
}

int64_t kea_text_char_width(kea_context *ctx, kea_string *s, int64_t i)
{
    (void)ctx;
    int32_t width = 1;
    if (i >= 0 && i < s->length)
        keaint_utf8_decode(s->bytes + i, s->length - i, &width);
    return width;
}

/* Whether a code point continues over this position. */
static bool splits(const kea_string *s, int64_t at)
{
    return at > 0 && at < s->length && ((unsigned char)s->bytes[at] & 0xC0) == 0x80;
}

static int64_t clamp(int64_t at, int64_t length)
{
    return at < 0 ? 0 : at > length ? length : at;
}

kea_string *kea_text_slice(kea_context *ctx, kea_string *s, int64_t from, int64_t to)
{
    from = clamp(from, s->length);
    to = clamp(to, s->length);
    if (from >= to || splits(s, from) || splits(s, to))
        return KEAINT_EMPTY;
    if (to - from == s->length)
        return same(s);
    return keaint_string_of(ctx, s->bytes + from, to - from);
}

/* A copy in which the letters from `first` to `first` + 25 have bit 5 flipped. */
static kea_string *flip_case(kea_context *ctx, kea_string *s, unsigned char first)
{
    if (s->length == 0)
        return KEAINT_EMPTY;
    kea_string *to = keaint_string_new(ctx, s->length);
    for (int64_t i = 0; i < s->length; i++) {
        unsigned char c = (unsigned char)s->bytes[i];
        to->bytes[i] = (char)(c ^ ((unsigned char)(c - first) < 26 ? 0x20 : 0));
    }
    return to;
}

kea_string *kea_text_to_upper(kea_context *ctx, kea_string *s)
{
    return flip_case(ctx, s, 'a');
}

kea_string *kea_text_to_lower(kea_context *ctx, kea_string *s)
{
    return flip_case(ctx, s, 'A');
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

kea_string *kea_text_trim(kea_context *ctx, kea_string *s)
{
    int64_t from = 0, to = s->length;
    while (from < to && is_space(s->bytes[from]))
        from++;
    while (to > from && is_space(s->bytes[to - 1]))
        to--;
    return to - from == s->length ? same(s) : keaint_string_of(ctx, s->bytes + from, to - from);
}

typedef struct text_end {
    char *at;
} text_end;

static void put(text_end *end, const char *bytes, int64_t length)
{
    memcpy(end->at, bytes, (size_t)length);
    end->at += length;
}

static int64_t code_point_bytes(const kea_string *s, int64_t at)
{
    int32_t width;
    keaint_utf8_decode(s->bytes + at, s->length - at, &width);
    return width;
}

/* The length of a text of `rest` bytes and `count` times `each`; ends the run if that is absurd. */
static int64_t checked_length(kea_context *ctx, int64_t rest, int64_t count, int64_t each)
{
    int64_t length;
    if (__builtin_mul_overflow(count, each, &length) || __builtin_add_overflow(length, rest, &length))
        keaint_out_of_memory(ctx);
    return length;
}

/* `new_text` before, between and after the code points. */
static kea_string *insert_everywhere(kea_context *ctx, kea_string *s, kea_string *new_text)
{
    int64_t count = 1;
    for (int64_t i = 0; i < s->length; i += code_point_bytes(s, i))
        count++;
    int64_t length = checked_length(ctx, s->length, count, new_text->length);
    if (length == 0)
        return KEAINT_EMPTY;
    kea_string *to = keaint_string_new(ctx, length);
    text_end end = {to->bytes};
    put(&end, new_text->bytes, new_text->length);
    for (int64_t i = 0, width; i < s->length; i += width) {
        width = code_point_bytes(s, i);
        put(&end, s->bytes + i, width);
        put(&end, new_text->bytes, new_text->length);
    }
    return to;
}

kea_string *kea_text_replace(kea_context *ctx, kea_string *s, kea_string *old_text, kea_string *new_text)
{
    if (old_text->length == 0)
        return insert_everywhere(ctx, s, new_text);
    int64_t count = 0, found;
    for (int64_t at = 0; (found = keaint_find(s->bytes + at, s->length - at, old_text->bytes, old_text->length)) >= 0; at += found + old_text->length)
        count++;
    if (count == 0)
        return same(s);
    int64_t length = checked_length(ctx, s->length - count * old_text->length, count, new_text->length);
    if (length == 0)
        return KEAINT_EMPTY;
    kea_string *to = keaint_string_new(ctx, length);
    text_end end = {to->bytes};
    int64_t at = 0;
    for (; count > 0; count--) {
        found = keaint_find(s->bytes + at, s->length - at, old_text->bytes, old_text->length);
        put(&end, s->bytes + at, found);
        put(&end, new_text->bytes, new_text->length);
        at += found + old_text->length;
    }
    put(&end, s->bytes + at, s->length - at);
    return to;
}

kea_string *kea_text_repeat(kea_context *ctx, kea_string *s, int64_t count)
{
    if (count <= 0 || s->length == 0)
        return KEAINT_EMPTY;
    kea_string *to = keaint_string_new(ctx, checked_length(ctx, 0, count, s->length));
    /* What is there already is copied, so that the copies double. */
    memcpy(to->bytes, s->bytes, (size_t)s->length);
    for (int64_t done = s->length; done < to->length;) {
        int64_t more = done < to->length - done ? done : to->length - done;
        memcpy(to->bytes + done, to->bytes, (size_t)more);
        done += more;
    }
    return to;
}

const char *kea_text_as_ptr(kea_context *ctx, kea_string *s)
{
    (void)ctx;
    return s->bytes;
}

bool kea_text_to_float_valid(kea_context *ctx, kea_string *s)
{
    (void)ctx;
    double value;
    return keaint_parse_float(s->bytes, s->length, &value);
}

double kea_text_to_float_value(kea_context *ctx, kea_string *s)
{
    (void)ctx;
    double value;
    return keaint_parse_float(s->bytes, s->length, &value) ? value : 0;
}
