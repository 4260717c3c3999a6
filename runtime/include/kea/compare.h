/* Whether two values are equal by what they consist of (compare.c); the compiler's process only.
 *
 * A migration is tried on a state before it is published: there and, where it has an inverse, back.
 * What comes back is compared with what was there, whatever its type is.
 */
#ifndef KEA_COMPARE_H
#define KEA_COMPARE_H

#include <kea/abi.h>

/* The bytes of an object, or of an element of a vector, that mean something besides its references: all
 * others are padding. Within the object for fields, within the element for vectors.
 *
 *     | header | reference | i64 | bool | padding |      runs = { 16, 9 }, count = 1
 *       0        8           16    24     25 .. 32
 */
typedef struct kea_plain {
    const uint32_t *runs; /* offset, bytes; offset, bytes; ... */
    int64_t count;        /* of runs */
} kea_plain;

#define KEA_COMPARE_EQUAL 0
#define KEA_COMPARE_DIFFERENT 1
#define KEA_COMPARE_GIVEN_UP 2

/* Compares two borrowed objects with all that they refer to. Strings and vectors by content, floats by their bits,
 * closures by identity; counts and capacities are left aside. `plain` has a row for each layout in use.
 * Gives up after `steps` (an object, or 64 bytes of a string or vector, is one), or without memory; neither long lists
 * nor shared parts make it recurse or go the same way twice. On the thread of the context. */
int32_t kea_live_compare(kea_context *ctx, const kea_object *a, const kea_object *b, const kea_plain *plain, int64_t steps);

/* How many bytes an object takes with all that it refers to, parts that are shared as often as they are reached: what a
 * copy of it without sharing takes. Closures count without what they have captured. -1 if that is more than `most`, which bounds the cost,
 * or if there is no memory for it. On the thread of the context. */
int64_t kea_live_weigh(kea_context *ctx, const kea_object *object, int64_t most);

#endif
