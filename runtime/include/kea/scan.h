/* What the values of a program still refer to (scan.c); the compiler's process only.
 *
 * Code that nobody can call by its name any more may be called all the same: by a closure object
 * that was made from it. So before such code is freed, the program is looked through while it
 * stands at a reload point: every live block of its heap, its kept values and its stack.
 */
#ifndef KEA_SCAN_H
#define KEA_SCAN_H

#include <kea/abi.h>

/* Memory outside the heap that is asked about: machine code, or an immortal object. */
typedef struct kea_scan_range {
    uintptr_t start, end;
    int64_t values; /* references from objects and kept values */
    int64_t words;  /* words of the stack that lead there, whatever they mean */
    int64_t layout; /* of an object with such a reference; -1: none */
} kea_scan_range;

typedef struct kea_scan {
    kea_scan_range *ranges; /* in order of their addresses, apart from each other */
    int64_t count;
    uint8_t *layouts; /* one byte for each row of the layout table: 1 if an object has it; or null */
    const kea_object **closures; /* room for closure objects whose code lies in a range; or null */
    int64_t closure_room;
    int64_t closure_count; /* out: how many there are, also beyond the room */
    int64_t bytes;         /* out: how much was looked at */
} kea_scan;

/* Adds to the counts what the program of this context refers to. It must be at a reload point: called
 * in the hook, or while the hook waits. Cost: its live memory and its stack, once. */
void kea_live_scan(kea_context *ctx, kea_scan *scan);

#endif
