/* What generated code and the runtime agree on. Every number here that the compiler relies on
 * has a _Static_assert in runtime/src/layout.c and a test beside it on the C# side.
 *
 *     object:   | count i32 | layout u16 | tag u16 |  fields ...
 *                 offset 0    4            6          8
 *
 * A reference is the address of an object, or an odd word (an immediate: 2 * variant + 1), or
 * zero (null). Only addresses are counted. A count above zero is that many references, all of
 * one thread; KEA_IMMORTAL is never changed; other negative counts are shared between threads.
 */
#ifndef KEA_ABI_H
#define KEA_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kea_context kea_context;

typedef struct kea_object {
    int32_t count;
    uint16_t layout; /* index into the layout table */
    uint16_t tag;    /* variant */
} kea_object;

#define KEA_IMMORTAL INT32_MIN

/* UTF-8 with length; bytes[length] is NUL. Layout KEA_LAYOUT_STRING. */
typedef struct kea_string {
    kea_object object;
    int64_t length;
    char bytes[];
} kea_string;

/* Elements start at offset 32, so that they are aligned for vector instructions. */
typedef struct kea_vector {
    kea_object object;
    int64_t length;
    int64_t capacity;
    int64_t reserved;
    char elements[];
} kea_vector;

/* code(ctx, closure, arguments...); captures follow, laid out by the closure's layout. */
typedef struct kea_closure {
    kea_object object;
    void *code;
} kea_closure;

typedef enum kea_layout_kind {
    KEA_KIND_FIELDS = 0,
    KEA_KIND_STRING = 1,
    KEA_KIND_VECTOR = 2,
    KEA_KIND_CLOSURE = 3,
} kea_layout_kind;

#define KEA_LAYOUT_STRING 0

/* How the runtime walks an object when it dies. For vectors `size` is the stride of an element
 * and the offsets are within an element; otherwise `size` is the object's size with its header
 * and the offsets are within the object. A reference at an offset may be an immediate or null. */
typedef struct kea_layout {
    uint32_t size;
    uint16_t kind;
    uint16_t reference_count;
    const uint32_t *reference_offsets;
    const char *name;
} kea_layout;

/* Where a panic happened; immortal. */
typedef struct kea_site {
    const char *file;
    const char *function;
    int32_t line;
    int32_t column;
} kea_site;

/* What a frame of quickly compiled code holds while a callee may panic: a list, innermost first,
 * from the context. Such code has no landing pads; its frames say here what they own.
 *
 *     context.frames ---> | state | held | previous | words ... |     in the frame itself
 *                            |      |        `---> the record of an outer frame
 *                            `------`---> row: word, next row, ...    0 ends the list
 *
 * `state` is set before each call that may panic. The rows belong to the code. */
typedef struct kea_held {
    uint32_t next; /* row + 1, or 0 */
    uint32_t word; /* index; KEA_HELD_TOKEN if it is the memory of a dead object, or null */
} kea_held;

#define KEA_HELD_TOKEN 0x80000000u

typedef struct kea_frame {
    uint32_t state; /* row + 1, or 0 */
    uint32_t reserved;
    const kea_held *held;
    struct kea_frame *previous;
    void *words[];
} kea_frame;

/* A call through a slot, where such calls are checked: what the caller was compiled against. Behind a slot may be a stub that
 * compiles the function first, so the caller only leaves word in its context, and the function that it arrives at compares:
 *
 *     caller:  context.call = { fingerprint, callee, caller };  jump to what the slot holds  ->  stub?  ->  callee: compare
 */
typedef struct kea_call {
    uint64_t fingerprint; /* of the callee's name and ABI */
    const char *callee, *caller;
} kea_call;

/* One per actor or thread; first parameter of every Kea function. The first fields are read by
 * generated code at fixed offsets. */
struct kea_context {
    void *const *world;        /* 0: slot table of this context's world; null in static programs */
    const kea_layout *layouts; /* 8 */
    void *stack_limit;         /* 16 */
    void *evidence;            /* 24 */
    int32_t preempt;           /* 32: not zero: what runs is to end (KEA_INTERRUPT_...); polls look here */
    int32_t reserved;          /* 36 */
    struct kea_heap *heap;     /* 40 */
    struct kea_run *run;       /* 48: the runtime's own: output, input, how a run ends */
    kea_frame *frames;         /* 56: innermost record, or null */
    const kea_call *call;      /* 64: a checked call that is on its way; null once it has arrived */
};

#endif
