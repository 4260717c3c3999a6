/* The numbers that the compiler relies on. Its side of them is tested in C#. */
#include "internal.h"

_Static_assert(sizeof(kea_object) == 8, "header");
_Static_assert(offsetof(kea_object, count) == 0, "header");
_Static_assert(offsetof(kea_object, layout) == 4, "header");
_Static_assert(offsetof(kea_object, tag) == 6, "header");

_Static_assert(offsetof(kea_string, length) == 8, "string");
_Static_assert(offsetof(kea_string, bytes) == 16, "string");
_Static_assert(offsetof(struct keaint_empty_string, bytes) == 16, "string");

_Static_assert(offsetof(kea_vector, length) == 8, "vector");
_Static_assert(offsetof(kea_vector, capacity) == 16, "vector");
_Static_assert(offsetof(kea_vector, elements) == 32, "vector");

_Static_assert(offsetof(kea_closure, code) == 8, "closure");
_Static_assert(sizeof(kea_closure) == 16, "captures begin at 16");

_Static_assert(sizeof(kea_layout) == 24, "layout");
_Static_assert(offsetof(kea_layout, size) == 0, "layout");
_Static_assert(offsetof(kea_layout, kind) == 4, "layout");
_Static_assert(offsetof(kea_layout, reference_count) == 6, "layout");
_Static_assert(offsetof(kea_layout, reference_offsets) == 8, "layout");
_Static_assert(offsetof(kea_layout, name) == 16, "layout");

_Static_assert(sizeof(kea_site) == 24, "site");
_Static_assert(offsetof(kea_site, function) == 8, "site");
_Static_assert(offsetof(kea_site, line) == 16, "site");
_Static_assert(offsetof(kea_site, column) == 20, "site");

_Static_assert(offsetof(kea_context, world) == 0, "context");
_Static_assert(offsetof(kea_context, layouts) == 8, "context");
_Static_assert(offsetof(kea_context, stack_limit) == 16, "context");
_Static_assert(offsetof(kea_context, evidence) == 24, "context");
_Static_assert(offsetof(kea_context, preempt) == 32, "context");
_Static_assert(offsetof(kea_context, heap) == 40, "context");
_Static_assert(offsetof(kea_context, run) == 48, "context");
_Static_assert(offsetof(kea_context, frames) == 56, "context");
_Static_assert(sizeof(kea_call) == 24, "checked call");

_Static_assert(offsetof(kea_frame, state) == 0, "frame record");
_Static_assert(offsetof(kea_frame, held) == 8, "frame record");
_Static_assert(offsetof(kea_frame, previous) == 16, "frame record");
_Static_assert(offsetof(kea_frame, words) == 24, "frame record");
_Static_assert(sizeof(kea_held) == 8, "held row");
_Static_assert(offsetof(kea_held, next) == 0, "held row");
_Static_assert(offsetof(kea_held, word) == 4, "held row");
_Static_assert(offsetof(struct kea_run, context) == 0, "a context is found from its run and back");

_Static_assert(sizeof(kea_program) == 24, "program");
_Static_assert(sizeof(kea_run_options) == 104, "options, as C# declares them");
_Static_assert(sizeof(kea_run_result) == 528, "result, as C# declares it");

_Static_assert(sizeof(kea_page) == 64, "a page's note fills one cache line");
_Static_assert(offsetof(kea_arena, pages) == 64, "the notes begin on a cache line");
_Static_assert(sizeof(kea_arena) <= 4096 - 24, "room for a chunk's note in the header page");
_Static_assert(offsetof(kea_loop, hook) == 96 && sizeof(kea_loop) == 112, "loops, as C# declares them");
_Static_assert(sizeof(kea_live_hooks) == 64 && sizeof(kea_kept) == 32, "hooks and kept values, as C# declares them");
