/* How objects die.
 *
 * A dead object's header is free to be used: it holds the link of a work list, so that releasing
 * a list of ten million cells needs neither stack nor memory.
 *
 *     alive   | count i32        | layout u16 | tag u16 |
 *     dead    | layout u16 | address of the next dead object, 48 bits |
 *
 * Addresses of user space have 47 bits. The layout table says where the references of an object
 * lie. A reference whose count is one dies with the object and joins the list; a higher count is
 * decreased. The order in which objects are released cannot be observed.
 *
 * Shared counts are negative and change atomically. The increase by a holder needs no order (it
 * already sees the object); the decrease releases what the holder did, and whoever takes the last
 * reference acquires all of that before the object is taken apart.
 */
#include "internal.h"

#define LINK_BITS 16

static uint64_t *dead_word(kea_object *object)
{
    return (uint64_t *)(void *)object;
}

void kea_dup_shared(kea_object *object)
{
    int32_t count = __atomic_load_n(&object->count, __ATOMIC_RELAXED);
    if (count > KEA_STICKY)
        __atomic_fetch_sub(&object->count, 1, __ATOMIC_RELAXED);
}

/* True if this took the last reference of a shared object. */
static bool drop_shared(kea_object *object)
{
    int32_t count = __atomic_load_n(&object->count, __ATOMIC_RELAXED);
    if (count <= KEA_STICKY)
        return false;
    if (__atomic_fetch_add(&object->count, 1, __ATOMIC_RELEASE) != -1)
        return false;
    __atomic_thread_fence(__ATOMIC_ACQUIRE); /* Pairs with the release of every other holder. */
    return true;
}

/* Gives up one reference from a dying object; the result is the new head of the list. */
static inline kea_object *drop_child(void *reference, kea_object *dead)
{
    if (!kea_is_counted(reference))
        return dead;
    kea_object *child = reference;
    int32_t count = child->count;
    if (count > 1) {
        child->count = count - 1;
        return dead;
    }
    if (count < 1 && !drop_shared(child))
        return dead;
    *dead_word(child) = (uint64_t)(uintptr_t)dead << LINK_BITS | child->layout;
    return child;
}

static kea_object *drop_parts(const kea_layout *layout, char *part, kea_object *dead)
{
    for (uint32_t i = 0; i < layout->reference_count; i++)
        dead = drop_child(*(void **)(void *)(part + layout->reference_offsets[i]), dead);
    return dead;
}

/* Gives up all references that an object holds. */
static kea_object *drop_content(const kea_layout *layout, kea_object *object, kea_object *dead)
{
    switch ((kea_layout_kind)layout->kind) {
    case KEA_KIND_STRING:
        return dead;
    case KEA_KIND_FIELDS:
    case KEA_KIND_CLOSURE:
        return drop_parts(layout, (char *)object, dead);
    case KEA_KIND_VECTOR: {
        if (layout->reference_count == 0)
            return dead;
        kea_vector *v = (kea_vector *)object;
        char *element = v->elements;
        for (int64_t i = 0; i < v->length; i++, element += layout->size)
            dead = drop_parts(layout, element, dead);
        return dead;
    }
    }
    return dead;
}

static void release_all(kea_context *ctx, kea_object *dead)
{
    const kea_layout *layouts = ctx->layouts;
    while (dead != NULL) {
        kea_object *object = dead;
        uint64_t word = *dead_word(object);
        dead = (kea_object *)(uintptr_t)(word >> LINK_BITS);
        dead = drop_content(&layouts[word & 0xFFFF], object, dead);
        kea_free_inline(ctx, object);
    }
}

void kea_drop_last(kea_context *ctx, kea_object *object)
{
    if (object->count < 0 && !drop_shared(object))
        return;
    const kea_layout *layout = &ctx->layouts[object->layout];
    kea_object *dead = drop_content(layout, object, NULL);
    kea_free_inline(ctx, object);
    if (dead != NULL)
        release_all(ctx, dead);
}

void kea_drop_fields(kea_context *ctx, void *object)
{
    kea_object *dead = drop_content(&ctx->layouts[((kea_object *)object)->layout], object, NULL);
    if (dead != NULL)
        release_all(ctx, dead);
}

/* The functions below are inlined into generated code through the bitcode. */
#define KEA_BITCODE_INLINE __attribute__((always_inline))

KEA_BITCODE_INLINE void kea_dup(void *object)
{
    kea_dup_inline(object);
}

KEA_BITCODE_INLINE void kea_dup_any(void *reference)
{
    if (kea_is_counted(reference))
        kea_dup_inline(reference);
}

KEA_BITCODE_INLINE void kea_drop(kea_context *ctx, void *object)
{
    kea_drop_inline(ctx, object);
}

KEA_BITCODE_INLINE void kea_drop_any(kea_context *ctx, void *reference)
{
    if (kea_is_counted(reference))
        kea_drop_inline(ctx, reference);
}

KEA_BITCODE_INLINE void kea_decrement(kea_context *ctx, void *object)
{
    kea_object *o = object;
    if (KEA_LIKELY(o->count > 0))
        o->count--;
    else
        kea_drop_last(ctx, o);
}

KEA_BITCODE_INLINE bool kea_is_unique(const void *object)
{
    return kea_is_unique_inline(object);
}

KEA_BITCODE_INLINE bool kea_is_unique_any(const void *reference)
{
    return kea_is_counted(reference) && kea_is_unique_inline(reference);
}

void *kea_drop_reuse(kea_context *ctx, void *object)
{
    kea_object *o = object;
    if (o->count == 1) {
        kea_drop_fields(ctx, o);
        return o;
    }
    kea_drop_inline(ctx, o);
    return NULL;
}
