#define _GNU_SOURCE
#include "check.h"

#include <sys/mman.h>
#include <unistd.h>

static const uint32_t cons_refs[] = {16}, tree_refs[] = {8, 16}, element_ref[] = {0}, capture_ref[] = {24}, flagged_ref[] = {8};

const kea_layout test_layouts[LAYOUT_COUNT] = {
    [LAYOUT_STRING] = {16, KEA_KIND_STRING, 0, NULL, "String"},
    [LAYOUT_CONS] = {24, KEA_KIND_FIELDS, 1, cons_refs, "List(Int).Cons"},
    [LAYOUT_TREE] = {24, KEA_KIND_FIELDS, 2, tree_refs, "Tree"},
    [LAYOUT_INTS] = {8, KEA_KIND_VECTOR, 0, NULL, "Vector(Int)"},
    [LAYOUT_REFS] = {8, KEA_KIND_VECTOR, 1, element_ref, "Vector(Cons)"},
    [LAYOUT_CLOSURE] = {32, KEA_KIND_CLOSURE, 1, capture_ref, "closure"},
    [LAYOUT_FLAGGED] = {24, KEA_KIND_FIELDS, 1, flagged_ref, "Flagged"},
    [LAYOUT_FLAGS] = {16, KEA_KIND_VECTOR, 1, element_ref, "Vector(Flag)"},
};

static char *take_text(int fd)
{
    off_t length = lseek(fd, 0, SEEK_END);
    char *text = malloc((size_t)length + 1);
    CHECK(pread(fd, text, (size_t)length, 0) == length);
    text[length] = 0;
    close(fd);
    return text;
}

outcome run_program(int64_t (*entry)(kea_context *), const char *input, int32_t flags)
{
    int in = memfd_create("in", 0), out = memfd_create("out", 0), error = memfd_create("error", 0);
    CHECK(write(in, input, strlen(input)) == (ssize_t)strlen(input));
    lseek(in, 0, SEEK_SET);
    static const char *const arguments[] = {"one", "zw\xC3\xB6lf", "bad\xFF"};
    kea_run_options options = {
        .program = {entry, test_layouts, LAYOUT_COUNT},
        .argument_count = 3,
        .arguments = arguments,
        .in_fd = in,
        .out_fd = out,
        .error_fd = error,
        .flags = flags | KEA_RUN_CHECK_LEAKS,
    };
    outcome o;
    o.status = kea_run(&options, &o.result);
    close(in);
    o.out = take_text(out);
    o.error = take_text(error);
    return o;
}

void outcome_free(outcome *o)
{
    free(o->out);
    free(o->error);
}

void run_body(int64_t (*entry)(kea_context *))
{
    outcome o = run_program(entry, "", 0);
    if (o.status != 0 || o.error[0] != 0)
        fprintf(stderr, "status %d\n%s", (int)o.status, o.error);
    CHECK(o.status == 0 && o.error[0] == 0);
    outcome_free(&o);
}
