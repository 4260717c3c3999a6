/* State that outlives code: `Live.loop` and `Live.keep`.
 *
 *     loop:   state --- turn (code of the world that the loop is in) ---> Continue(state) or Halt(state)
 *               ^                                                              |
 *               +------------- reload point: anything new? ---+---------------+
 *
 * A state lies in a box: an object with the state as its only field. Code of different worlds
 * may have different ideas of the field; the box is handed only to code that was made for it, and
 * who moves a loop to another world (the compiler's side, through `hooks`) brings a box for it.
 *
 * A panic in a turn is caught here, so that the loop can be put back into the world and the state
 * from before; if it is not, the panic goes on outwards. The same goes for a turn that is ended by
 * kea_interrupt.
 *
 * To have a state to put a loop back to costs a copy of what the turn changes, since it is no longer
 * the only owner. On probation it is kept for every turn. Otherwise, where loops are to be put back
 * at all, one is kept so seldom that copying all of the heap each time would take a twentieth of
 * the time: for a loop that takes its time, that of every turn; for a busy one, an older one.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAFE_NANOS_PER_BYTE 10 /* twenty times what copying takes */

typedef kea_object *(*turn_code)(kea_context *, kea_object *turn, kea_object *box, kea_object *step);

static void catch_panics(struct kea_run *run, struct keaint_catch *catcher)
{
    catcher->outer = run->catcher;
    catcher->ends_here = false;
    catcher->held = run->context.frames;
    run->catcher = catcher;
}

static void caught(struct kea_run *run)
{
    run->unwinding = false;
    run->ending = false;
    run->status = 0;
    __atomic_store_n(&run->interrupted, 0, __ATOMIC_RELAXED);
}

/* A turn has ended by itself, and with it what an interruption was to end. */
static void turn_has_ended(kea_context *ctx, const kea_loop *loop)
{
    int32_t what = __atomic_load_n(&ctx->preempt, __ATOMIC_RELAXED);
    if (KEA_UNLIKELY(what != 0)) {
        if ((what & KEA_INTERRUPT_ALL) != 0 && loop->outer != NULL)
            kea_interrupted(ctx, NULL);
        __atomic_store_n(&ctx->preempt, 0, __ATOMIC_RELAXED);
    }
}

static bool is_safe_due(kea_context *ctx, kea_loop *loop, int64_t nanos)
{
    if (nanos <= 0)
        return false;
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    int64_t now = (int64_t)clock.tv_sec * 1000000000 + clock.tv_nsec;
    if (now < loop->safe_due)
        return false;
    int64_t copying = (int64_t)keaint_heap_bytes(ctx->heap) * SAFE_NANOS_PER_BYTE;
    loop->safe_due = now + (nanos > copying ? nanos : copying);
    return true;
}

/* The compiler's side has returned. What has ended the run while it called a migration ends it now. */
static void end_if_over(struct kea_run *run)
{
    if (KEA_UNLIKELY(run->is_over))
        keaint_end_run(run, run->over_status);
}

/* Asks the compiler's side what is new. Meanwhile whoever looks through the stack finds all that the
 * program's frames refer to above `parked`: registers that they use are written there first. */
__attribute__((noinline)) static int64_t ask_what_is_new(kea_context *ctx, kea_loop *loop)
{
    struct kea_run *run = ctx->run;
    const kea_live_hooks *hooks = run->options->live;
    char *outer = run->parked; /* Code that is called meanwhile may have loops of its own. */
    __builtin_unwind_init();
    __asm__ volatile("mov %%rsp, %0" : "=r"(run->parked));
    int64_t status = hooks->reload_point(hooks->user, ctx, loop);
    run->parked = outer;
    end_if_over(run);
    return status;
}

static int64_t call_hook(kea_context *ctx, int64_t hook)
{
    return ((kea_hook)(uintptr_t)hook)(ctx);
}

/* Anything new? Functions that are to run first run here, as frames of the program. */
static int64_t at_reload_point(kea_context *ctx, kea_loop *loop)
{
    int64_t status = ask_what_is_new(ctx, loop);
    while (status < 0 && loop->hook != NULL) {
        kea_hook hook = loop->hook;
        loop->hook = NULL;
        ctx->run->message[0] = 0;
        int64_t failed = 0;
        bool done = kea_live_attempt(ctx, call_hook, (int64_t)(uintptr_t)hook, &failed);
        loop->answer = !done ? KEA_HOOK_PANICKED : failed != 0 ? KEA_HOOK_FAILED : KEA_HOOK_DONE;
        status = ask_what_is_new(ctx, loop);
    }
    return status;
}

/* One turn after the other until one does not say Continue. Null: a turn panicked, and the panic is to go on. */
__attribute__((noinline)) static kea_object *run_turns(kea_context *ctx, kea_loop *loop)
{
    struct kea_run *run = ctx->run;
    const kea_live_hooks *hooks = run->options->live;
    struct keaint_catch catcher;
    catch_panics(run, &catcher);
    __asm__ volatile("mov %%rsp, %0" : "=r"(catcher.frame));
    if (setjmp(catcher.base) != 0) {
        int status = run->status, interrupted = run->interrupted;
        caught(run);
        if (hooks == NULL || !hooks->panicked(hooks->user, ctx, loop, interrupted)) {
            run->status = status;
            __atomic_store_n(&run->interrupted, interrupted, __ATOMIC_RELAXED);
            run->catcher = catcher.outer;
            loop->end = KEA_LOOP_PANIC;
            return NULL;
        }
    }
    for (;;) {
        turn_has_ended(ctx, loop);
        if (hooks != NULL && __atomic_load_n(&hooks->signal, __ATOMIC_ACQUIRE) != loop->seen) {
            int64_t status = at_reload_point(ctx, loop);
            if (status >= 0) {
                run->status = (int)status;
                run->catcher = catcher.outer;
                loop->end = KEA_LOOP_STOP;
                return NULL;
            }
            if (ctx->preempt == KEA_INTERRUPT_TURN) /* It was meant for the turn before. */
                __atomic_store_n(&ctx->preempt, 0, __ATOMIC_RELAXED);
        }
        kea_object *box = loop->state;
        if (loop->keeps_safe || (hooks != NULL && is_safe_due(ctx, loop, hooks->safe_nanos))) { /* Should the turn panic, the loop goes on from here. */
            if (loop->safe != NULL)
                kea_drop_inline(ctx, loop->safe);
            kea_dup_inline(box);
            loop->safe = box;
            loop->safe_turns = loop->turns;
        }
        loop->state = NULL;
        kea_dup_inline(loop->step);
        kea_closure *turn = (kea_closure *)loop->turn;
        box = ((turn_code)(uintptr_t)turn->code)(ctx, loop->turn, box, loop->step);
        if (box->tag != 0) {
            run->catcher = catcher.outer;
            return box;
        }
        loop->state = box;
        loop->turns++;
    }
}

kea_object *kea_live_loop(kea_context *ctx, kea_object *state, kea_object *step, kea_object *turn, kea_object *type)
{
    struct kea_run *run = ctx->run;
    const kea_live_hooks *hooks = run->options->live;
    kea_loop loop = {.state = state, .step = step, .turn = turn, .type = (const kea_string *)type, .seen = -1, .outer = run->loops};
    run->loops = &loop;
    kea_object *end = run_turns(ctx, &loop);
    run->loops = loop.outer;
    if (hooks != NULL)
        end = hooks->ended(hooks->user, ctx, &loop, end); /* Back to the world of the frames outside. */
    end_if_over(run);
    if (loop.safe != NULL)
        kea_drop_inline(ctx, loop.safe);
    if (loop.state != NULL)
        kea_drop_inline(ctx, loop.state);
    kea_drop_inline(ctx, loop.step);
    if (end != NULL)
        return end;
    if (loop.end == 0) {
        static const char message[] = "Live.loop: the state has got a type that the code after the loop does not know; start the program anew";
        keaint_panic(ctx, NULL, message, sizeof message - 1);
    }
    keaint_panic_on(run);
}

/* ---- values by name ---- */

static kea_kept *find_kept(struct kea_run *run, const kea_string *name)
{
    for (kea_kept *kept = run->kept; kept != NULL; kept = kept->next)
        if (kept->name->length == name->length && memcmp(kept->name->bytes, name->bytes, (size_t)name->length) == 0)
            return kept;
    return NULL;
}

static bool same_type(const kea_string *a, const kea_string *b)
{
    return a == b || (a->length == b->length && memcmp(a->bytes, b->bytes, (size_t)a->length) == 0);
}

static void drop_kept_box(kea_context *ctx, kea_kept *kept)
{
    if (kept->box != NULL)
        kea_drop_inline(ctx, kept->box);
}

kea_object *kea_live_kept(kea_context *ctx, kea_object *name, kea_object *type)
{
    kea_kept *kept = find_kept(ctx->run, (const kea_string *)name);
    if (kept == NULL || kept->box == NULL)
        return NULL;
    if (!same_type(kept->type, (const kea_string *)type)) {
        char message[400];
        keaint_text text = {.fd = -1};
        keaint_put(&text, "L014: Live.keep: `");
        keaint_put_bytes(&text, kept->name->bytes, kept->name->length < 80 ? kept->name->length : 80);
        keaint_put(&text, "` holds a value of type ");
        keaint_put_bytes(&text, kept->type->bytes, kept->type->length < 80 ? kept->type->length : 80);
        keaint_put(&text, " and is asked for as ");
        const kea_string *asked = (const kea_string *)type;
        keaint_put_bytes(&text, asked->bytes, asked->length < 80 ? asked->length : 80);
        memcpy(message, text.bytes, (size_t)text.length);
        keaint_panic(ctx, NULL, message, text.length);
    }
    kea_dup_inline(kept->box);
    return kept->box;
}

void kea_live_keep(kea_context *ctx, kea_object *name, kea_object *box, kea_object *type)
{
    struct kea_run *run = ctx->run;
    kea_kept *kept = find_kept(run, (const kea_string *)name);
    if (kept != NULL) { /* Its own initialiser has asked for the same name, or what was kept is gone. */
        drop_kept_box(ctx, kept);
    } else {
        kept = calloc(1, sizeof *kept);
        if (kept == NULL)
            keaint_out_of_memory(ctx);
        kea_dup_inline(name);
        kept->name = (kea_string *)name;
        kept->next = run->kept;
        run->kept = kept;
    }
    kept->box = box;
    kept->type = (const kea_string *)type;
    if (run->options->live != NULL)
        run->options->live->kept(run->options->live->user, ctx, kept);
}

void keaint_drop_kept(struct kea_run *run)
{
    while (run->kept != NULL) {
        kea_kept *kept = run->kept;
        run->kept = kept->next;
        drop_kept_box(&run->context, kept);
        kea_drop_inline(&run->context, (kea_object *)kept->name);
        free(kept);
    }
}

int64_t kea_live_version(kea_context *ctx)
{
    return ctx->run->world_number;
}

/* ---- for the compiler's side, on the thread of the context ---- */

kea_kept *kea_live_first_kept(kea_context *ctx)
{
    return ctx->run->kept;
}

void kea_live_forget(kea_context *ctx, kea_kept *kept)
{
    kea_kept **at = &ctx->run->kept;
    while (*at != kept)
        at = &(*at)->next;
    *at = kept->next;
    drop_kept_box(ctx, kept);
    kea_drop_inline(ctx, (kea_object *)kept->name);
    free(kept);
}

void kea_live_enter(kea_context *ctx, void *const *slots, int64_t number)
{
    ctx->world = slots;
    ctx->run->world_number = number;
}

void kea_live_flush(kea_context *ctx)
{
    keaint_flush(ctx->run);
}

void kea_live_dup(kea_object *object)
{
    kea_dup_inline(object);
}

void kea_live_drop(kea_context *ctx, kea_object *object)
{
    if (!ctx->run->is_over)
        kea_drop_inline(ctx, object);
}

__attribute__((noinline)) static bool attempt(kea_context *ctx, int64_t (*code)(kea_context *, int64_t), int64_t argument, int64_t *result, bool ends_here)
{
    struct kea_run *run = ctx->run;
    if (run->is_over)
        return false;
    struct keaint_catch catcher;
    catch_panics(run, &catcher);
    catcher.ends_here = ends_here;
    __asm__ volatile("mov %%rsp, %0" : "=r"(catcher.frame));
    bool done = false;
    if (setjmp(catcher.base) == 0) {
        *result = code(ctx, argument);
        done = true;
    } else {
        caught(run);
    }
    run->catcher = catcher.outer;
    return done;
}

bool kea_live_attempt(kea_context *ctx, int64_t (*code)(kea_context *, int64_t), int64_t argument, int64_t *result)
{
    return attempt(ctx, code, argument, result, false);
}

bool kea_live_convert(kea_context *ctx, int64_t (*code)(kea_context *, int64_t), int64_t box, int64_t *result)
{
    return attempt(ctx, code, box, result, true);
}

const char *kea_live_message(kea_context *ctx)
{
    return ctx->run->message;
}

void kea_live_end(kea_context *ctx, int64_t status)
{
    struct kea_run *run = ctx->run;
    run->status = (int)status;
    keaint_panic_on(run);
}
