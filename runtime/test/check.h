/* What the tests of the runtime share: a check that cannot be compiled away, random numbers from
 * a seed, and runs of small programs with their output kept. */
#ifndef CHECK_H
#define CHECK_H

#include "../src/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                      \
    do {                                                                                      \
        if (!(condition)) {                                                                   \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);           \
            abort();                                                                          \
        }                                                                                     \
    } while (0)

/* Random tests run a tenth as long where they are a second opinion: static, and under sanitizers. */
#if defined(KEA_TEST_STATIC) || __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ROUNDS(n) ((n) / 10)
#else
#define ROUNDS(n) (n)
#endif

/* xorshift64*; the state is the test's own. */
static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1D;
}

/* Layouts of the test programs. */
enum { LAYOUT_STRING, LAYOUT_CONS, LAYOUT_TREE, LAYOUT_INTS, LAYOUT_REFS, LAYOUT_CLOSURE, LAYOUT_FLAGGED, LAYOUT_FLAGS, LAYOUT_COUNT };
extern const kea_layout test_layouts[LAYOUT_COUNT];

typedef struct cons { kea_object object; int64_t head; void *tail; } cons;         /* tail: ref~ */
typedef struct tree { kea_object object; void *left, *right; } tree;               /* ref? */
typedef struct flagged { kea_object object; void *text; bool flag; } flagged;      /* padding behind the flag */
typedef struct flag_element { void *text; bool flag; } flag_element;               /* of LAYOUT_FLAGS */

typedef struct outcome {
    int64_t status;
    kea_run_result result;
    char *out, *error; /* ended by NUL; free with outcome_free */
} outcome;

/* Runs `entry` as a program with leak checking and keeps what it writes. */
outcome run_program(int64_t (*entry)(kea_context *), const char *input, int32_t flags);
void outcome_free(outcome *o);

/* Runs a test body as a program; output must be empty and nothing may stay alive. */
void run_body(int64_t (*entry)(kea_context *));

static inline kea_string *str(kea_context *ctx, const char *s)
{
    return kea_string_from_bytes(ctx, s, (int64_t)strlen(s));
}

static inline bool is_text(const kea_string *s, const char *expected)
{
    return s->length == (int64_t)strlen(expected) && memcmp(s->bytes, expected, (size_t)s->length + 1) == 0;
}

#define IMMEDIATE(n) ((void *)(uintptr_t)(2 * (n) + 1))

static inline cons *new_cons(kea_context *ctx, int64_t head, void *tail)
{
    cons *c = kea_alloc(ctx, sizeof *c);
    c->object = (kea_object){1, LAYOUT_CONS, 1};
    c->head = head;
    c->tail = tail;
    return c;
}

#endif
