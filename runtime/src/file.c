/* Files, folders and the environment.
 *
 * A file is text only if all of it is UTF-8. Its bytes are read straight into the string. A file
 * is written under its own name, not replaced by renaming, so that links and permissions stay.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_file(struct kea_run *run, kea_string *path, int flags)
{
    if (keaint_find_byte(path->bytes, path->length, 0) >= 0) {
        errno = EINVAL; /* The system would see a shorter name. */
        return -1;
    }
    int fd;
    do
        fd = open(path->bytes, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR && !keaint_is_interrupted(run));
    return fd;
}

/* All of a file as a string that nobody else has, or null with *error set. */
static kea_string *read_all(kea_context *ctx, int fd, int *error)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        *error = errno;
        return NULL;
    }
    /* One byte more than the size, so that the end is seen without growing. */
    int64_t room = status.st_size > 0 ? status.st_size + 1 : 65536;
    kea_string *s = kea_string_with_capacity(ctx, room);
    for (;;) {
        if (s->length == room) {
            room *= 2;
            s = keaint_grow(ctx, s, sizeof *s + (size_t)s->length, sizeof *s + (size_t)room + 1);
        }
        ssize_t count = read(fd, s->bytes + s->length, (size_t)(room - s->length));
        if (count == 0)
            break;
        if (count > 0) {
            s->length += count;
        } else if (errno != EINTR || keaint_is_interrupted(ctx->run)) {
            *error = errno;
            kea_drop_inline(ctx, &s->object);
            return NULL;
        }
    }
    keaint_string_set_length(s, s->length);
    return s;
}

/* The text of a file, or null with *error set. */
static kea_string *read_text(kea_context *ctx, kea_string *path, int *error)
{
    int fd = open_file(ctx->run, path, O_RDONLY);
    if (fd < 0) {
        *error = errno;
        return NULL;
    }
    kea_string *s = read_all(ctx, fd, error);
    close(fd);
    if (s != NULL && keaint_utf8_valid_prefix(s->bytes, s->length) != s->length) {
        *error = EILSEQ;
        kea_drop_inline(ctx, &s->object);
        return NULL;
    }
    return s;
}

/* 0 or an errno. */
static int write_text(struct kea_run *run, kea_string *path, kea_string *data)
{
    int fd = open_file(run, path, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0)
        return errno;
    int error = keaint_write_of_run(run, fd, data->bytes, data->length);
    if (close(fd) != 0 && error == 0 && errno != EINTR)
        error = errno;
    return error;
}

kea_string *kea_io_read_file(kea_context *ctx, kea_string *path)
{
    int error;
    kea_string *s = read_text(ctx, path, &error);
    return s != NULL ? s : KEAINT_EMPTY;
}

int64_t kea_io_write_file(kea_context *ctx, kea_string *path, kea_string *data)
{
    return write_text(ctx->run, path, data) == 0 ? 0 : -1;
}

kea_string *kea_io_try_read(kea_context *ctx, kea_string *path)
{
    int error = 0;
    kea_string *s = read_text(ctx, path, &error);
    ctx->run->last_error = s != NULL ? NULL : keaint_error_text(ctx->run, error);
    return s != NULL ? s : KEAINT_EMPTY;
}

bool kea_io_try_write(kea_context *ctx, kea_string *path, kea_string *data)
{
    int error = write_text(ctx->run, path, data);
    ctx->run->last_error = error == 0 ? NULL : keaint_error_text(ctx->run, error);
    return error == 0;
}

kea_string *kea_io_last_error(kea_context *ctx)
{
    return kea_string_from_c_str(ctx, ctx->run->last_error);
}

bool kea_io_file_exists(kea_context *ctx, kea_string *path)
{
    (void)ctx;
    return keaint_find_byte(path->bytes, path->length, 0) < 0 && access(path->bytes, F_OK) == 0;
}

kea_string *kea_io_env_var(kea_context *ctx, kea_string *name)
{
    const char *value = getenv(name->bytes);
    return value == NULL ? KEAINT_EMPTY : keaint_string_lossy(ctx, value, (int64_t)strlen(value));
}

int64_t kea_io_mkdir(kea_context *ctx, kea_string *path)
{
    (void)ctx;
    char part[4096];
    if (path->length == 0 || path->length >= (int64_t)sizeof part || keaint_find_byte(path->bytes, path->length, 0) >= 0)
        return -1;
    for (int64_t i = 0; i < path->length; i++) {
        part[i] = path->bytes[i];
        if (path->bytes[i] == '/' && i > 0) {
            part[i] = 0;
            mkdir(part, 0777); /* What exists is fine; what fails shows in the last step. */
            part[i] = '/';
        }
    }
    if (mkdir(path->bytes, 0777) == 0)
        return 0;
    struct stat status;
    return errno == EEXIST && stat(path->bytes, &status) == 0 && S_ISDIR(status.st_mode) ? 0 : -1;
}
