/* Searching and comparing bytes, 16 at a time.
 *
 * musl's memcmp and memchr go byte by byte or word by word, and generated code must not be slower
 * in an executable than in the compiler's process; so strings are compared and searched here,
 * with the vectors that every x86-64 has. A search for a text looks for its first and its last
 * byte at once (W. Mula, "SIMD-friendly algorithms for substring searching") and compares the
 * rest only where both match.
 *
 * Reads never leave the given ranges: the last vector of a range overlaps the one before, and
 * ranges shorter than a vector go byte by byte or word by word.
 */
#include "internal.h"

#include <emmintrin.h>
#include <string.h>

static __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static uint32_t equal_mask(__m128i a, __m128i b)
{
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b));
}

int64_t keaint_find_byte(const char *bytes, int64_t length, char byte)
{
    int64_t i = 0;
    __m128i wanted = _mm_set1_epi8(byte);
    for (; i + 16 <= length; i += 16) {
        uint32_t hits = equal_mask(load(bytes + i), wanted);
        if (hits != 0)
            return i + __builtin_ctz(hits);
    }
    for (; i < length; i++)
        if (bytes[i] == byte)
            return i;
    return -1;
}

static uint64_t load8(const char *p)
{
    uint64_t x;
    memcpy(&x, p, 8);
    return x;
}

static int compare_words(uint64_t a, uint64_t b)
{
    a = __builtin_bswap64(a);
    b = __builtin_bswap64(b);
    return (a > b) - (a < b);
}

static int compare_at(const char *a, const char *b, int64_t i)
{
    return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
}

int keaint_compare_bytes(const char *a, const char *b, int64_t length)
{
    int64_t i = 0;
    for (; i + 16 <= length; i += 16) {
        uint32_t differ = equal_mask(load(a + i), load(b + i)) ^ 0xFFFF;
        if (differ != 0)
            return compare_at(a, b, i + __builtin_ctz(differ));
    }
    if (i + 8 <= length) {
        uint64_t x = load8(a + i), y = load8(b + i);
        if (x != y)
            return compare_words(x, y);
        i += 8;
    }
    for (; i < length; i++)
        if (a[i] != b[i])
            return compare_at(a, b, i);
    return 0;
}

bool keaint_equal_bytes(const char *a, const char *b, int64_t length)
{
    if (length >= 16) {
        for (int64_t i = 0; i + 16 < length; i += 16)
            if (equal_mask(load(a + i), load(b + i)) != 0xFFFF)
                return false;
        return equal_mask(load(a + length - 16), load(b + length - 16)) == 0xFFFF;
    }
    if (length >= 8)
        return ((load8(a) ^ load8(b)) | (load8(a + length - 8) ^ load8(b + length - 8))) == 0;
    for (int64_t i = 0; i < length; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

int64_t keaint_find(const char *bytes, int64_t length, const char *needle, int64_t needle_length)
{
    if (needle_length == 1)
        return keaint_find_byte(bytes, length, needle[0]);
    int64_t last = length - needle_length, i = 0; /* the last place where it can begin */
    __m128i first_byte = _mm_set1_epi8(needle[0]);
    __m128i last_byte = _mm_set1_epi8(needle[needle_length - 1]);
    for (; i + 15 <= last; i += 16) {
        uint32_t hits = equal_mask(load(bytes + i), first_byte) & equal_mask(load(bytes + i + needle_length - 1), last_byte);
        for (; hits != 0; hits &= hits - 1) {
            int64_t at = i + __builtin_ctz(hits);
            if (keaint_equal_bytes(bytes + at + 1, needle + 1, needle_length - 2))
                return at;
        }
    }
    for (; i <= last; i++)
        if (bytes[i] == needle[0] && keaint_equal_bytes(bytes + i, needle, needle_length))
            return i;
    return -1;
}
