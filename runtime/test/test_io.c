/* Output that arrives, input that ends, files that cannot be, and clocks that go forward. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static void print(kea_context *ctx, const char *text)
{
    kea_string *s = str(ctx, text);
    kea_io_stdout(ctx, s);
    kea_drop(ctx, s);
}

static int64_t much_output(kea_context *ctx)
{
    for (int i = 0; i < 50000; i++)
        print(ctx, "0123456789\n");
    kea_string *large = str(ctx, "z");
    kea_string *repeated = kea_text_repeat(ctx, large, 200000);
    kea_io_stdout(ctx, repeated);
    print(ctx, "end");
    kea_drop(ctx, large);
    kea_drop(ctx, repeated);
    return 3;
}

static int64_t input_lines(kea_context *ctx)
{
    for (;;) {
        kea_string *line = kea_io_read_line(ctx);
        bool end = kea_io_at_end(ctx);
        if (!end) {
            print(ctx, "[");
            kea_io_stdout(ctx, line);
            print(ctx, "]");
        }
        kea_drop(ctx, line);
        if (end)
            return 0;
    }
}

static int64_t arguments(kea_context *ctx)
{
    CHECK(kea_io_arg_count(ctx) == 3);
    for (int64_t i = -1; i < 4; i++) {
        kea_string *s = kea_io_arg(ctx, i);
        CHECK(is_text(s, i == 0 ? "one" : i == 1 ? "zw\xC3\xB6lf" : i == 2 ? "bad\xEF\xBF\xBD" : ""));
        kea_drop(ctx, s);
    }
    setenv("KEA_TEST_VARIABLE", "value", 1);
    kea_string *name = str(ctx, "KEA_TEST_VARIABLE"), *value = kea_io_env_var(ctx, name);
    CHECK(is_text(value, "value"));
    kea_drop(ctx, name);
    kea_drop(ctx, value);
    return 0;
}

static char folder[] = "/tmp/kea-test-XXXXXX";

static kea_string *path_of(kea_context *ctx, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return str(ctx, path);
}

static void expect_error(kea_context *ctx, const char *text)
{
    kea_string *error = kea_io_last_error(ctx);
    if (!is_text(error, text))
        fprintf(stderr, "got '%s'\n", error->bytes);
    CHECK(is_text(error, text));
    kea_drop(ctx, error);
}

static void expect_read(kea_context *ctx, kea_string *path, const char *content, const char *error)
{
    kea_string *read = kea_io_read_file(ctx, path);
    CHECK(is_text(read, content));
    kea_drop(ctx, read);
    read = kea_io_try_read(ctx, path);
    CHECK(is_text(read, content));
    kea_drop(ctx, read);
    expect_error(ctx, error);
}

static int64_t files(kea_context *ctx)
{
    kea_string *file = path_of(ctx, "a.txt"), *missing = path_of(ctx, "no/such"), *here = path_of(ctx, ".");
    kea_string *content = str(ctx, "first\nzw\xC3\xB6lf\n"), *invalid = str(ctx, "bad \xC3(");
    CHECK(kea_io_write_file(ctx, file, content) == 0 && kea_io_file_exists(ctx, file));
    expect_read(ctx, file, content->bytes, "");
    CHECK(kea_io_write_file(ctx, file, invalid) == 0);
    expect_read(ctx, file, "", "not valid UTF-8");
    CHECK(kea_io_try_write(ctx, file, content));
    expect_error(ctx, "");
    expect_read(ctx, missing, "", "No such file or directory");
    expect_read(ctx, here, "", "Is a directory");
    CHECK(!kea_io_try_write(ctx, missing, content));
    expect_error(ctx, "No such file or directory");
    CHECK(!kea_io_try_write(ctx, here, content) && kea_io_write_file(ctx, here, content) == -1);
    CHECK(!kea_io_file_exists(ctx, missing) && kea_io_file_exists(ctx, here));
    kea_string *full = str(ctx, "/dev/full");
    CHECK(!kea_io_try_write(ctx, full, content));
    expect_error(ctx, "No space left on device");
    kea_string *process = str(ctx, "/proc/self/status"); /* a file that does not say its size */
    kea_string *status = kea_io_read_file(ctx, process);
    CHECK(strstr(status->bytes, "VmSize") != NULL);

    kea_string *deep = path_of(ctx, "x/y//z/"), *under_file = path_of(ctx, "a.txt/b");
    CHECK(kea_io_mkdir(ctx, deep) == 0 && kea_io_mkdir(ctx, deep) == 0 && kea_io_file_exists(ctx, deep));
    CHECK(kea_io_mkdir(ctx, under_file) == -1 && kea_io_mkdir(ctx, file) == -1);
    kea_string *cut = kea_string_from_bytes(ctx, "/tmp\0x", 6);
    CHECK(!kea_io_file_exists(ctx, cut) && kea_io_mkdir(ctx, cut) == -1);
    kea_string *all[] = {file, missing, here, content, invalid, full, process, status, deep, under_file, cut};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        kea_drop(ctx, all[i]);
    return 0;
}

static int64_t clocks(kea_context *ctx)
{
    CHECK(kea_clock_now(ctx) > 1600000000);
    int64_t start = kea_clock_monotonic(ctx), last = start;
    CHECK(start > 0);
    for (int i = 0; i < 1000; i++) {
        int64_t now = kea_clock_monotonic(ctx);
        CHECK(now >= last);
        last = now;
    }
    kea_clock_sleep(ctx, 30);
    CHECK(kea_clock_monotonic(ctx) - start >= 30000000);
    kea_clock_sleep(ctx, 0);
    kea_clock_sleep(ctx, -5);
    return 0;
}

static int64_t random_numbers(kea_context *ctx)
{
    int64_t first[5];
    CHECK(kea_rand_int(ctx) >= 0);
    kea_rand_seed(ctx, 42);
    for (int i = 0; i < 5; i++)
        first[i] = kea_rand_int(ctx);
    CHECK(first[0] != first[1]);
    kea_rand_seed(ctx, 42);
    for (int i = 0; i < 5; i++)
        CHECK(kea_rand_int(ctx) == first[i]);
    /* The published sequence of splitmix64 and xoshiro256** for this seed. */
    CHECK(first[0] == (int64_t)(UINT64_C(1546998764402558742) >> 1));
    int bits[63] = {0};
    for (int i = 0; i < 10000; i++) {
        int64_t x = kea_rand_int(ctx);
        CHECK(x >= 0);
        for (int b = 0; b < 63; b++)
            bits[b] += x >> b & 1;
    }
    for (int b = 0; b < 63; b++)
        CHECK(bits[b] > 4700 && bits[b] < 5300);
    return 0;
}

static int64_t run_to(int64_t (*entry)(kea_context *), int out_fd, char *error, size_t error_size)
{
    int error_pipe[2];
    CHECK(pipe(error_pipe) == 0);
    kea_run_options options = {.program = {entry, test_layouts, LAYOUT_COUNT}, .out_fd = out_fd, .error_fd = error_pipe[1], .in_fd = -1};
    int64_t status = kea_run(&options, NULL);
    close(error_pipe[1]);
    ssize_t length = read(error_pipe[0], error, error_size - 1);
    error[length < 0 ? 0 : length] = 0;
    close(error_pipe[0]);
    return status;
}

static int64_t little_output(kea_context *ctx)
{
    print(ctx, "x");
    return 0;
}

static void broken_outputs(void)
{
    char error[500];
    int full = open("/dev/full", O_WRONLY);
    CHECK(run_to(much_output, full, error, sizeof error) == 1);
    CHECK(strcmp(error, "error: cannot write output: No space left on device\n") == 0);
    CHECK(run_to(little_output, full, error, sizeof error) == 1); /* fails only at the end */
    close(full);
    int broken[2];
    CHECK(pipe(broken) == 0);
    close(broken[0]);
    CHECK(run_to(much_output, broken[1], error, sizeof error) == KEA_STATUS_BROKEN_PIPE && error[0] == 0);
    CHECK(run_to(little_output, broken[1], error, sizeof error) == KEA_STATUS_BROKEN_PIPE && error[0] == 0);
    close(broken[1]);
}

static int64_t shows_before_sleep(kea_context *ctx)
{
    print(ctx, "visible");
    kea_clock_sleep(ctx, 1);
    struct stat status;
    CHECK(fstat(ctx->run->out_fd, &status) == 0 && status.st_size == 7);
    return 0;
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    outcome o = run_program(much_output, "", 0);
    CHECK(o.status == 3 && strlen(o.out) == 50000 * 11 + 200000 + 3);
    CHECK(strncmp(o.out + 49999 * 11, "0123456789\nzzz", 14) == 0 && strcmp(o.out + 750000, "end") == 0);
    outcome_free(&o);

    o = run_program(input_lines, "one\n\nzw\xC3\xB6lf\r\nbad\xFF\nlast", 0);
    CHECK(o.status == 0 && strcmp(o.out, "[one][][zw\xC3\xB6lf\r][bad\xEF\xBF\xBD][last]") == 0);
    outcome_free(&o);

    static char lines[300001];
    for (int i = 0; i < 300000; i++)
        lines[i] = i % 100000 == 99999 ? '\n' : 'a'; /* longer than the buffer */
    o = run_program(input_lines, lines, 0);
    CHECK(o.status == 0 && strlen(o.out) == 300000 + 3);
    outcome_free(&o);

    run_body(arguments);
    CHECK(mkdtemp(folder) != NULL);
    run_body(files);
    run_body(clocks);
    run_body(random_numbers);
    broken_outputs();
    o = run_program(shows_before_sleep, "", 0);
    CHECK(o.status == 0);
    outcome_free(&o);

    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 ? 0 : 1;
}
