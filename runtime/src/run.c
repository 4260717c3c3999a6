/* One run of a program, from its first frame to its exit status.
 *
 *     caller --- kea_run ---> thread: base frame ---> entry ---> Kea code
 *                                ^                                 |
 *                                +------- return, or longjmp ------+
 *
 * Everything a run changes lies in its `kea_run` or in its heap, so runs of a process do not see
 * each other. Whatever way the entry ends, control is in the base frame again before output is
 * flushed, objects are counted and the heap is given back.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

__attribute__((noinline)) static void call_entry(struct kea_run *run)
{
    if (setjmp(run->base) != 0)
        return; /* The end was not a return: run->status says how. */
    __asm__ volatile("mov %%rsp, %0" : "=r"(run->base_frame));
    if (run->options->started != NULL)
        run->options->started(&run->context, run->options->user);
    run->status = (int)(run->program.entry(&run->context) & 0xFF);
}

/* Whoever started the process may have blocked the signal that cuts blocking calls short (preempt.c). */
static void hear_interruptions(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGURG);
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

static void *body(void *argument)
{
    struct kea_run *run = argument;
    if (run->options->live != NULL)
        hear_interruptions();
    if (run->owns_process)
        keaint_leave_signals_to_others();
    call_entry(run);
    run->ending = true;
    keaint_flush(run);
    keaint_drop_kept(run);
    if (run->check_leaks && keaint_report_leaks(run) != 0)
        run->status = KEA_STATUS_LEAK;
    keaint_disown_process(run);
    if (run->options->ended != NULL)
        run->options->ended(&run->context, run->options->user);
    return NULL;
}

static bool wants_leak_check(const kea_run_options *options)
{
    if ((options->flags & KEA_RUN_CHECK_LEAKS) != 0)
        return true;
    const char *value = getenv("KEA_CHECK_LEAKS");
    return value != NULL && strcmp(value, "1") == 0;
}

static struct kea_run *new_run(const kea_run_options *options)
{
    struct kea_run *run = mmap(NULL, sizeof *run, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (run == MAP_FAILED)
        return NULL;
    run->options = options;
    run->program = options->program;
    run->context.world = options->world;
    run->world_number = options->world_number;
    run->context.layouts = options->program.layouts;
    run->context.heap = &run->heap;
    run->context.run = run;
    run->check_leaks = wants_leak_check(options);
    run->in_fd = options->in_fd;
    run->out_fd = options->out_fd;
    run->error_fd = options->error_fd;
    run->out_line_buffered = -1;
    keaint_heap_init(&run->heap, &run->context);
    return run;
}

static int64_t no_room(const kea_run_options *options)
{
    keaint_text text = {.fd = options->error_fd};
    keaint_put(&text, "error: no memory for the program's stack\n");
    keaint_put_flush(&text);
    return 1;
}

int64_t kea_run(const kea_run_options *options, kea_run_result *result)
{
    if (result != NULL)
        memset(result, 0, sizeof *result);
    struct kea_run *run = new_run(options);
    if (run != NULL && (options->flags & KEA_RUN_OWNS_PROCESS) != 0)
        keaint_own_process(run);
    bool started = run != NULL && keaint_run_on_thread(run, body);
    int64_t status = started ? run->status : no_room(options);
    if (started && result != NULL) {
        result->failed_checks = run->failed_checks;
        memcpy(result->message, run->message, sizeof result->message);
    }
    if (result != NULL)
        result->status = status;
    if (run != NULL) {
        keaint_disown_process(run);
        keaint_heap_destroy(&run->heap);
        munmap(run, sizeof *run);
    }
    return status;
}
