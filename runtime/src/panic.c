/* Panics: how a run ends before its entry returns.
 *
 *     kea_panic_overflow          Kea frame                     Kea frame     base frame
 *     report, forced unwind --->  landing pad: drops  --->  ... drops  --->   longjmp: status 101
 *
 * A forced unwind visits every frame once; the personality (personality.c) enters the landing
 * pads of Kea frames, which drop what the frame holds and resume. So a panic ends with no object
 * alive, and code that does not panic pays nothing. Quickly compiled code has no landing pads but
 * keeps a list of what its frames hold (kea_frame); that is dropped before anything is unwound.
 * The order does not matter, since nothing that is dropped runs code of the program.
 *
 * Exhausted memory, an exhausted stack, `IO.exit` and a broken output do not unwind: there may be
 * no room to do so, or no code may run any more. They jump to the base frame, and the heap goes
 * as a whole.
 */
#include "internal.h"

#include <string.h>

#define BACKTRACE_LINES 24
#define BACKTRACE_FRAMES 400

typedef struct backtrace {
    keaint_text *text;
    uintptr_t base_frame;
    int frames, lines, repeated;
    char last[256];
} backtrace;

void keaint_end_run(struct kea_run *run, int status)
{
    run->status = status;
    run->check_leaks = false;
    for (struct keaint_catch *catcher = run->catcher; catcher != NULL; catcher = catcher->outer)
        if (catcher->ends_here) {
            run->catcher = catcher;
            run->is_over = true;
            run->over_status = status;
            longjmp(catcher->base, 1);
        }
    longjmp(run->base, 1);
}

static void put_repeated(backtrace *trace)
{
    if (trace->repeated > 0) {
        keaint_put(trace->text, "    ... and again, ");
        keaint_put_int(trace->text, trace->repeated);
        keaint_put(trace->text, trace->repeated == 1 ? " time\n" : " times\n");
    }
    trace->repeated = 0;
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *argument)
{
    backtrace *trace = argument;
    if (_Unwind_GetCFA(context) >= trace->base_frame)
        return _URC_NORMAL_STOP;
    if (trace->lines == BACKTRACE_LINES || trace->frames++ == BACKTRACE_FRAMES) {
        put_repeated(trace);
        keaint_put(trace->text, "    ...\n");
        return _URC_NORMAL_STOP;
    }
    char name[sizeof trace->last];
    if (!keaint_symbol_name(_Unwind_GetIP(context) - 1, name, sizeof name))
        return _URC_NO_REASON;
    if (strcmp(name, trace->last) == 0) {
        trace->repeated++;
        return _URC_NO_REASON;
    }
    put_repeated(trace);
    memcpy(trace->last, name, sizeof name);
    keaint_put(trace->text, "    ");
    keaint_put(trace->text, name);
    keaint_put(trace->text, "\n");
    trace->lines++;
    return _URC_NO_REASON;
}

static void put_backtrace(struct kea_run *run, keaint_text *text)
{
    backtrace trace = {.text = text, .base_frame = run->base_frame};
    keaint_put(text, "  backtrace:\n");
    _Unwind_Backtrace(visit, &trace);
    put_repeated(&trace);
}

static void note_message(struct kea_run *run, const char *message, int64_t length)
{
    if (length > (int64_t)sizeof run->message - 1)
        length = sizeof run->message - 1;
    memcpy(run->message, message, (size_t)length);
    run->message[length] = 0;
}

static void report(struct kea_run *run, const char *kind, const kea_site *site, const char *message, int64_t length)
{
    run->ending = true;
    keaint_flush(run);
    note_message(run, message, length);
    keaint_text text = {.fd = run->error_fd};
    keaint_put(&text, kind);
    keaint_put_bytes(&text, message, length);
    keaint_put(&text, "\n");
    if (site != NULL && site->file[0] != 0) { /* Some functions are written nowhere. */
        keaint_put(&text, "  at ");
        keaint_put(&text, site->file);
        keaint_put(&text, ":");
        keaint_put_int(&text, site->line);
        if (site->column > 0) {
            keaint_put(&text, ":");
            keaint_put_int(&text, site->column);
        }
        keaint_put(&text, " in ");
        keaint_put(&text, site->function);
        keaint_put(&text, "\n");
    }
    put_backtrace(run, &text);
    keaint_put_flush(&text);
}

static _Unwind_Reason_Code stop_at_base(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
    struct _Unwind_Exception *exception, struct _Unwind_Context *context, void *argument)
{
    (void)version;
    (void)class;
    (void)exception;
    struct kea_run *run = argument;
    if (run->catcher != NULL) {
        if (_Unwind_GetCFA(context) >= run->catcher->frame)
            longjmp(run->catcher->base, 1);
        return _URC_NO_REASON;
    }
    if ((actions & _UA_END_OF_STACK) != 0 || _Unwind_GetCFA(context) >= run->base_frame)
        longjmp(run->base, 1);
    return _URC_NO_REASON;
}

/* Drops what frames without landing pads hold. */
static void release_frames(kea_context *ctx)
{
    kea_frame *outside = ctx->run->catcher != NULL ? ctx->run->catcher->held : NULL;
    for (; ctx->frames != outside; ctx->frames = ctx->frames->previous) {
        const kea_frame *frame = ctx->frames;
        for (uint32_t at = frame->state; at != 0; at = frame->held[at - 1].next) {
            uint32_t index = frame->held[at - 1].word;
            void *word = frame->words[index & ~KEA_HELD_TOKEN];
            if ((index & KEA_HELD_TOKEN) == 0)
                kea_drop_any(ctx, word);
            else if (word != NULL)
                kea_free(ctx, word);
        }
    }
}

_Noreturn static void unwind(struct kea_run *run, int status)
{
    if (run->unwinding)
        keaint_end_run(run, status);
    run->unwinding = true;
    run->status = status;
    release_frames(&run->context);
    memset(&run->exception, 0, sizeof run->exception);
    _Unwind_ForcedUnwind(&run->exception, stop_at_base, run);
    keaint_end_run(run, status); /* No way to unwind from here. */
}

void keaint_panic_on(struct kea_run *run)
{
    unwind(run, run->status);
}

void keaint_panic(kea_context *ctx, const kea_site *site, const char *message, int64_t length)
{
    report(ctx->run, "panic: ", site, message, length);
    unwind(ctx->run, KEA_STATUS_PANIC);
}

void kea_interrupted(kea_context *ctx, const kea_site *site)
{
    static const char message[] = "interrupted";
    struct kea_run *run = ctx->run;
    __atomic_store_n(&run->interrupted, ctx->preempt, __ATOMIC_RELAXED);
    __atomic_store_n(&ctx->preempt, 0, __ATOMIC_RELAXED);
    report(run, "", site, message, sizeof message - 1);
    unwind(run, KEA_STATUS_PANIC);
}

void keaint_panic_at_once(kea_context *ctx, const char *message)
{
    report(ctx->run, "panic: ", NULL, message, (int64_t)strlen(message));
    keaint_end_run(ctx->run, KEA_STATUS_PANIC);
}

void keaint_compiler_fault(kea_context *ctx, const char *message, int64_t length)
{
    report(ctx->run, "error[E0904]: a fault of the compiler and not of the program: ", NULL, message, length);
    keaint_end_run(ctx->run, KEA_STATUS_PANIC);
}

void keaint_out_of_memory(kea_context *ctx)
{
    keaint_panic_at_once(ctx, "out of memory");
}

void kea_panic_overflow(kea_context *ctx, const kea_site *site)
{
    keaint_panic(ctx, site, "integer overflow", 16);
}

void kea_panic_divide_by_zero(kea_context *ctx, const kea_site *site)
{
    keaint_panic(ctx, site, "integer division by zero", 24);
}

void kea_panic_remainder_by_zero(kea_context *ctx, const kea_site *site)
{
    keaint_panic(ctx, site, "integer remainder by zero", 25);
}

void kea_panic_message(kea_context *ctx, const kea_site *site, kea_string *message)
{
    report(ctx->run, "panic: ", site, message->bytes, message->length);
    kea_drop_inline(ctx, &message->object);
    unwind(ctx->run, KEA_STATUS_PANIC);
}

void kea_panic(kea_context *ctx, kea_string *message)
{
    keaint_panic(ctx, NULL, message->bytes, message->length);
}

void kea_unhandled_fail(kea_context *ctx, kea_string *payload)
{
    struct kea_run *run = ctx->run;
    run->ending = true;
    keaint_flush(run);
    keaint_text text = {.fd = run->error_fd};
    keaint_put(&text, "error: main failed with unhandled Fail");
    if (payload != NULL) {
        note_message(run, payload->bytes, payload->length);
        keaint_put(&text, ": ");
        keaint_put_bytes(&text, payload->bytes, payload->length);
        kea_drop_inline(ctx, &payload->object);
    }
    keaint_put(&text, "\n");
    keaint_put_flush(&text);
    unwind(run, KEA_STATUS_UNHANDLED_FAIL);
}

void kea_test_failed(kea_context *ctx, kea_string *message)
{
    note_message(ctx->run, message->bytes, message->length);
    kea_drop_inline(ctx, &message->object);
}

static void failed_check(kea_context *ctx, const char *message, int64_t length)
{
    struct kea_run *run = ctx->run;
    if ((run->options->flags & KEA_RUN_RECORD_CHECKS) == 0)
        keaint_panic(ctx, NULL, message, length);
    run->failed_checks++;
}

void kea_test_check(kea_context *ctx, bool passed)
{
    if (!passed)
        failed_check(ctx, "assertion failed", 16);
}

void kea_test_check_with_message(kea_context *ctx, bool passed, kea_string *message)
{
    if (passed)
        return;
    keaint_text text = {.fd = ctx->run->error_fd};
    keaint_put_bytes(&text, message->bytes, message->length);
    keaint_put(&text, "\n");
    keaint_put_flush(&text);
    failed_check(ctx, "assertion failed", 16);
}
