/* Vectors: a header, then elements side by side, as their layout says.
 *
 * A vector with one owner is changed in place by generated code; the functions here make it so.
 * Copying takes a further reference to everything the elements refer to.
 */
#include "internal.h"

#include <string.h>

_Static_assert(sizeof(kea_vector) == 32, "elements begin at offset 32");

static size_t vector_bytes(kea_context *ctx, size_t stride, int64_t capacity)
{
    size_t bytes;
    if (capacity < 0 || __builtin_mul_overflow(stride, (size_t)capacity, &bytes) || bytes > PTRDIFF_MAX / 4)
        keaint_out_of_memory(ctx);
    /* A multiple of 16, so that the block and with it the elements are aligned to 16. */
    return (sizeof(kea_vector) + bytes + 15) & ~(size_t)15;
}

kea_vector *kea_vector_new(kea_context *ctx, int64_t layout, int64_t capacity)
{
    if (capacity < 0)
        capacity = 0;
    kea_vector *v = kea_alloc_inline(ctx, vector_bytes(ctx, ctx->layouts[layout].size, capacity));
    v->object = (kea_object){1, (uint16_t)layout, 0};
    v->length = 0;
    v->capacity = capacity;
    v->reserved = 0;
    return v;
}

static void dup_elements(const kea_layout *layout, const kea_vector *v)
{
    for (uint32_t r = 0; r < layout->reference_count; r++) {
        const char *at = v->elements + layout->reference_offsets[r];
        for (int64_t i = 0; i < v->length; i++, at += layout->size) {
            void *reference = *(void *const *)(const void *)at;
            if (kea_is_counted(reference))
                kea_dup_inline(reference);
        }
    }
}

/* Borrows v. */
static kea_vector *copy(kea_context *ctx, const kea_vector *v, int64_t capacity)
{
    const kea_layout *layout = &ctx->layouts[v->object.layout];
    kea_vector *to = kea_vector_new(ctx, v->object.layout, capacity);
    to->length = v->length;
    memcpy(to->elements, v->elements, (size_t)v->length * layout->size);
    dup_elements(layout, v);
    return to;
}

kea_vector *kea_vector_unique(kea_context *ctx, kea_vector *v)
{
    if (KEA_LIKELY(kea_is_unique_inline(&v->object)))
        return v;
    kea_vector *own = copy(ctx, v, v->capacity);
    kea_drop_inline(ctx, &v->object);
    return own;
}

kea_vector *kea_vector_reserve(kea_context *ctx, kea_vector *v, int64_t needed)
{
    bool unique = kea_is_unique_inline(&v->object);
    if (KEA_LIKELY(unique && v->capacity >= needed))
        return v;
    int64_t capacity = v->capacity;
    if (capacity < needed) {
        capacity = capacity < 2 ? 4 : capacity > INT64_MAX / 2 ? needed : capacity * 2;
        if (capacity < needed)
            capacity = needed;
    }
    if (!unique) {
        kea_vector *own = copy(ctx, v, capacity);
        kea_drop_inline(ctx, &v->object);
        return own;
    }
    size_t stride = ctx->layouts[v->object.layout].size;
    size_t keep = sizeof(kea_vector) + (size_t)v->length * stride;
    v = keaint_grow(ctx, v, keep, vector_bytes(ctx, stride, capacity));
    v->capacity = capacity;
    return v;
}
