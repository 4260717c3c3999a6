/* UTF-8: what is valid, and one code point at a time.
 *
 * Valid is what RFC 3629 says: no overlong forms, no surrogates, nothing above U+10FFFF. Long
 * runs of ASCII, the common case, are passed over 16 bytes at a time.
 */
#include "internal.h"

#include <emmintrin.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

int32_t keaint_utf8_decode(const char *bytes, int64_t length, int32_t *width)
{
    const unsigned char *p = (const unsigned char *)bytes;
    *width = 1;
    if (p[0] < 0x80)
        return p[0];
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return -1;
    if (length < 2 || !is_continuation(p[1]))
        return -1;
    if (p[0] < 0xE0) {
        *width = 2;
        return (p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if (length < 3 || !is_continuation(p[2]))
        return -1;
    if (p[0] < 0xF0) {
        int32_t code = (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
        if (code < 0x800 || (code >= 0xD800 && code <= 0xDFFF))
            return -1;
        *width = 3;
        return code;
    }
    if (length < 4 || !is_continuation(p[3]))
        return -1;
    int32_t code = (p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    if (code < 0x10000 || code > 0x10FFFF)
        return -1;
    *width = 4;
    return code;
}

int64_t keaint_utf8_valid_prefix(const char *bytes, int64_t length)
{
    int64_t i = 0;
    while (i < length) {
        if (i + 16 <= length) {
            __m128i sixteen = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
            int high = _mm_movemask_epi8(sixteen);
            if (high == 0) {
                i += 16;
                continue;
            }
            i += __builtin_ctz((unsigned)high);
        }
        int32_t width;
        if (keaint_utf8_decode(bytes + i, length - i, &width) < 0)
            return i;
        i += width;
    }
    return length;
}

int32_t keaint_utf8_encode(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xE0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3F));
        to[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | (code >> 18 & 0x07));
    to[1] = (char)(0x80 | (code >> 12 & 0x3F));
    to[2] = (char)(0x80 | (code >> 6 & 0x3F));
    to[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}
