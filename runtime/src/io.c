/* Standard output, error output and standard input.
 *
 * Output is collected and written when the buffer is full, at the end of the run, before a panic
 * is reported, before a sleep and before a line is read; on a terminal also after each write that
 * ends a line. A write that the system cuts short or interrupts is continued, unless the run is
 * interrupted: then what the reader does not take is left out. When nobody reads
 * any more the program ends quietly, with the status that a shell shows for SIGPIPE; when the
 * disk is full it ends with a message and status 1.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* `run` may be null. */
static int write_bytes(struct kea_run *run, int fd, const char *bytes, int64_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, (size_t)length);
        if (written >= 0) {
            bytes += written;
            length -= written;
        } else if (errno != EAGAIN && errno != EINTR) {
            return errno;
        } else if (run != NULL && keaint_is_interrupted(run)) {
            return 0;
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        }
    }
    return 0;
}

int keaint_write_all(int fd, const char *bytes, int64_t length)
{
    return write_bytes(NULL, fd, bytes, length);
}

int keaint_write_of_run(struct kea_run *run, int fd, const char *bytes, int64_t length)
{
    return write_bytes(run, fd, bytes, length);
}

static void write_failed(struct kea_run *run, int error)
{
    int status = KEA_STATUS_BROKEN_PIPE;
    if (error != EPIPE) {
        keaint_text text = {.fd = run->error_fd};
        keaint_put(&text, "error: cannot write output: ");
        keaint_put(&text, keaint_error_text(run, error));
        keaint_put(&text, "\n");
        keaint_put_flush(&text);
        status = 1;
    }
    if (!run->ending)
        keaint_end_run(run, status);
    if (run->status == 0)
        run->status = status;
}

/* Returns 0 or an errno. Under the lock. */
static int empty_buffer(struct kea_run *run)
{
    int64_t length = run->out_length;
    run->out_length = 0;
    return length > 0 ? keaint_write_of_run(run, run->out_fd, run->out, length) : 0;
}

void keaint_flush(struct kea_run *run)
{
    keaint_output_lock(run);
    int error = empty_buffer(run);
    keaint_output_unlock(run);
    if (error != 0)
        write_failed(run, error);
}

static bool ends_line_on_terminal(struct kea_run *run, const kea_string *text)
{
    if (run->out_line_buffered < 0)
        run->out_line_buffered = isatty(run->out_fd);
    return run->out_line_buffered && keaint_find_byte(text->bytes, text->length, '\n') >= 0;
}

void kea_io_stdout(kea_context *ctx, kea_string *text)
{
    struct kea_run *run = ctx->run;
    int error = 0;
    keaint_output_lock(run);
    if (text->length > KEAINT_OUT_BYTES - run->out_length)
        error = empty_buffer(run);
    if (error == 0 && text->length >= KEAINT_OUT_BYTES) {
        error = keaint_write_of_run(run, run->out_fd, text->bytes, text->length);
    } else if (error == 0) {
        memcpy(run->out + run->out_length, text->bytes, (size_t)text->length);
        run->out_length += text->length;
        if (ends_line_on_terminal(run, text))
            error = empty_buffer(run);
    }
    keaint_output_unlock(run);
    if (error != 0)
        write_failed(run, error);
}

void kea_io_stderr(kea_context *ctx, kea_string *text)
{
    keaint_write_of_run(ctx->run, ctx->run->error_fd, text->bytes, text->length);
}

/* Fills the empty input buffer. False at the end, and on errors, which end the input too. */
static bool fill_input(struct kea_run *run)
{
    run->in_start = run->in_length = 0;
    const kea_live_hooks *live = run->options->live;
    if (live != NULL && !run->has_read) {
        run->has_read = true;
        run->in_length = live->reads(live->user, run->in, KEAINT_IN_BYTES);
        if (run->in_length > 0)
            return true;
    }
    for (;;) {
        ssize_t count = read(run->in_fd, run->in, KEAINT_IN_BYTES);
        if (count >= 0) {
            run->in_length = count;
            return count > 0;
        }
        if ((errno != EAGAIN && errno != EINTR) || keaint_is_interrupted(run))
            return false;
        if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = run->in_fd, .events = POLLIN}, 1, -1);
    }
}

/* Consumes both. */
static kea_string *join(kea_context *ctx, kea_string *a, kea_string *b)
{
    a = kea_string_concat(ctx, a, b);
    kea_drop_inline(ctx, &b->object);
    return a;
}

/* What is not UTF-8 is replaced once the line is whole, since a buffer may end in a code point. */
static kea_string *clean(kea_context *ctx, kea_string *line)
{
    if (keaint_utf8_valid_prefix(line->bytes, line->length) == line->length)
        return line;
    kea_string *valid = keaint_string_lossy(ctx, line->bytes, line->length);
    kea_drop_inline(ctx, &line->object);
    return valid;
}

kea_string *kea_io_read_line(kea_context *ctx)
{
    struct kea_run *run = ctx->run;
    if (run->in_start == run->in_length)
        keaint_flush(run);
    kea_string *line = KEAINT_EMPTY;
    run->at_end = true;
    for (;;) {
        if (run->in_start == run->in_length && !fill_input(run))
            return clean(ctx, line);
        run->at_end = false;
        const char *from = run->in + run->in_start;
        int64_t left = run->in_length - run->in_start;
        int64_t end = keaint_find_byte(from, left, '\n');
        line = join(ctx, line, keaint_string_of(ctx, from, end < 0 ? left : end));
        run->in_start += end < 0 ? left : end + 1;
        if (end >= 0)
            return clean(ctx, line);
    }
}

bool kea_io_at_end(kea_context *ctx)
{
    return ctx->run->at_end;
}

void kea_io_exit(kea_context *ctx, int64_t code)
{
    keaint_flush(ctx->run);
    keaint_end_run(ctx->run, (int)(code & 0xFF));
}

int64_t kea_io_arg_count(kea_context *ctx)
{
    return ctx->run->options->argument_count;
}

kea_string *kea_io_arg(kea_context *ctx, int64_t i)
{
    const kea_run_options *options = ctx->run->options;
    if (i < 0 || i >= options->argument_count)
        return KEAINT_EMPTY;
    return keaint_string_lossy(ctx, options->arguments[i], (int64_t)strlen(options->arguments[i]));
}
