/* Reference counts: the fast paths that are inlined into generated code.
 *
 *     count >  1   that many references, all of one context
 *     count == 1   the only reference
 *     count <  0   shared between threads: -n is n references, changed atomically;
 *                  at or below KEA_STICKY never changed (constants; a count that overflowed)
 *
 * Plain functions take addresses of objects; the `_any` ones also take immediates (odd words)
 * and null, which are not counted. Death is in counts.c.
 */
#ifndef KEA_COUNTS_H
#define KEA_COUNTS_H

#include <kea/heap.h>

/* Shared counts below this are immortal. The distance from KEA_IMMORTAL keeps racing changes
 * by many threads from ever coming round to a live number. */
#define KEA_STICKY (INT32_MIN / 2)

KEA_INLINE bool kea_is_counted(const void *reference)
{
    return reference != NULL && ((uintptr_t)reference & 1) == 0;
}

/* The count as it is now. Other threads change it only while it is negative, so a positive one is
 * exact; the sign is all that a reader may rely on otherwise. A plain load on the processor. */
KEA_INLINE int32_t kea_count_of(const kea_object *object)
{
    return __atomic_load_n(&object->count, __ATOMIC_RELAXED);
}

/* Out of line halves; not for generated code. */
void kea_dup_shared(kea_object *object);
void kea_drop_last(kea_context *ctx, kea_object *object); /* count is one or negative */

/* One more reference to a borrowed object. A plain count that overflows becomes immortal. */
KEA_INLINE void kea_dup_inline(kea_object *object)
{
    int32_t count = kea_count_of(object);
    if (KEA_LIKELY(count > 0))
        object->count = (int32_t)((uint32_t)count + 1);
    else
        kea_dup_shared(object);
}

/* Gives up an owned reference; the object dies with its last one. */
KEA_INLINE void kea_drop_inline(kea_context *ctx, kea_object *object)
{
    int32_t count = kea_count_of(object);
    if (KEA_LIKELY(count > 1))
        object->count = count - 1;
    else
        kea_drop_last(ctx, object);
}

/* Whether a borrowed reference is the only one. */
KEA_INLINE bool kea_is_unique_inline(const kea_object *object)
{
    return kea_count_of(object) == 1;
}

#endif
