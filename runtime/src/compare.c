/* Comparing two states by structure, and weighing one.
 *
 *     open:  | (a.tail, b.tail) | (a.head, b.head) |  <- next       pairs that are still to be compared
 *
 * The references of a pair of objects go onto the list with the first on top, so a list whose cells end with
 * their tail never has more than one cell's worth of open pairs. Equal addresses are equal and go no further.
 *
 * A part that is shared on one side only is reached as often as the other side has copies of it,
 * and those are in memory. What is shared on both sides is remembered as a pair, or a graph of
 * thirty levels would be walked a billion times. */
#include "internal.h"

#include <kea/compare.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_PER_STEP 64
#define ROOM_FIRST 256

typedef struct pair {
    const kea_object *a, *b;
} pair;

typedef struct comparison {
    const kea_layout *layouts;
    const kea_plain *plain;
    int64_t steps;
    bool given_up;
    pair *open;
    size_t open_count, open_room;
    pair *known; /* a hash table; a of null: nothing there */
    size_t known_count, known_room;
} comparison;

static inline const void *reference_at(const char *at)
{
    return *(const void *const *)(const void *)at;
}

/* False if there are no steps left for it. */
static bool spend(comparison *c, int64_t steps)
{
    c->steps -= steps;
    c->given_up |= c->steps < 0;
    return !c->given_up;
}

static void push(comparison *c, pair next)
{
    if (c->open_count == c->open_room) {
        size_t room = c->open_room == 0 ? ROOM_FIRST : c->open_room * 2;
        pair *open = realloc(c->open, room * sizeof *open);
        if (open == NULL) {
            c->given_up = true;
            return;
        }
        c->open = open;
        c->open_room = room;
    }
    c->open[c->open_count++] = next;
}

/* ---- pairs that are shared on both sides ---- */

static size_t place_of(const pair *known, size_t room, pair p)
{
    uint64_t hash = ((uint64_t)(uintptr_t)p.a * 0x9E3779B97F4A7C15u) ^ ((uint64_t)(uintptr_t)p.b * 0xC2B2AE3D27D4EB4Fu);
    size_t at = (size_t)(hash >> 20) & (room - 1);
    while (known[at].a != NULL && (known[at].a != p.a || known[at].b != p.b))
        at = (at + 1) & (room - 1);
    return at;
}

static bool grow_known(comparison *c)
{
    size_t room = c->known_room == 0 ? ROOM_FIRST : c->known_room * 2;
    pair *known = calloc(room, sizeof *known);
    if (known == NULL)
        return false;
    for (size_t i = 0; i < c->known_room; i++)
        if (c->known[i].a != NULL)
            known[place_of(known, room, c->known[i])] = c->known[i];
    free(c->known);
    c->known = known;
    c->known_room = room;
    return true;
}

/* True if the pair has been met before; from now on it has. */
static bool is_known(comparison *c, pair p)
{
    if (c->known_count * 2 >= c->known_room && !grow_known(c)) {
        c->given_up = true;
        return false;
    }
    size_t at = place_of(c->known, c->known_room, p);
    if (c->known[at].a != NULL)
        return true;
    c->known[at] = p;
    c->known_count++;
    return false;
}

/* ---- one pair ---- */

/* Layouts of equal types have equal numbers; but a struct may stand where a record with its fields is meant, and be made anew as one. */
static bool same_shape(const comparison *c, uint16_t a, uint16_t b)
{
    if (a == b)
        return true;
    const kea_layout *x = &c->layouts[a], *y = &c->layouts[b];
    const kea_plain *p = &c->plain[a], *q = &c->plain[b];
    return x->kind == y->kind && x->size == y->size && x->reference_count == y->reference_count && p->count == q->count
        && (x->reference_count == 0 || memcmp(x->reference_offsets, y->reference_offsets, x->reference_count * sizeof(uint32_t)) == 0)
        && (p->count == 0 || memcmp(p->runs, q->runs, (size_t)p->count * 2 * sizeof(uint32_t)) == 0);
}

/* Compares plain bytes, and leaves the references for later. */
static bool same_parts(comparison *c, uint16_t number, const char *a, const char *b)
{
    const kea_plain *plain = &c->plain[number];
    for (int64_t i = 0; i < plain->count; i++) {
        const uint32_t *run = &plain->runs[2 * i];
        if (memcmp(a + run[0], b + run[0], run[1]) != 0)
            return false;
    }
    const kea_layout *layout = &c->layouts[number];
    for (uint32_t i = layout->reference_count; i-- > 0;) {
        const void *x = reference_at(a + layout->reference_offsets[i]), *y = reference_at(b + layout->reference_offsets[i]);
        if (x == y)
            continue;
        if (!kea_is_counted(x) || !kea_is_counted(y))
            return false;
        push(c, (pair){x, y});
    }
    return true;
}

static bool same_vectors(comparison *c, const kea_vector *a, const kea_vector *b)
{
    const kea_layout *layout = &c->layouts[a->object.layout];
    const kea_plain *plain = &c->plain[a->object.layout];
    if (a->length != b->length)
        return false;
    size_t bytes = (size_t)a->length * layout->size;
    if (!spend(c, (int64_t)bytes / BYTES_PER_STEP))
        return true;
    if (layout->reference_count == 0 && plain->count == 1 && plain->runs[1] == layout->size)
        return bytes == 0 || memcmp(a->elements, b->elements, bytes) == 0;
    for (int64_t i = a->length; i-- > 0 && !c->given_up;)
        if (!same_parts(c, a->object.layout, a->elements + (size_t)i * layout->size, b->elements + (size_t)i * layout->size))
            return false;
    return true;
}

static bool same_strings(comparison *c, const kea_string *a, const kea_string *b)
{
    return a->length == b->length && (!spend(c, a->length / BYTES_PER_STEP) || keaint_equal_bytes(a->bytes, b->bytes, a->length));
}

/* Neither is an immediate, and they are not the same. */
static bool same_objects(comparison *c, pair p)
{
    if (!spend(c, 1) || (!kea_is_unique_inline(p.a) && !kea_is_unique_inline(p.b) && is_known(c, p)))
        return true;
    if (p.a->tag != p.b->tag || !same_shape(c, p.a->layout, p.b->layout))
        return false;
    switch ((kea_layout_kind)c->layouts[p.a->layout].kind) {
    case KEA_KIND_STRING:
        return same_strings(c, (const kea_string *)p.a, (const kea_string *)p.b);
    case KEA_KIND_VECTOR:
        return same_vectors(c, (const kea_vector *)p.a, (const kea_vector *)p.b);
    case KEA_KIND_FIELDS:
        return same_parts(c, p.a->layout, (const char *)p.a, (const char *)p.b);
    case KEA_KIND_CLOSURE:
        break; /* What two functions do cannot be compared. */
    }
    return false;
}

int32_t kea_live_compare(kea_context *ctx, const kea_object *a, const kea_object *b, const kea_plain *plain, int64_t steps)
{
    comparison c = {.layouts = ctx->layouts, .plain = plain, .steps = steps};
    bool same = true;
    if (a != b)
        push(&c, (pair){a, b});
    while (same && !c.given_up && c.open_count > 0)
        same = same_objects(&c, c.open[--c.open_count]);
    free(c.open);
    free(c.known);
    return !same ? KEA_COMPARE_DIFFERENT : c.given_up ? KEA_COMPARE_GIVEN_UP : KEA_COMPARE_EQUAL;
}

/* ---- weight ---- */

typedef struct scales {
    const kea_layout *layouts;
    int64_t left; /* bytes that may still be found; less than zero: too much */
    const kea_object **open;
    size_t count, room;
} scales;

static void weigh_later(scales *s, const void *reference)
{
    if (!kea_is_counted(reference))
        return;
    if (s->count == s->room) {
        size_t room = s->room == 0 ? ROOM_FIRST : s->room * 2;
        const kea_object **open = realloc(s->open, room * sizeof *open);
        if (open == NULL) {
            s->left = -1;
            return;
        }
        s->open = open;
        s->room = room;
    }
    s->open[s->count++] = reference;
}

static void weigh_references(scales *s, const kea_layout *layout, const char *part)
{
    for (uint32_t i = layout->reference_count; i-- > 0;)
        weigh_later(s, reference_at(part + layout->reference_offsets[i]));
}

static void weigh_object(scales *s, const kea_object *object)
{
    const kea_layout *layout = &s->layouts[object->layout];
    const kea_vector *vector = (const kea_vector *)object;
    switch ((kea_layout_kind)layout->kind) {
    case KEA_KIND_STRING:
        s->left -= (int64_t)sizeof(kea_string) + ((const kea_string *)object)->length;
        break;
    case KEA_KIND_CLOSURE:
        s->left -= layout->size;
        break;
    case KEA_KIND_FIELDS:
        s->left -= layout->size < 16 ? 16 : layout->size;
        weigh_references(s, layout, (const char *)object);
        break;
    case KEA_KIND_VECTOR:
        s->left -= (int64_t)sizeof(kea_vector) + vector->length * layout->size;
        if (layout->reference_count == 0)
            break;
        for (int64_t i = vector->length; i-- > 0 && s->left >= 0;)
            weigh_references(s, layout, vector->elements + (size_t)i * layout->size);
        break;
    }
}

int64_t kea_live_weigh(kea_context *ctx, const kea_object *object, int64_t most)
{
    scales s = {.layouts = ctx->layouts, .left = most};
    weigh_later(&s, object);
    while (s.count > 0 && s.left >= 0)
        weigh_object(&s, s.open[--s.count]);
    free(s.open);
    return s.left < 0 ? -1 : most - s.left;
}
