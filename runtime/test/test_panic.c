/* Ends of a run: what is printed, which clean-ups run, what stays alive, and the status.
 * The frames are in frames.ll. */
#include "check.h"

#define NAMED(name) __asm__("Test." #name)
int64_t frames_hold(kea_context *, void *, int64_t (*)(kea_context *)) NAMED(hold);
int64_t frames_two(kea_context *, int64_t (*)(kea_context *), int64_t (*)(kea_context *)) NAMED(two);
int64_t frames_record(kea_context *, void *, void *, int64_t (*)(kea_context *), int64_t (*)(kea_context *)) NAMED(record);
int64_t frames_bare(kea_context *, int64_t (*)(kea_context *)) NAMED(bare);
int64_t frames_deep(kea_context *, int64_t, int64_t (*)(kea_context *)) NAMED(deep);
int64_t frames_endless(kea_context *, int64_t) NAMED(endless);
int64_t frames_count(kea_context *, int64_t) NAMED(count);
int64_t frames_fail(kea_context *) NAMED(fail);
int64_t frames_fine(kea_context *) NAMED(fine);
int64_t frames_load(kea_context *) NAMED(load);
void frames_end(void) NAMED(end);
void note(kea_context *ctx, int64_t what);

static int64_t notes, note_sum;

void note(kea_context *ctx, int64_t what)
{
    (void)ctx;
    notes++;
    note_sum += what;
}

static outcome run(int64_t (*entry)(kea_context *))
{
    notes = note_sum = 0;
    return run_program(entry, "", 0);
}

static int64_t inner(kea_context *ctx)
{
    return frames_hold(ctx, new_cons(ctx, 2, IMMEDIATE(0)), frames_fail);
}

static int64_t held(kea_context *ctx)
{
    kea_string *text = str(ctx, "written before\n");
    kea_io_stdout(ctx, text);
    kea_drop(ctx, text);
    return frames_hold(ctx, new_cons(ctx, 1, new_cons(ctx, 5, IMMEDIATE(0))), inner);
}

static void panics_run_cleanups(void)
{
    outcome o = run(held);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 2);
    CHECK(strcmp(o.out, "written before\n") == 0);
    CHECK(strcmp(o.error, "panic: integer overflow\n  at test.kea:12:5 in Test.fail\n  backtrace:\n"
                          "    Test.fail\n    Test.hold\n    ... and again, 1 time\n") == 0);
    CHECK(strcmp(o.result.message, "integer overflow") == 0);
    outcome_free(&o);
}

static int64_t second_of_two(kea_context *ctx)
{
    return frames_two(ctx, frames_fine, frames_fail);
}

static int64_t first_of_two(kea_context *ctx)
{
    return frames_two(ctx, frames_fail, frames_fine);
}

static int64_t bare(kea_context *ctx)
{
    return frames_bare(ctx, frames_fail);
}

static int64_t normal(kea_context *ctx)
{
    return frames_two(ctx, frames_fine, frames_fine) + frames_bare(ctx, frames_fine);
}

static void the_right_pad_runs(void)
{
    outcome o = run(second_of_two);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 1 && note_sum == 20);
    outcome_free(&o);
    o = run(first_of_two);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 1 && note_sum == 10);
    outcome_free(&o);
    o = run(bare);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 0);
    outcome_free(&o);
    o = run(normal);
    CHECK(o.status == 9 && notes == 0 && o.error[0] == 0);
    outcome_free(&o);
}

static int64_t record_of_first(kea_context *ctx)
{
    return frames_record(ctx, new_cons(ctx, 3, IMMEDIATE(0)), kea_alloc(ctx, 24), frames_fail, frames_fine);
}

static int64_t record_of_second(kea_context *ctx)
{
    return frames_record(ctx, new_cons(ctx, 4, IMMEDIATE(0)), kea_alloc(ctx, 24), frames_fine, frames_fail);
}

static int64_t pad_over_record(kea_context *ctx)
{
    return frames_hold(ctx, new_cons(ctx, 5, IMMEDIATE(0)), record_of_second);
}

static int64_t mixed(kea_context *ctx)
{
    return frames_record(ctx, new_cons(ctx, 6, IMMEDIATE(0)), kea_alloc(ctx, 24), frames_fine, pad_over_record);
}

static int64_t record_given_up(kea_context *ctx)
{
    int64_t sum = frames_record(ctx, new_cons(ctx, 7, IMMEDIATE(0)), kea_alloc(ctx, 24), frames_fine, frames_fine);
    return ctx->frames == NULL ? sum : -1;
}

/* Run under the leak check: what a record does not name, or names though it is gone, changes the status. */
static void records_release_what_they_name(void)
{
    outcome o = run(record_of_first);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 0);
    outcome_free(&o);
    o = run(record_of_second);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 0);
    outcome_free(&o);
    o = run(mixed);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 1);
    outcome_free(&o);
    o = run(record_given_up);
    CHECK(o.status == 6);
    outcome_free(&o);
}

static int64_t deep(kea_context *ctx)
{
    return frames_deep(ctx, 100000, frames_fail);
}

static void deep_frames(void)
{
    outcome o = run(deep);
    CHECK(o.status == KEA_STATUS_PANIC && notes == 100000);
    CHECK(strlen(o.error) < 1000 && strstr(o.error, "    Test.deep\n    ... and again, ") != NULL);
    outcome_free(&o);
}

static int64_t message(kea_context *ctx)
{
    kea_panic_message(ctx, NULL, str(ctx, "no such thing"));
}

static int64_t borrowed_message(kea_context *ctx)
{
    static struct { kea_object object; int64_t length; char bytes[8]; } text = {{KEA_IMMORTAL, 0, 0}, 4, "oops"};
    kea_panic(ctx, (kea_string *)&text);
}

static int64_t unhandled(kea_context *ctx)
{
    kea_unhandled_fail(ctx, str(ctx, "not found"));
}

static int64_t unhandled_without_text(kea_context *ctx)
{
    kea_unhandled_fail(ctx, NULL);
}

static int64_t leaking_panic(kea_context *ctx)
{
    new_cons(ctx, 1, IMMEDIATE(0));
    kea_panic_divide_by_zero(ctx, NULL);
}

static int64_t exits(kea_context *ctx)
{
    kea_io_stdout(ctx, str(ctx, "kept"));
    kea_io_exit(ctx, 256 + 7);
}

static int64_t negative(kea_context *ctx)
{
    (void)ctx;
    return -1;
}

static int64_t failed_check(kea_context *ctx)
{
    kea_test_check(ctx, true);
    kea_test_check(ctx, false);
    kea_string *text = str(ctx, "why");
    kea_test_check_with_message(ctx, false, text);
    kea_drop(ctx, text);
    return 0;
}

static void expect(int64_t (*entry)(kea_context *), int64_t status, const char *out, const char *error)
{
    outcome o = run(entry);
    if (o.status != status || strcmp(o.out, out) != 0 || strstr(o.error, error) != o.error)
        fprintf(stderr, "status %d\n%s%s", (int)o.status, o.out, o.error);
    CHECK(o.status == status && strcmp(o.out, out) == 0 && strstr(o.error, error) == o.error);
    outcome_free(&o);
}

static void other_ends(void)
{
    expect(message, KEA_STATUS_PANIC, "", "panic: no such thing\n");
    expect(borrowed_message, KEA_STATUS_PANIC, "", "panic: oops\n");
    expect(unhandled, KEA_STATUS_UNHANDLED_FAIL, "", "error: main failed with unhandled Fail: not found\n");
    expect(unhandled_without_text, KEA_STATUS_UNHANDLED_FAIL, "", "error: main failed with unhandled Fail\n");
    expect(leaking_panic, KEA_STATUS_LEAK, "", "panic: integer division by zero\n");
    expect(exits, 7, "kept", "");
    expect(negative, 255, "", "");
    expect(failed_check, KEA_STATUS_PANIC, "", "panic: assertion failed\n");
    outcome o = run_program(failed_check, "", KEA_RUN_RECORD_CHECKS);
    CHECK(o.status == 0 && o.result.failed_checks == 2 && strcmp(o.error, "why\n") == 0);
    outcome_free(&o);
}

static int64_t endless(kea_context *ctx)
{
    new_cons(ctx, 1, IMMEDIATE(0));
    kea_io_stdout(ctx, str(ctx, "before"));
    return frames_endless(ctx, 0);
}

static int64_t ten_million_deep(kea_context *ctx)
{
    return frames_count(ctx, 10000000) & 0x3F;
}

static void stacks(void)
{
    for (int i = 0; i < 2; i++) /* the guard is there again for the next run */
        expect(endless, KEA_STATUS_PANIC, "before",
            "panic: stack overflow\n  backtrace:\n    Test.endless\n    ... and again, ");
    int64_t folded = 0;
    for (int64_t n = 1; n <= 10000000; n++)
        folded ^= n;
    expect(ten_million_deep, folded & 0x3F, "", "");
    expect(frames_load, KEA_STATUS_PANIC, "", "panic: invalid memory access\n  backtrace:\n    Test.load\n");
}

/* A static executable finds names in its symbol table; elsewhere they are registered. */
#ifndef KEA_TEST_STATIC
/* In the order of frames.ll, so that one begins where the one before ends. */
static const struct { void *at; const char *name; } code[] = {{frames_hold, "Test.hold"}, {frames_two, "Test.two"},
    {frames_bare, "Test.bare"}, {frames_deep, "Test.deep"}, {frames_endless, "Test.endless"}, {frames_fail, "Test.fail"},
    {frames_fine, "Test.fine"}, {frames_load, "Test.load"}, {frames_end, "Test.end"}};
enum { CODE_COUNT = sizeof code / sizeof *code };

static void register_names(void)
{
    for (int i = CODE_COUNT - 2; i >= 0; i--) {
        char *end = code[i].at == (void *)frames_endless ? (char *)code[i].at + 40 : code[i + 1].at;
        kea_code_register(code[i].at, end, code[i].name);
    }
}

static void forget_names(void)
{
    char name[8];
    CHECK(keaint_symbol_name((uintptr_t)frames_fail + 1, name, sizeof name) && strcmp(name, "Test.fa") == 0);
    for (int i = 0; i < CODE_COUNT - 1; i++)
        kea_code_unregister(code[i].at);
    CHECK(!keaint_symbol_name((uintptr_t)frames_fail + 1, name, sizeof name));
}
#else
static void register_names(void)
{
}

static void forget_names(void)
{
    char name[8];
    CHECK(keaint_symbol_name((uintptr_t)frames_fail + 1, name, sizeof name) && strcmp(name, "Test.fa") == 0);
    CHECK(!keaint_symbol_name((uintptr_t)note, name, sizeof name)); /* not a Kea name */
}
#endif

int main(void)
{
    register_names();
    panics_run_cleanups();
    the_right_pad_runs();
    records_release_what_they_name();
    deep_frames();
    other_ends();
    stacks();
    forget_names();
    return 0;
}
