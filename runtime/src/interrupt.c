/* What SIGINT and SIGTERM do to a program that has its process to itself: what it has printed goes
 * out, then the signal ends the process as if nobody had caught it.
 *
 *     Kea thread:   writing; if taken, wait for the end; change the buffer or write it; not writing
 *     any other:    signal -> taken -> until not writing -> write the buffer -> the signal again
 *
 * A print must stay cheap, so the Kea thread uses plain stores and loads; the handler asks the
 * kernel for the barrier between `writing` and `taken` that the Kea thread leaves out. Either that
 * thread then sees `taken`, or the handler sees `writing`.
 *
 * Handlers run on another thread than the one that prints, so they may wait for it: the buffer is
 * never seen half changed, and nothing is written twice or left out because a write was under way.
 * The wait has an end, for a reader that does not read must not make Ctrl-C fail. A handler calls
 * only what may be called in one.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_NANOS 1000000000
#define STEP_NANOS 1000000
#define PIPE_BYTES 4096 /* as many as a pipe that is ready takes without blocking */

static const int ending_signals[] = {SIGINT, SIGTERM};
#define SIGNAL_COUNT 2

/* Of linux/membarrier.h, which musl's headers do not bring. */
#define MEMBARRIER_CMD_PRIVATE_EXPEDITED (1 << 3)
#define MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED (1 << 4)

static struct sigaction previous[SIGNAL_COUNT];
static atomic_bool writing; /* set by the owner's thread; its release pairs with on_ending's acquire */
static atomic_bool taken;   /* by a handler, for good: the process is about to end */
static struct kea_run *owner; /* changed while `writing` only */

static int64_t nanos_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void step(void)
{
    nanosleep(&(struct timespec){.tv_nsec = STEP_NANOS}, NULL);
}

/* A barrier on every thread of the process. Kernels that refuse it leave us the step after it, which
 * is far longer than any processor keeps a store to itself. */
static void order_all_threads(void)
{
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    step();
}

_Noreturn __attribute__((noinline, cold)) static void wait_for_the_end(void)
{
    atomic_store_explicit(&writing, false, memory_order_release);
    for (;;)
        step();
}

void keaint_output_lock(struct kea_run *run)
{
    /* A stack that overflows while it prints reports that, and prints again. */
    if (!run->owns_process || atomic_load_explicit(&writing, memory_order_relaxed))
        return;
    atomic_store_explicit(&writing, true, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst); /* order_all_threads makes a real one of it */
    if (atomic_load_explicit(&taken, memory_order_relaxed))
        wait_for_the_end();
}

void keaint_output_unlock(struct kea_run *run)
{
    if (run->owns_process)
        atomic_store_explicit(&writing, false, memory_order_release);
}

/* Never blocks past the deadline. */
static void write_until(int64_t deadline, int fd, const char *bytes, int64_t length)
{
    while (length > 0) {
        int64_t left = deadline - nanos_now();
        if (left <= 0)
            return;
        struct pollfd output = {.fd = fd, .events = POLLOUT};
        ssize_t written = -1;
        errno = EAGAIN; /* if it does not get ready in time */
        if (poll(&output, 1, (int)(left / 1000000) + 1) > 0)
            written = write(fd, bytes, (size_t)(length < PIPE_BYTES ? length : PIPE_BYTES));
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return;
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? written : 0;
    }
}

static void on_ending(int signal)
{
    int error_before = errno;
    int64_t deadline = nanos_now() + PATIENCE_NANOS;
    bool first = !atomic_exchange(&taken, true);
    order_all_threads();
    /* The second of two signals leaves the buffer to the first. */
    while ((!first || atomic_load_explicit(&writing, memory_order_acquire)) && nanos_now() < deadline)
        step();
    if (first && !atomic_load_explicit(&writing, memory_order_acquire) && owner != NULL)
        write_until(deadline, owner->out_fd, owner->out, owner->out_length);
    sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    raise(signal); /* Comes when the handler has returned. */
    errno = error_before;
}

void keaint_own_process(struct kea_run *run)
{
    run->owns_process = true;
    owner = run;
    syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
    struct sigaction action = {.sa_handler = on_ending, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaddset(&action.sa_mask, ending_signals[i]);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        sigaction(ending_signals[i], NULL, &previous[i]);
        /* Who started the program in the background wants it deaf. */
        if ((previous[i].sa_flags & SA_SIGINFO) != 0 || previous[i].sa_handler != SIG_IGN)
            sigaction(ending_signals[i], &action, NULL);
    }
}

void keaint_leave_signals_to_others(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaddset(&signals, ending_signals[i]);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

void keaint_disown_process(struct kea_run *run)
{
    if (!run->owns_process)
        return;
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaction(ending_signals[i], &previous[i], NULL);
    keaint_output_lock(run);
    owner = NULL;
    keaint_output_unlock(run);
    run->owns_process = false;
}
