/* Strings as objects: making, joining, comparing.
 *
 * A string has no field for its capacity: the room it has is the block it lies in, which its page
 * knows. `concat` appends in place when the left side has one owner and the block has room, so
 * that a loop that appends costs O(1) per byte; when it must move, the new block is twice as
 * large as the text. A string that was never appended to takes no more than its size class.
 */
#include "internal.h"

#include <string.h>

#define STRING_BYTES(length) (sizeof(kea_string) + (size_t)(length) + 1)

const struct keaint_empty_string keaint_empty = {{KEA_IMMORTAL, KEA_LAYOUT_STRING, 0}, 0, {0}};

static kea_string *new_with_room(kea_context *ctx, int64_t length, int64_t room)
{
    if (room < 0 || room > PTRDIFF_MAX - 64)
        keaint_out_of_memory(ctx);
    kea_string *s = kea_alloc_inline(ctx, STRING_BYTES(room));
    s->object = (kea_object){1, KEA_LAYOUT_STRING, 0};
    s->length = length;
    s->bytes[length] = 0;
    return s;
}

kea_string *keaint_string_new(kea_context *ctx, int64_t length)
{
    return new_with_room(ctx, length, length);
}

kea_string *keaint_string_of(kea_context *ctx, const char *bytes, int64_t length)
{
    if (length == 0)
        return KEAINT_EMPTY;
    kea_string *s = keaint_string_new(ctx, length);
    memcpy(s->bytes, bytes, (size_t)length);
    return s;
}

kea_string *kea_string_from_bytes(kea_context *ctx, const char *bytes, int64_t length)
{
    return keaint_string_of(ctx, bytes, length);
}

kea_string *kea_string_from_c_str(kea_context *ctx, const char *s)
{
    return s == NULL ? KEAINT_EMPTY : keaint_string_of(ctx, s, (int64_t)strlen(s));
}

kea_string *keaint_string_lossy(kea_context *ctx, const char *bytes, int64_t length)
{
    int64_t valid = keaint_utf8_valid_prefix(bytes, length);
    if (valid == length)
        return keaint_string_of(ctx, bytes, length);
    kea_string *s = kea_string_with_capacity(ctx, length + 16);
    kea_string *replacement = keaint_string_of(ctx, "\xEF\xBF\xBD", 3);
    while (length > 0) {
        kea_string *part = keaint_string_of(ctx, bytes, valid);
        s = kea_string_concat(ctx, s, part);
        kea_drop_inline(ctx, &part->object);
        bytes += valid;
        length -= valid;
        if (length > 0) {
            s = kea_string_concat(ctx, s, replacement);
            bytes++;
            length--;
        }
        valid = keaint_utf8_valid_prefix(bytes, length);
    }
    kea_drop_inline(ctx, &replacement->object);
    return s;
}

kea_string *kea_string_with_capacity(kea_context *ctx, int64_t n)
{
    return new_with_room(ctx, 0, n < 0 ? 0 : n);
}

void keaint_string_set_length(kea_string *s, int64_t length)
{
    s->length = length;
    s->bytes[length] = 0;
}

/* Consumes a: a unique string with the same bytes and room for `more` further ones. */
static kea_string *with_room_for(kea_context *ctx, kea_string *a, int64_t more)
{
    int64_t length = a->length, wanted;
    if (__builtin_add_overflow(length, more, &wanted) || wanted > PTRDIFF_MAX / 4)
        keaint_out_of_memory(ctx);
    if (kea_is_unique_inline(&a->object)) {
        if (STRING_BYTES(wanted) <= keaint_block_bytes(a))
            return a;
        int64_t room = wanted < 2 * length ? 2 * length : wanted;
        return keaint_grow(ctx, a, STRING_BYTES(length), STRING_BYTES(room));
    }
    kea_string *s = new_with_room(ctx, length, wanted);
    memcpy(s->bytes, a->bytes, (size_t)length);
    kea_drop_inline(ctx, &a->object);
    return s;
}

static kea_string *append_bytes(kea_context *ctx, kea_string *a, const char *bytes, int64_t count)
{
    a = with_room_for(ctx, a, count);
    memcpy(a->bytes + a->length, bytes, (size_t)count);
    keaint_string_set_length(a, a->length + count);
    return a;
}

kea_string *kea_string_concat(kea_context *ctx, kea_string *a, kea_string *b)
{
    if (b->length == 0)
        return a;
    if (a->length == 0 && !kea_is_unique_inline(&a->object)) {
        kea_drop_inline(ctx, &a->object);
        kea_dup_inline(&b->object);
        return b;
    }
    /* b may be a itself only if a has two owners, and then a moves first. */
    return append_bytes(ctx, a, b->bytes, b->length);
}

kea_string *kea_string_append(kea_context *ctx, kea_string *a, kea_string *b)
{
    return kea_string_concat(ctx, a, b);
}

kea_string *kea_string_append_char(kea_context *ctx, kea_string *a, int32_t c)
{
    char bytes[4];
    return append_bytes(ctx, a, bytes, keaint_utf8_encode(bytes, (uint32_t)c));
}

bool kea_string_equal(kea_context *ctx, kea_string *a, kea_string *b)
{
    (void)ctx;
    return a == b || (a->length == b->length && keaint_equal_bytes(a->bytes, b->bytes, a->length));
}

int64_t kea_string_compare(kea_context *ctx, kea_string *a, kea_string *b)
{
    (void)ctx;
    int64_t common = a->length < b->length ? a->length : b->length;
    int order = keaint_compare_bytes(a->bytes, b->bytes, common);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

int64_t kea_hash_string(kea_context *ctx, kea_string *s)
{
    (void)ctx;
    uint64_t h = 5381;
    for (int64_t i = 0; i < s->length; i++)
        h = (h * 33) ^ (unsigned char)s->bytes[i];
    return (int64_t)h;
}

int64_t kea_string_hash(kea_context *ctx, kea_string *s)
{
    return kea_hash_string(ctx, s);
}
