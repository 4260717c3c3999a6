/* What the files of the runtime share: `keaint_` names, never called by generated code. */
#ifndef KEAINT_INTERNAL_H
#define KEAINT_INTERNAL_H

#include <kea/counts.h>
#include <kea/runtime.h>
#include <pthread.h>
#include <setjmp.h>
#include <unwind.h>

#define KEAINT_OUT_BYTES 65536
#define KEAINT_IN_BYTES 65536

/* One execution of a program: its context, its stack, and how it ends. Kept in a mapping of its
 * own; the thread that runs it is the only one that changes it, save `stop`. */
struct kea_run {
    kea_context context;
    kea_heap heap;
    const kea_run_options *options;
    kea_program program;

    jmp_buf base;         /* where every end leads: the frame that called the entry */
    uintptr_t base_frame; /* stack pointer in that frame; Kea frames lie below */
    struct keaint_catch { /* where a panic stops that is caught: the innermost, or null */
        struct keaint_catch *outer;
        bool ends_here; /* what ends the run comes back here first: see kea_live_convert */
        uintptr_t frame;
        kea_frame *held; /* records of frames outside, which a panic that is caught leaves alone */
        jmp_buf base;
    } *catcher;
    int status;
    int interrupted;      /* KEA_INTERRUPT_..., while frames unwind because of it; else 0 */
    pthread_t thread;     /* the one that runs it */
    bool check_leaks;     /* of the heap at the end; off when frames were not unwound */
    bool ending;          /* a report has begun: failing output ends nothing any more */
    bool unwinding;
    bool is_over;         /* has ended in a migration: nothing is done with the heap any more */
    int over_status;
    char message[512];    /* of the panic or failure */
    struct _Unwind_Exception exception;

    size_t stack_mapped;
    bool overflowed;
    char *stack_low, *guard_high, *stack_high; /* the guard lies from stack_low to guard_high */
    char signal_stack[65536];

    uint64_t random[4];
    bool random_seeded;
    int64_t failed_checks;
    const char *last_error; /* of try_read and try_write; static text, or null */
    char error_text[32];

    /* live.c */
    kea_loop *loops; /* the innermost first */
    kea_kept *kept;       /* what Live.keep keeps */
    int64_t world_number;
    char *parked;         /* at a reload point: the program's frames and registers lie above; else null */

    bool owns_process; /* signals that end the process first write out what is buffered */
    int out_fd, error_fd, in_fd;
    int out_line_buffered; /* -1: not yet known */
    bool at_end;
    bool has_read; /* standard input, at least once */
    int64_t out_length, in_start, in_length;
    char out[KEAINT_OUT_BYTES];
    char in[KEAINT_IN_BYTES];
};

/* heap.c */
void keaint_heap_init(kea_heap *heap, kea_context *context);
void keaint_heap_destroy(kea_heap *heap);
/* Not less than all objects take, in whole arenas. */
size_t keaint_heap_bytes(const kea_heap *heap);
/* The size of the block that an object of a heap lies in. */
size_t keaint_block_bytes(const void *object);
/* Moves an unshared object to a block of at least `bytes`, by remapping if it is huge. The first
 * `keep` bytes stay. Consumes `object`; the result is owned. */
void *keaint_grow(kea_context *ctx, void *object, size_t keep, size_t bytes);

/* leaks.c */
/* Reports what is alive on the error output. Returns the number of objects. */
int64_t keaint_report_leaks(struct kea_run *run);

/* string.c */
/* A new string with room for `length` bytes and a NUL, its bytes not initialised. Owned. */
kea_string *keaint_string_new(kea_context *ctx, int64_t length);
kea_string *keaint_string_of(kea_context *ctx, const char *bytes, int64_t length);
/* As keaint_string_of, with U+FFFD for what is not UTF-8. */
kea_string *keaint_string_lossy(kea_context *ctx, const char *bytes, int64_t length);
/* Cuts or extends the length of an unshared string within its block and sets the NUL. */
void keaint_string_set_length(kea_string *s, int64_t length);
extern const struct keaint_empty_string { kea_object object; int64_t length; char bytes[8]; } keaint_empty;
#define KEAINT_EMPTY ((kea_string *)(uintptr_t)&keaint_empty)

/* utf8.c */
/* The number of leading bytes that are whole, valid code points. */
int64_t keaint_utf8_valid_prefix(const char *bytes, int64_t length);
/* Code point at `bytes`, or -1; `*width` gets its bytes (1 if invalid). length > 0. */
int32_t keaint_utf8_decode(const char *bytes, int64_t length, int32_t *width);
/* Writes up to 4 bytes; returns their number. */
int32_t keaint_utf8_encode(char *to, uint32_t code);

/* bytes.c */
/* Index of the first `byte`, or -1. */
int64_t keaint_find_byte(const char *bytes, int64_t length, char byte);
/* Index of the first occurrence, or -1. needle_length > 0. */
int64_t keaint_find(const char *bytes, int64_t length, const char *needle, int64_t needle_length);
/* <0, 0, >0 by unsigned bytes. */
int keaint_compare_bytes(const char *a, const char *b, int64_t length);
bool keaint_equal_bytes(const char *a, const char *b, int64_t length);

/* decimal.c, float_write.c, float_parse.c */
/* Writes at most 20 bytes; returns their number. */
int keaint_write_uint(char *to, uint64_t value);
int keaint_write_int(char *to, int64_t value);
#define KEAINT_FLOAT_BYTES 400
int keaint_write_float(char *to, double value);
int keaint_write_float32(char *to, float value);
int keaint_write_float16(char *to, _Float16 value);
/* Parses a complete literal. False if it is none. */
bool keaint_parse_float(const char *bytes, int64_t length, double *value);

/* io.c */
/* Writes out what is buffered. On a broken pipe or a full disk the run ends, unless it is ending. */
void keaint_flush(struct kea_run *run);
/* Writes all of it, as far as the system allows. Returns 0 or an errno. */
int keaint_write_all(int fd, const char *bytes, int64_t length);
/* The same; what cannot be written at once when the run is interrupted is left out. */
int keaint_write_of_run(struct kea_run *run, int fd, const char *bytes, int64_t length);
/* The text for an errno; the same under every C library. */
const char *keaint_error_text(struct kea_run *run, int error);

/* preempt.c, panic.c */
/* Whether another thread wants what runs to end; blocking calls that are cut short return then, in
 * any state that generated code can drop, since a poll follows. True until the panic is caught. */
static inline bool keaint_is_interrupted(const struct kea_run *run)
{
    return __atomic_load_n(&run->context.preempt, __ATOMIC_RELAXED) != 0
        || __atomic_load_n(&run->interrupted, __ATOMIC_RELAXED) != 0;
}

/* interrupt.c */
/* From here to keaint_disown_process, SIGINT and SIGTERM write out the run's output before they
 * end the process. One run of a process at a time. */
void keaint_own_process(struct kea_run *run);
void keaint_disown_process(struct kea_run *run);
/* On the run's thread: another one shall handle these signals. */
void keaint_leave_signals_to_others(void);
/* Around every change of the output buffer and every write of it, on the run's thread. */
void keaint_output_lock(struct kea_run *run);
void keaint_output_unlock(struct kea_run *run);

/* report.c: text for the error output, without printf */
typedef struct keaint_text {
    int fd;
    int length;
    char bytes[1000];
} keaint_text;
void keaint_put(keaint_text *text, const char *s);
void keaint_put_bytes(keaint_text *text, const char *s, int64_t length);
void keaint_put_int(keaint_text *text, int64_t value);
void keaint_put_flush(keaint_text *text);

/* symbols.c */
/* Copies the name of the function that holds a code address into `to`, cut to `size` - 1 bytes.
 * False if it is not a Kea function. */
bool keaint_symbol_name(uintptr_t code, char *to, size_t size);

/* panic.c */
_Noreturn void keaint_panic(kea_context *ctx, const kea_site *site, const char *message, int64_t length);
/* A panic that does not unwind: the heap goes as a whole. */
_Noreturn void keaint_panic_at_once(kea_context *ctx, const char *message);
/* What the compiler made is wrong; ends the run like the above, and no rollback goes on from here. */
_Noreturn void keaint_compiler_fault(kea_context *ctx, const char *message, int64_t length);
_Noreturn void keaint_out_of_memory(kea_context *ctx);
/* Flushes and ends the run with a status; no Kea code runs any more. */
_Noreturn void keaint_end_run(struct kea_run *run, int status);
/* Goes on with a panic that was caught: further outwards, with the status that it had. */
_Noreturn void keaint_panic_on(struct kea_run *run);

/* live.c */
void keaint_drop_kept(struct kea_run *run);

/* stack.c */
/* Runs `body(run)` on a thread with a stack of its own and waits for its end. False if there is
 * no room for one. */
bool keaint_run_on_thread(struct kea_run *run, void *(*body)(void *));

#endif
