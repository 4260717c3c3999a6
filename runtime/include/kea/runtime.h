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
/* Another thread wants what runs to end (kea_interrupt): called by a poll that has seen so. */
_Noreturn void kea_interrupted(kea_context *ctx, const kea_site *site);
/* The intrinsic: borrows the message, knows no place. */
_Noreturn void kea_panic(kea_context *ctx, kea_string *message);
/* `main` ended with a failure. Consumes the payload's text, which may be null. */
_Noreturn void kea_unhandled_fail(kea_context *ctx, kea_string *payload);

/* ---- checked calls (check_calls.c) ---- */

/* Before a call through a slot that holds `code`; ends the run if that is null. The call is read when it arrives. */
void kea_call_leaves(kea_context *ctx, const kea_call *call, const void *code);
/* In the function that is called: ends the run if the call that is on its way, if any, was meant for another. */
void kea_call_arrives(kea_context *ctx, uint64_t fingerprint, const char *name);

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
#define KEA_RUN_OWNS_PROCESS 4  /* SIGINT and SIGTERM write out what is printed before they end the process */

typedef struct kea_run_options {
    kea_program program;
    void *const *world; /* slot table to begin in; may be null */
    int64_t argument_count;
    const char *const *arguments; /* without the program's name */
    int32_t in_fd, out_fd, error_fd;
    int32_t flags;
    void (*started)(kea_context *ctx, void *user); /* on the Kea thread, before the entry; may be null */
    void *user;
    const struct kea_live_hooks *live; /* null where code does not change */
    int64_t world_number;
    /* On the Kea thread, with the same user, before the context goes; may be null. */
    void (*ended)(kea_context *ctx, void *user);
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

/* What is to end when a run is interrupted (preempt.c). */
#define KEA_INTERRUPT_ALL 1  /* the turn of the outermost loop, or the run */
#define KEA_INTERRUPT_TURN 2 /* the turn of the innermost loop, which goes on with a state from before */

/* Asks that what a context runs is ended, by a panic of its own kind; with `what` 0: asks again.
 * Lets a blocking call end early. Any thread, for as long as the context is there. False when
 * nothing is asked for any more: a poll has seen it and its panic has been caught, or what was to be
 * ended has ended by itself. */
bool kea_interrupt(kea_context *ctx, int32_t what);
/* Takes back what was asked for and has not been seen. On the thread of the context. */
void kea_interrupt_not(kea_context *ctx);

/* `main` of a static executable. */
int kea_start(int argc, char **argv, const kea_program *program);

/* ---- state that outlives code (live.c) ---- */

/* A value of `Live.keep`. */
typedef struct kea_kept {
    struct kea_kept *next;
    kea_string *name;
    kea_object *box; /* null: what was kept is gone, and begins anew when it is asked for */
    const kea_string *type;
} kea_kept;

/* A function that the compiler's side wants called between two turns: 0, or 1 after a failure. */
typedef int64_t (*kea_hook)(kea_context *ctx);

#define KEA_HOOK_DONE 1
#define KEA_HOOK_FAILED 2 /* the run's message says why */
#define KEA_HOOK_PANICKED 3

/* A loop of `Live.loop` that is under way. Its first fields are read and written by the compiler's
 * side while the loop is at a reload point. */
typedef struct kea_loop {
    kea_object *state;      /* 0: box of the state, owned; null while a turn has it */
    kea_object *step;       /* 8: closure, owned */
    kea_object *turn;       /* 16: immortal closure object: (self, box, step) -> box */
    const kea_string *type; /* 24: immortal name of what the box holds */
    kea_object *safe;       /* 32: box that a turn began with, owned; may be null */
    int64_t seen;           /* 40: the signal that the loop has seen to */
    int64_t keeps_safe;     /* 48: safe is the box of each turn; else of one every safe_nanos, if at all */
    int64_t turns;          /* 56: done so far */
    struct kea_loop *outer; /* 64 */
    int64_t end;            /* 72: how it ends: 0 by itself, KEA_LOOP_PANIC or KEA_LOOP_STOP */
    int64_t safe_turns;     /* 80: turns done when `safe` was kept */
    int64_t safe_due;       /* 88: by the monotonic clock, in nanoseconds: when the next is kept */
    kea_hook hook;          /* 96: set by reload_point: to be called before the loop goes on */
    int64_t answer;         /* 104: what came of it: 0 nothing was called, else KEA_HOOK_... */
} kea_loop;

#define KEA_LOOP_PANIC 1
#define KEA_LOOP_STOP 2

/* How a run tells the compiler's side about its loops. All are called on the thread of the context. */
typedef struct kea_live_hooks {
    int64_t signal; /* another value than a loop has seen: it calls reload_point before its next turn */
    void *user;
    /* Not negative: the program is to end, with this status. Otherwise, if it has set loop->hook, it is called again when
     * that function has run. */
    int64_t (*reload_point)(void *user, kea_context *ctx, kea_loop *loop);
    /* A turn has panicked and its frames are gone; `interrupted` is KEA_INTERRUPT_... if it was
     * ended by kea_interrupt, else 0. True: loop->state is a state to go on with. */
    int64_t (*panicked)(void *user, kea_context *ctx, kea_loop *loop, int64_t interrupted);
    /* The loop is over with this box (null after a panic). Puts the context back to the world of the frames outside and
     * returns a box that they understand, or null. */
    kea_object *(*ended)(void *user, kea_context *ctx, kea_loop *loop, kea_object *box);
    /* `Live.keep` keeps something new. */
    void (*kept)(void *user, kea_context *ctx, kea_kept *kept);
    int64_t safe_nanos; /* how old the state that a loop can be put back to may get, at least; 0: none is kept */
    /* The program is about to read standard input for the first time. Returns how many bytes that were typed before it has put
     * into the buffer. */
    int64_t (*reads)(void *user, char *into, int64_t room);
} kea_live_hooks;

/* `Live.loop`. Consumes state and step. Returns the box with which it ended: tag 1 halted, tag 2 failed. */
kea_object *kea_live_loop(kea_context *ctx, kea_object *state, kea_object *step, kea_object *turn, kea_object *type);
/* `Live.keep`: a new reference to the box that is kept under a name, or null. Panics if it is of another type. */
kea_object *kea_live_kept(kea_context *ctx, kea_object *name, kea_object *type);
/* Consumes the box. `type` is immortal. */
void kea_live_keep(kea_context *ctx, kea_object *name, kea_object *box, kea_object *type);
/* The world that the context runs in; 0 where code does not change. */
int64_t kea_live_version(kea_context *ctx);

/* For the compiler's side, on the thread of the context. */
kea_kept *kea_live_first_kept(kea_context *ctx);
void kea_live_forget(kea_context *ctx, kea_kept *kept); /* One of these; nobody asks for it any more. */
void kea_live_flush(kea_context *ctx); /* Writes what the program has printed so far. */
void kea_live_enter(kea_context *ctx, void *const *slots, int64_t number);
void kea_live_dup(kea_object *object);
void kea_live_drop(kea_context *ctx, kea_object *object);
/* Calls Kea code; false if it panicked, which has been reported and released what the frames held. */
bool kea_live_attempt(kea_context *ctx, int64_t (*code)(kea_context *, int64_t), int64_t argument, int64_t *result);
/* The same for a migration, which is called where the compiler's side holds locks: an end of the run that does not unwind
 * (memory or stack exhausted) leads here too, and is carried on when the hook returns. Boxes are not to be used any more then. */
bool kea_live_convert(kea_context *ctx, int64_t (*code)(kea_context *, int64_t), int64_t box, int64_t *result);
/* What the last panic said. */
const char *kea_live_message(kea_context *ctx);
/* Ends the run as a panic does, without a report: frames release what they hold. */
_Noreturn void kea_live_end(kea_context *ctx, int64_t status);

/* ---- names of code that has no symbol table (symbols_registry.c) ---- */

/* Names the machine code from start to end for backtraces. Copies the name. Any thread. */
void kea_code_register(const void *start, const void *end, const char *name);
/* Forgets what was registered at this start. Any thread. */
void kea_code_unregister(const void *start);

#endif
