/* Text for the error output, put together in a small buffer and written in one go, so that the
 * lines of several threads do not mix. printf would bring 60 KB into a static executable. */
#include "internal.h"

#include <string.h>

void keaint_put_flush(keaint_text *text)
{
    keaint_write_all(text->fd, text->bytes, text->length);
    text->length = 0;
}

void keaint_put_bytes(keaint_text *text, const char *s, int64_t length)
{
    if (length > (int64_t)sizeof text->bytes - text->length)
        keaint_put_flush(text);
    if (length > (int64_t)sizeof text->bytes) {
        keaint_write_all(text->fd, s, length);
        return;
    }
    memcpy(text->bytes + text->length, s, (size_t)length);
    text->length += (int)length;
}

void keaint_put(keaint_text *text, const char *s)
{
    keaint_put_bytes(text, s, (int64_t)strlen(s));
}

void keaint_put_int(keaint_text *text, int64_t value)
{
    char digits[24];
    keaint_put_bytes(text, digits, keaint_write_int(digits, value));
}
