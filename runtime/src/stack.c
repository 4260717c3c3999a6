/* The stack that Kea's main computation runs on, and what happens at its end.
 *
 *     stack_low        guard_high                                    stack_high
 *     | guard, 1 MB    | ................ not touched yet ....... frames |
 *       no access        reserved, costs nothing until it is used
 *
 * Recursion may be deep, so a quarter of the memory is reserved (address space only; huge pages
 * below the first part, since touching memory is what deep recursion costs). Endless recursion
 * runs into the guard instead of the kernel's out-of-memory killer. The signal handler, on a
 * stack of its own, opens the upper part of the guard and lets the thread continue in
 * `report_overflow`, as if the faulting instruction had called it; so the report is ordinary
 * code, and the backtrace begins with the function that recursed. The stack cannot be unwound (a
 * landing pad needs room too): the run ends at once and the heap goes as a whole.
 *
 * A fault of Kea code at another address (raw memory misused) is a panic too. All other faults
 * belong to whoever had the handler before us: .NET uses SIGSEGV in its own code.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define GUARD_BYTES ((size_t)1 << 20)
#define REPORT_BYTES ((size_t)512 << 10)
#define STACK_MIN ((size_t)64 << 20)
#define STACK_MAX ((size_t)2 << 30)
#define SMALL_PAGES_BYTES ((size_t)4 << 20)
#define HUGE_PAGE ((size_t)2 << 20)

static _Thread_local struct kea_run *current_run __attribute__((tls_model("initial-exec")));
static struct sigaction previous_segv, previous_bus;
static pthread_once_t handler_once = PTHREAD_ONCE_INIT;

/* The memory that a process here may use: the machine's, or its control group's if less. */
static size_t usable_memory(void)
{
    size_t bytes = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    int fd = open("/sys/fs/cgroup/memory.max", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return bytes;
    char digits[32];
    ssize_t count = read(fd, digits, sizeof digits);
    close(fd);
    size_t limit = 0;
    for (ssize_t i = 0; i < count && digits[i] >= '0' && digits[i] <= '9'; i++)
        limit = limit * 10 + (size_t)(digits[i] - '0');
    return limit > 0 && limit < bytes ? limit : bytes; /* "max" has no digits. */
}

static size_t stack_bytes(void)
{
    size_t bytes = usable_memory() / 4;
    bytes = bytes < STACK_MIN ? STACK_MIN : bytes > STACK_MAX ? STACK_MAX : bytes;
    return bytes & ~(HUGE_PAGE - 1);
}

/* Ends a run whose stack has no room left. Entered by the handler as if it had been called. */
__attribute__((noinline, force_align_arg_pointer)) static void report_overflow(void)
{
    keaint_panic_at_once(&current_run->context, "stack overflow");
}

__attribute__((noinline, force_align_arg_pointer)) static void report_bad_access(void)
{
    keaint_panic_at_once(&current_run->context, "invalid memory access");
}

/* Lets the interrupted code continue in `function`, with a return address into itself. */
static void call_from(ucontext_t *at, void (*function)(void))
{
    greg_t *registers = at->uc_mcontext.gregs;
    registers[REG_RSP] -= 8;
    /* One more than the faulting address: who looks callers up subtracts one. */
    *(uintptr_t *)registers[REG_RSP] = (uintptr_t)registers[REG_RIP] + 1;
    registers[REG_RIP] = (greg_t)(uintptr_t)function;
}

static void pass_on(const struct sigaction *previous, int signal, siginfo_t *info, void *context)
{
    if ((previous->sa_flags & SA_SIGINFO) != 0) {
        previous->sa_sigaction(signal, info, context);
    } else if (previous->sa_handler == SIG_DFL || previous->sa_handler == SIG_IGN) {
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL); /* The fault happens again. */
    } else {
        previous->sa_handler(signal);
    }
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    struct kea_run *run = current_run;
    ucontext_t *at = context;
    char *address = info->si_addr;
    uintptr_t code = (uintptr_t)at->uc_mcontext.gregs[REG_RIP];
    if (run != NULL && address >= run->stack_low && address < run->guard_high && !run->overflowed) {
        run->overflowed = true;
        if (mprotect(run->guard_high - REPORT_BYTES, REPORT_BYTES, PROT_READ | PROT_WRITE) == 0) {
            /* A large frame may have its stack pointer deep in the guard: then begin at its top. */
            if ((char *)at->uc_mcontext.gregs[REG_RSP] < run->guard_high - REPORT_BYTES / 4)
                at->uc_mcontext.gregs[REG_RSP] = (greg_t)(uintptr_t)run->guard_high;
            call_from(at, report_overflow);
            return;
        }
    }
    char name[8];
    if (run != NULL && !run->ending && keaint_symbol_name(code, name, sizeof name)) {
        call_from(at, report_bad_access);
        return;
    }
    pass_on(signal == SIGSEGV ? &previous_segv : &previous_bus, signal, info, context);
}

static void install_handlers(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous_segv);
    sigaction(SIGBUS, &action, &previous_bus);
}

typedef struct started_thread {
    struct kea_run *run;
    void *(*body)(void *);
} started_thread;

static void *begin(void *argument)
{
    started_thread *thread = argument;
    struct kea_run *run = thread->run;
    stack_t before, own = {.ss_sp = run->signal_stack, .ss_size = sizeof run->signal_stack};
    sigaltstack(&own, &before);
    current_run = run;
    run->thread = pthread_self();
    run->context.stack_limit = run->guard_high;
    thread->body(run);
    current_run = NULL;
    sigaltstack(&before, NULL);
    return NULL;
}

static bool map_stack(struct kea_run *run)
{
    size_t bytes = stack_bytes();
    char *low;
    for (;; bytes /= 2) {
        low = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (low != MAP_FAILED)
            break;
        if (bytes <= STACK_MIN)
            return false;
    }
    run->stack_low = low;
    run->guard_high = low + GUARD_BYTES;
    run->stack_high = (char *)(((uintptr_t)low + bytes + HUGE_PAGE) & ~(HUGE_PAGE - 1));
    run->stack_mapped = bytes + HUGE_PAGE;
    madvise(low, (size_t)(run->stack_high - low) - SMALL_PAGES_BYTES, MADV_HUGEPAGE);
    return mprotect(low, GUARD_BYTES, PROT_NONE) == 0;
}

bool keaint_run_on_thread(struct kea_run *run, void *(*body)(void *))
{
    pthread_once(&handler_once, install_handlers);
    if (!map_stack(run))
        return false;
    started_thread thread = {run, body};
    pthread_attr_t attributes;
    pthread_t id;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, run->guard_high, (size_t)(run->stack_high - run->guard_high));
    bool started = pthread_create(&id, &attributes, begin, &thread) == 0;
    pthread_attr_destroy(&attributes);
    if (started)
        pthread_join(id, NULL);
    munmap(run->stack_low, run->stack_mapped);
    return started;
}
