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
 * decreased. The last one to join is taken apart next and needs no link, so a list is walked
 * without one. The order in which objects are released cannot be observed.
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

/* Gives up one reference of a dying object. True if that was the last one. */
static inline bool dies(void *reference)
{
    if (!kea_is_counted(reference))
        return false;
    kea_object *child = reference;
    int32_t count = kea_count_of(child);
    if (KEA_LIKELY(count == 1))
        return true;
    if (count > 1) {
        child->count = count - 1;
        return false;
    }
    return drop_shared(child);
}

/* The dead: one in hand, which need not be linked, and the list of the others. */
typedef struct dead_objects {
    kea_object *in_hand;
    kea_object *list;
} dead_objects;

static inline void add(dead_objects *dead, kea_object *object)
{
    kea_object *other = dead->in_hand;
    if (other != NULL) {
        *dead_word(other) = (uint64_t)(uintptr_t)dead->list << LINK_BITS | other->layout;
        dead->list = other;
    }
    dead->in_hand = object;
}

static inline void drop_parts(const kea_layout *layout, char *part, dead_objects *dead)
{
    for (uint32_t i = 0; i < layout->reference_count; i++) {
        void *reference = *(void **)(void *)(part + layout->reference_offsets[i]);
        if (dies(reference))
            add(dead, reference);
    }
}

/* Gives up all references that an object holds. */
static inline void drop_content(const kea_layout *layout, kea_object *object, dead_objects *dead)
{
    if (layout->kind != KEA_KIND_VECTOR) { /* Strings refer to nothing. */
        drop_parts(layout, (char *)object, dead);
        return;
    }
    if (layout->reference_count == 0)
        return;
    kea_vector *v = (kea_vector *)object;
    char *element = v->elements;
    for (int64_t i = 0; i < v->length; i++, element += layout->size)
        drop_parts(layout, element, dead);
}

/* Takes the dead apart until none is left. */
static void release_all(kea_context *ctx, dead_objects dead)
{
    const kea_layout *layouts = ctx->layouts;
    for (;;) {
        kea_object *object = dead.in_hand;
        uint16_t layout;
        if (object != NULL) {
            layout = object->layout;
            dead.in_hand = NULL;
        } else if ((object = dead.list) != NULL) {
            uint64_t word = *dead_word(object);
            layout = (uint16_t)word;
            dead.list = (kea_object *)(uintptr_t)(word >> LINK_BITS);
        } else {
            return;
        }
        drop_content(&layouts[layout], object, &dead);
        kea_free_inline(ctx, object);
    }
}

void kea_drop_last(kea_context *ctx, kea_object *object)
{
    if (kea_count_of(object) < 0 && !drop_shared(object))
        return;
    release_all(ctx, (dead_objects){object, NULL});
}

void kea_drop_fields(kea_context *ctx, void *object)
{
    dead_objects dead = {NULL, NULL};
    drop_content(&ctx->layouts[((kea_object *)object)->layout], object, &dead);
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
    int32_t count = kea_count_of(o);
    if (KEA_LIKELY(count > 0))
        o->count = count - 1;
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
    if (kea_is_unique_inline(o)) {
        kea_drop_fields(ctx, o);
        return o;
    }
    kea_drop_inline(ctx, o);
    return NULL;
}
