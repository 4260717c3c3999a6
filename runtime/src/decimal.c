/* Integers as decimal text, two digits at a time from the right. */
#include "internal.h"

#include <string.h>

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
    "99";

int keaint_write_uint(char *to, uint64_t value)
{
    char digits[20];
    int at = 20;
    while (value >= 100) {
        at -= 2;
        memcpy(digits + at, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(digits + at, pairs + value * 2, 2);
    } else {
        digits[--at] = (char)('0' + value);
    }
    memcpy(to, digits + at, (size_t)(20 - at));
    return 20 - at;
}

int keaint_write_int(char *to, int64_t value)
{
    if (value >= 0)
        return keaint_write_uint(to, (uint64_t)value);
    *to = '-';
    return 1 + keaint_write_uint(to + 1, 0 - (uint64_t)value);
}
