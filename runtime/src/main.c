/* `main` of a static executable. The program's object defines `kea_main_program`. */
#define _GNU_SOURCE
#include "internal.h"

#include <signal.h>
#include <unistd.h>

extern const kea_program kea_main_program;

int kea_start(int argc, char **argv, const kea_program *program)
{
    signal(SIGPIPE, SIG_IGN); /* Broken pipes come back as errors, as they do under .NET. */
    kea_run_options options = {
        .program = *program,
        .argument_count = argc > 0 ? argc - 1 : 0,
        .arguments = (const char *const *)(argv + 1),
        .in_fd = STDIN_FILENO,
        .out_fd = STDOUT_FILENO,
        .error_fd = STDERR_FILENO,
        .flags = KEA_RUN_OWNS_PROCESS,
    };
    return (int)kea_run(&options, NULL);
}

int main(int argc, char **argv)
{
    return kea_start(argc, argv, &kea_main_program);
}
