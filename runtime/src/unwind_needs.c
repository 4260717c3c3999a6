/* What LLVM's libunwind wants from its surroundings, for static executables only.
 *
 * Its archive was made for glibc, and for reporting its own errors with printf; in a static
 * executable that would cost 25 KB for messages that nobody reads. The build renames those
 * references (see CMakeLists.txt), and this file answers them: nothing is printed, no shared
 * library exists, no variable is set. Memory is asked for only when the cache of frame
 * descriptions grows, which nothing but loaded libraries causes. */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

int keaint_unwind_print(void);
int keaint_unwind_find(void);
void *keaint_unwind_null(void);
void *keaint_unwind_malloc(size_t bytes);
void keaint_unwind_free(void *memory);
_Noreturn void keaint_unwind_assert(void);
extern void *keaint_unwind_stderr;

void *keaint_unwind_stderr;

/* fprintf, snprintf, fwrite, fflush */
int keaint_unwind_print(void)
{
    return 0;
}

/* dladdr */
int keaint_unwind_find(void)
{
    return 0;
}

/* dlsym, getenv */
void *keaint_unwind_null(void)
{
    return NULL;
}

void *keaint_unwind_malloc(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void keaint_unwind_free(void *memory)
{
    (void)memory; /* Grows a few times at most. */
}

void keaint_unwind_assert(void)
{
    abort();
}
