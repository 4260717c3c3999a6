/* Interrupting what a run does, from another thread; the compiler's process only.
 *
 *     any thread:   context.preempt = what, then a signal to the Kea thread, again and again
 *     Kea thread:   poll: preempt != 0 ---> drop what the frame holds ---> kea_interrupted: unwinds
 *                   blocking call: cut short by the signal, returns ---> poll
 *
 * Optimised code polls the word itself. Quick code is led to it by its counters (kea_hot_mark). A
 * signal that comes just before the system call that it was to end is lost, so who interrupts asks
 * again until the panic has been caught; only the Kea thread takes a request away.
 *
 * The signal is SIGURG: nothing happens to who does not expect it, and neither .NET nor the C library
 * uses it.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <signal.h>

static pthread_once_t handler_once = PTHREAD_ONCE_INIT;

static void on_signal(int signal)
{
    (void)signal; /* It has done its work by ending a system call. */
}

static void install_handler(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK}; /* Without SA_RESTART. */
    sigemptyset(&action.sa_mask);
    sigaction(SIGURG, &action, NULL);
}

void kea_interrupt_not(kea_context *ctx)
{
    __atomic_store_n(&ctx->preempt, 0, __ATOMIC_RELAXED);
}

bool kea_interrupt(kea_context *ctx, int32_t what)
{
    pthread_once(&handler_once, install_handler);
    struct kea_run *run = ctx->run;
    __atomic_fetch_or(&ctx->preempt, what, __ATOMIC_RELAXED);
    if (!keaint_is_interrupted(run))
        return false;
    pthread_kill(run->thread, SIGURG);
    return true;
}
