/* The texts of system errors. Own ones, since C libraries differ and programs print them. */
#include "internal.h"

#include <errno.h>
#include <string.h>

static const char *known_text(int error)
{
    switch (error) {
    case ENOENT: return "No such file or directory";
    case EACCES: return "Permission denied";
    case EPERM: return "Operation not permitted";
    case EISDIR: return "Is a directory";
    case ENOTDIR: return "Not a directory";
    case EEXIST: return "File exists";
    case ENOSPC: return "No space left on device";
    case EDQUOT: return "Disk quota exceeded";
    case EROFS: return "Read-only file system";
    case EIO: return "Input/output error";
    case EPIPE: return "Broken pipe";
    case EFBIG: return "File too large";
    case EINVAL: return "Invalid argument";
    case EMFILE: return "Too many open files";
    case ENFILE: return "Too many open files in system";
    case ENAMETOOLONG: return "File name too long";
    case ELOOP: return "Too many levels of symbolic links";
    case ETXTBSY: return "Text file busy";
    case EBUSY: return "Device or resource busy";
    case EBADF: return "Bad file descriptor";
    case ENXIO: return "No such device or address";
    case ENODEV: return "No such device";
    case EILSEQ: return "not valid UTF-8";
    default: return NULL;
    }
}

const char *keaint_error_text(struct kea_run *run, int error)
{
    const char *text = known_text(error);
    if (text != NULL)
        return text;
    memcpy(run->error_text, "System error ", 13);
    run->error_text[13 + keaint_write_int(run->error_text + 13, error)] = 0;
    return run->error_text;
}
