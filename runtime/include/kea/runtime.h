/* Every function of the runtime that generated code or the driver may call.
 *
 * Ownership, unless a comment says otherwise: references that are passed are borrowed, references
 * that are returned are owned by the caller. `Consumes x` means that the callee takes over the
 * caller's reference to x. `Unwinds` means that frames above run their clean-ups; all other
 * functions either return or end the run at once, so calls of them need no landing pad.
 *
 * Numbers are int64_t, truth values bool (one byte, 0 or 1, zero-extended by the callee),
 * characters int32_t. The functions whose name follows an `__kea_` intrinsic take the context
 * first.
 */
#ifndef KEA_RUNTIME_H
#define KEA_RUNTIME_H

#include <kea/abi.h>

/* ---- memory (heap.c) ---- */

/* A block of `bytes` bytes, header included, not initialised. Inlined through the bitcode: a
 * constant size folds to a load of the class's page and a pop. */
void *kea_alloc(kea_context *ctx, size_t bytes);
/* The memory of a dead object; what it refers to is left alone. */
void kea_free(kea_context *ctx, void *object);
/* How many objects are alive: the sum of the pages' counters. */
int64_t kea_heap_live(kea_context *ctx);

/* ---- counts (counts.c) ---- */

/* One more reference. The argument is the address of an object. */
void kea_dup(void *object);
/* As kea_dup; immediates and null are left alone. */
void kea_dup_any(void *reference);
/* Consumes the reference. */
void kea_drop(kea_context *ctx, void *object);
void kea_drop_any(kea_context *ctx, void *reference);
/* Consumes a reference to an object that is known not to be unique. */
void kea_decrement(kea_context *ctx, void *object);
/* Whether this is the only reference. */
bool kea_is_unique(const void *object);
/* As kea_is_unique; false for immediates and null. */
bool kea_is_unique_any(const void *reference);
/* Consumes what a unique object refers to; its memory is the caller's (a token). */
void kea_drop_fields(kea_context *ctx, void *object);
/* Consumes the object. Its memory if this was the only reference, else null. */
void *kea_drop_reuse(kea_context *ctx, void *object);

/* ---- vectors (vector.c); layout: index of a layout of kind vector ---- */

kea_vector *kea_vector_new(kea_context *ctx, int64_t layout, int64_t capacity);
/* Consumes v. The same vector if it was unique, else a copy. */
kea_vector *kea_vector_unique(kea_context *ctx, kea_vector *v);
/* Consumes v. A unique vector with the same elements and room for `needed`; capacity at least
 * doubles when it grows, from 4. */
kea_vector *kea_vector_reserve(kea_context *ctx, kea_vector *v, int64_t needed);

/* ---- panics (panic.c); all unwind and do not return ---- */

_Noreturn void kea_panic_overflow(kea_context *ctx, const kea_site *site);
_Noreturn void kea_panic_divide_by_zero(kea_context *ctx, const kea_site *site);
_Noreturn void kea_panic_remainder_by_zero(kea_context *ctx, const kea_site *site);
/* Consumes the message. */
_Noreturn void kea_panic_message(kea_context *ctx, const kea_site *site, kea_string *message);
/* The intrinsic: borrows the message, knows no place. */
_Noreturn void kea_panic(kea_context *ctx, kea_string *message);
/* `main` ended with a failure. Consumes the payload's text, which may be null. */
_Noreturn void kea_unhandled_fail(kea_context *ctx, kea_string *payload);

/* The personality of functions with landing pads: runs clean-ups, catches nothing. */
int kea_personality(int version, int actions, uint64_t exception_class, void *exception, void *context);

/* ---- strings (string.c) ---- */

/* Consumes a. In place when a is unique and its block has room; the block doubles when it grows. */
kea_string *kea_string_concat(kea_context *ctx, kea_string *a, kea_string *b);
kea_string *kea_string_append(kea_context *ctx, kea_string *a, kea_string *b); /* consumes a */
kea_string *kea_string_append_char(kea_context *ctx, kea_string *a, int32_t c); /* consumes a */
/* Empty, unique, with room for n bytes. */
kea_string *kea_string_with_capacity(kea_context *ctx, int64_t n);
bool kea_string_equal(kea_context *ctx, kea_string *a, kea_string *b);
int64_t kea_string_compare(kea_context *ctx, kea_string *a, kea_string *b); /* -1, 0, 1 by bytes */
int64_t kea_string_hash(kea_context *ctx, kea_string *s);
int64_t kea_hash_string(kea_context *ctx, kea_string *s); /* the same */
/* A copy of a C string; empty for null. */
kea_string *kea_string_from_c_str(kea_context *ctx, const char *s);
/* A new string of these bytes. For the driver and for C callers. */
kea_string *kea_string_from_bytes(kea_context *ctx, const char *bytes, int64_t length);

/* ---- text (text.c) ---- */

int64_t kea_text_length(kea_context *ctx, kea_string *s);
bool kea_text_starts_with(kea_context *ctx, kea_string *s, kea_string *prefix);
bool kea_text_ends_with(kea_context *ctx, kea_string *s, kea_string *suffix);
bool kea_text_contains(kea_context *ctx, kea_string *s, kea_string *needle);
int64_t kea_text_index_of(kea_context *ctx, kea_string *s, kea_string *needle); /* -1: absent */
/* The first place from `start` on; -1: absent, or `start` is outside. */
int64_t kea_text_index_from(kea_context *ctx, kea_string *s, kea_string *needle, int64_t start);
int64_t kea_text_char_at(kea_context *ctx, kea_string *s, int64_t i); /* byte; -1: out of range */
int64_t kea_text_decode_char(kea_context *ctx, kea_string *s, int64_t i); /* -1: invalid there */
int64_t kea_text_char_width(kea_context *ctx, kea_string *s, int64_t i); /* 1 if invalid */
kea_string *kea_text_slice(kea_context *ctx, kea_string *s, int64_t from, int64_t to);
kea_string *kea_text_to_upper(kea_context *ctx, kea_string *s);
kea_string *kea_text_to_lower(kea_context *ctx, kea_string *s);
kea_string *kea_text_trim(kea_context *ctx, kea_string *s);
kea_string *kea_text_replace(kea_context *ctx, kea_string *s, kea_string *old_text, kea_string *new_text);
kea_string *kea_text_repeat(kea_context *ctx, kea_string *s, int64_t count);
/* Borrowed from s: valid while s lives. */
const char *kea_text_as_ptr(kea_context *ctx, kea_string *s);
bool kea_text_to_float_valid(kea_context *ctx, kea_string *s);
double kea_text_to_float_value(kea_context *ctx, kea_string *s); /* 0 if not valid */

/* ---- numbers (number.c, math.c, float_*.c) ---- */

kea_string *kea_int_to_string(kea_context *ctx, int64_t x);
kea_string *kea_uint_to_string(kea_context *ctx, uint64_t x);
kea_string *kea_float_to_string(kea_context *ctx, double x);
kea_string *kea_float32_to_string(kea_context *ctx, float x);
kea_string *kea_float16_to_string(kea_context *ctx, _Float16 x);
kea_string *kea_char_to_string(kea_context *ctx, int32_t c);
int64_t kea_char_to_int(kea_context *ctx, int32_t c);
int32_t kea_char_from_int(kea_context *ctx, int64_t code); /* unchecked */
double kea_int_to_float(kea_context *ctx, int64_t x);
int64_t kea_float_to_int(kea_context *ctx, double x); /* truncates, saturates, NaN gives 0 */
double kea_float_sqrt(kea_context *ctx, double x);
double kea_float_floor(kea_context *ctx, double x);
double kea_float_ceil(kea_context *ctx, double x);
double kea_float_nearest(kea_context *ctx, double x); /* ties to even */
double kea_float_exp(kea_context *ctx, double x);
double kea_float_log_e(kea_context *ctx, double x);
double kea_float_pow(kea_context *ctx, double x, double y);
double kea_float_sin(kea_context *ctx, double x);
double kea_float_cos(kea_context *ctx, double x);

/* ---- raw memory (raw.c): not counted, not part of the heap ---- */

int64_t kea_sys_malloc(kea_context *ctx, int64_t bytes);
void kea_sys_free(kea_context *ctx, int64_t address);
/* Room for `count` elements. A panic that does not unwind when that cannot be. */
void *kea_ptr_alloc(kea_context *ctx, int64_t count, int64_t element_bytes);
void kea_ptr_free(kea_context *ctx, void *address);

/* ---- the world outside (io.c, file.c, clock.c, random.c) ---- */

void kea_io_stdout(kea_context *ctx, kea_string *text);
void kea_io_stderr(kea_context *ctx, kea_string *text);
kea_string *kea_io_read_file(kea_context *ctx, kea_string *path);
/* 0, or -1 on failure. */
int64_t kea_io_write_file(kea_context *ctx, kea_string *path, kea_string *data);
/* "" on failure; kea_io_last_error tells. */
kea_string *kea_io_try_read(kea_context *ctx, kea_string *path);
bool kea_io_try_write(kea_context *ctx, kea_string *path, kea_string *data);
/* Of the last try_read or try_write: "" if it went well. */
kea_string *kea_io_last_error(kea_context *ctx);
_Noreturn void kea_io_exit(kea_context *ctx, int64_t code); /* does not unwind */
bool kea_io_file_exists(kea_context *ctx, kea_string *path);
kea_string *kea_io_env_var(kea_context *ctx, kea_string *name);
int64_t kea_io_mkdir(kea_context *ctx, kea_string *path); /* with parents; 0 or -1 */
/* The next line without its LF. */
kea_string *kea_io_read_line(kea_context *ctx);
/* Whether the last kea_io_read_line found nothing but the end. */
bool kea_io_at_end(kea_context *ctx);
int64_t kea_io_arg_count(kea_context *ctx);
kea_string *kea_io_arg(kea_context *ctx, int64_t i); /* "" out of range */

int64_t kea_clock_now(kea_context *ctx);
int64_t kea_clock_monotonic(kea_context *ctx);
void kea_clock_sleep(kea_context *ctx, int64_t millis);

void kea_rand_seed(kea_context *ctx, int64_t seed);
int64_t kea_rand_int(kea_context *ctx);

/* In the test runner failed checks are counted; elsewhere they panic: unwinds. */
void kea_test_check(kea_context *ctx, bool passed);
void kea_test_check_with_message(kea_context *ctx, bool passed, kea_string *message);

/* A test ended with a failure: keeps its text for kea_run's result. Consumes the message. */
void kea_test_failed(kea_context *ctx, kea_string *message);

/* ---- runs (run.c, main.c) ---- */

/* A compiled program. A static executable exports it as `kea_main_program`; its `main` is in the
 * runtime. The entry follows the C convention and returns the exit status. */
typedef struct kea_program {
    int64_t (*entry)(kea_context *ctx);
    const kea_layout *layouts;
    int64_t layout_count;
} kea_program;

#define KEA_RUN_CHECK_LEAKS 1   /* also: KEA_CHECK_LEAKS=1 in the environment */
#define KEA_RUN_RECORD_CHECKS 2 /* kea_test_check counts instead of ending the run */

typedef struct kea_run_options {
    kea_program program;
    void *const *world; /* slot table to begin in; may be null */
    int64_t argument_count;
    const char *const *arguments; /* without the program's name */
    int32_t in_fd, out_fd, error_fd;
    int32_t flags;
    void (*started)(kea_context *ctx, void *user); /* on the Kea thread, before the entry; may be null */
    void *user;
} kea_run_options;

typedef struct kea_run_result {
    int64_t status;
    int64_t failed_checks; /* with KEA_RUN_RECORD_CHECKS */
    char message[512];     /* text of the panic or the unhandled failure, cut; else "" */
} kea_run_result;

#define KEA_STATUS_UNHANDLED_FAIL 1
#define KEA_STATUS_PANIC 101
#define KEA_STATUS_LEAK 102
#define KEA_STATUS_BROKEN_PIPE 141

/* Runs a program on a native thread of its own with a heap of its own, and waits for its end.
 * Output is flushed when it returns. Several runs may be under way in one process. `options` is
 * borrowed for the time of the call; `result` may be null. Returns the exit status. */
int64_t kea_run(const kea_run_options *options, kea_run_result *result);

/* `main` of a static executable. */
int kea_start(int argc, char **argv, const kea_program *program);

/* ---- live code (live.c, stubs.c): worlds and lazy stubs; the compiler's process only ---- */

/* A world: an immutable-once-published table of code addresses, indexed by slot, and the count of
 * activations that run in it. The driver owns it.
 *
 *     ctx->world ---> slots[0] slots[1] ... slots[capacity - 1]
 */
typedef struct kea_world kea_world;

/* A new world of `capacity` slots, copied from `previous` (which may be null) and null beyond. */
kea_world *kea_world_new(int64_t capacity, const kea_world *previous);
/* Frees a world that nobody is in and that is not current. */
void kea_world_free(kea_world *world);
int64_t kea_world_capacity(const kea_world *world);
/* Writes a slot of a world that is not published yet. */
void kea_world_set(kea_world *world, int64_t slot, const void *code);
void *kea_world_get(const kea_world *world, int64_t slot);
/* The table, for kea_run_options.world and for code that runs in the world. Borrowed. */
void *const *kea_world_slots(const kea_world *world);

/* Which world is current, for all contexts that follow it. */
typedef struct kea_live kea_live;
kea_live *kea_live_new(kea_world *first);
void kea_live_free(kea_live *live);
/* Makes a world current. Returns the one before, which stays valid until kea_world_active says
 * that nobody is in it. Any thread. */
kea_world *kea_world_publish(kea_live *live, kea_world *world);
/* The current world. Borrowed. */
kea_world *kea_world_current(kea_live *live);
/* Enters the current world: ctx runs in it until the matching leave. Worlds may be entered within
 * others; leave them in reverse order. What a run has not left when it ends, it leaves then, so
 * `started` may enter and nobody need leave. Returns the world. */
kea_world *kea_world_enter(kea_live *live, kea_context *ctx);
/* Enters a certain world, which must be current or have been entered by someone. */
void kea_world_enter_at(kea_live *live, kea_context *ctx, kea_world *world);
/* Leaves `world` and puts the context back to `outer`, the table it had before. */
void kea_world_leave(kea_live *live, kea_context *ctx, kea_world *world, void *const *outer);
/* Whether the world is current or anybody is in it. A false stays false. */
bool kea_world_active(kea_live *live, const kea_world *world);

/* Stubs: addresses that can be put into slots before the code exists.
 *
 *     stub i:   jmp *cell[i]          cell i ---> lazy part of stub i, at first
 *               lazy: i, jmp enter               the code, once resolved
 *
 * The lazy part keeps every argument as it is, calls the resolver on this thread, and jumps to
 * what it returned. A resolved stub never enters the resolver again. */
typedef struct kea_stubs kea_stubs;

/* The code for a stub; never null. May be called by several threads for the same stub. */
typedef void *(*kea_resolver)(void *user, kea_context *ctx, int64_t index);

/* Null when memory is exhausted. */
kea_stubs *kea_stubs_new(int64_t count, kea_resolver resolver, void *user);
/* No code may be able to reach a stub any more. */
void kea_stubs_free(kea_stubs *stubs);
void *kea_stubs_address(const kea_stubs *stubs, int64_t index);
/* From now on the stub jumps to `code`. Any thread. */
void kea_stubs_resolve(kea_stubs *stubs, int64_t index, const void *code);
/* Makes the stub lazy again. Any thread. */
void kea_stubs_reset(kea_stubs *stubs, int64_t index);

/* ---- names of code that has no symbol table (symbols.c) ---- */

/* Names the machine code from start to end for backtraces. Copies the name. Any thread. */
void kea_code_register(const void *start, const void *end, const char *name);
/* Forgets what was registered at this start. Any thread. */
void kea_code_unregister(const void *start);

#endif
