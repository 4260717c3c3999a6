/* What libunwind, built for glibc, asks for and musl does not have: the checked fprintf that it
 * would report its own errors with. */
#include <stdarg.h>
#include <stdio.h>

int __fprintf_chk(FILE *file, int level, const char *format, ...);

int __fprintf_chk(FILE *file, int level, const char *format, ...)
{
    (void)file;
    (void)level;
    (void)format;
    return 0;
}
