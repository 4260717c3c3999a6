/* Lazy stubs: machine code that finds out what it stands for when it is first called.
 *
 *     code, read and execute                      cells, read and write
 *     0   ff 25 rel32      jmp *cell(%rip)        cell 0 ---> stub 0 + 8
 *     6   90 90                                   cell 1 ---> the code of function 1
 *     8   41 bb imm32      mov $index, %r11d
 *     14  90 90
 *     16  4c 8d 15 rel32   lea table(%rip), %r10
 *     23  90
 *     24  ff 25 rel32      jmp *enter(%rip)       the two words before the cells:
 *     30  90 90                                   the table's address is the cells', and `enter`
 *
 * `enter` (below, in assembly) saves all registers that can hold arguments in any of LLVM's
 * conventions, stack arguments stay where they are, and the callee sees the caller's return
 * address: to it, the stub was never there. r10 and r11 are nobody's at a call, save that r10
 * holds the chain of nested functions, which Kea does not have.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define STUB_BYTES 32
#define LAZY_OFFSET 8
#define PAGE 4096

/* What the code sees, at the start of its data pages. */
typedef struct stub_data {
    kea_stubs *stubs;
    void (*enter)(void);
    void *cells[];
} stub_data;

struct kea_stubs {
    unsigned char *code;
    stub_data *data;
    size_t code_bytes, mapped;
    int64_t count;
    kea_resolver resolver;
    void *user;
};

void keaint_stub_enter(void);
void *keaint_stub_resolve(kea_context *ctx, const stub_data *data, int64_t index);

/* rdi is the context, r10 the data, r11 the index; all else belongs to the callee. */
__asm__(
    ".text\n"
    ".p2align 4\n"
    ".hidden keaint_stub_enter\n"
    ".globl keaint_stub_enter\n"
    ".type keaint_stub_enter, @function\n"
    "keaint_stub_enter:\n"
    "    .cfi_startproc\n"
    "    push %rbp\n"
    "    .cfi_def_cfa_offset 16\n"
    "    .cfi_offset %rbp, -16\n"
    "    mov %rsp, %rbp\n"
    "    .cfi_def_cfa_register %rbp\n"
    "    push %rdi\n"
    "    push %rsi\n"
    "    push %rdx\n"
    "    push %rcx\n"
    "    push %r8\n"
    "    push %r9\n"
    "    push %rax\n"
    "    push %r12\n"
    "    push %r13\n"
    "    push %r14\n"
    "    and $-16, %rsp\n"
    "    sub $128, %rsp\n"
    "    movaps %xmm0, (%rsp)\n"
    "    movaps %xmm1, 16(%rsp)\n"
    "    movaps %xmm2, 32(%rsp)\n"
    "    movaps %xmm3, 48(%rsp)\n"
    "    movaps %xmm4, 64(%rsp)\n"
    "    movaps %xmm5, 80(%rsp)\n"
    "    movaps %xmm6, 96(%rsp)\n"
    "    movaps %xmm7, 112(%rsp)\n"
    "    mov %r10, %rsi\n"
    "    mov %r11, %rdx\n"
    "    call keaint_stub_resolve\n"
    "    mov %rax, %r11\n"
    "    movaps (%rsp), %xmm0\n"
    "    movaps 16(%rsp), %xmm1\n"
    "    movaps 32(%rsp), %xmm2\n"
    "    movaps 48(%rsp), %xmm3\n"
    "    movaps 64(%rsp), %xmm4\n"
    "    movaps 80(%rsp), %xmm5\n"
    "    movaps 96(%rsp), %xmm6\n"
    "    movaps 112(%rsp), %xmm7\n"
    "    mov -8(%rbp), %rdi\n"
    "    mov -16(%rbp), %rsi\n"
    "    mov -24(%rbp), %rdx\n"
    "    mov -32(%rbp), %rcx\n"
    "    mov -40(%rbp), %r8\n"
    "    mov -48(%rbp), %r9\n"
    "    mov -56(%rbp), %rax\n"
    "    mov -64(%rbp), %r12\n"
    "    mov -72(%rbp), %r13\n"
    "    mov -80(%rbp), %r14\n"
    "    leave\n"
    "    .cfi_def_cfa %rsp, 8\n"
    "    .cfi_restore %rbp\n"
    "    jmp *%r11\n"
    "    .cfi_endproc\n"
    ".size keaint_stub_enter, . - keaint_stub_enter\n");

/* Called by the assembly above. */
__attribute__((used, visibility("hidden"))) void *keaint_stub_resolve(kea_context *ctx, const stub_data *data, int64_t index)
{
    kea_stubs *stubs = data->stubs;
    void *code = stubs->resolver(stubs->user, ctx, index);
    kea_stubs_resolve(stubs, index, code);
    return code;
}

static void put_relative(unsigned char *at, const void *target)
{
    int32_t distance = (int32_t)((intptr_t)target - (intptr_t)(at + 4));
    memcpy(at, &distance, sizeof distance);
}

static void write_stub(unsigned char *stub, stub_data *data, int64_t index)
{
    static const unsigned char bytes[STUB_BYTES] = {0xFF, 0x25, 0, 0, 0, 0, 0x90, 0x90, 0x41, 0xBB, 0, 0, 0, 0, 0x90, 0x90,
        0x4C, 0x8D, 0x15, 0, 0, 0, 0, 0x90, 0xFF, 0x25, 0, 0, 0, 0, 0x90, 0x90};
    uint32_t number = (uint32_t)index;
    memcpy(stub, bytes, STUB_BYTES);
    put_relative(stub + 2, &data->cells[index]);
    memcpy(stub + 10, &number, sizeof number);
    put_relative(stub + 19, data);
    put_relative(stub + 26, &data->enter);
    data->cells[index] = stub + LAZY_OFFSET;
}

static size_t whole_pages(size_t bytes)
{
    return (bytes + PAGE - 1) & ~(size_t)(PAGE - 1);
}

kea_stubs *kea_stubs_new(int64_t count, kea_resolver resolver, void *user)
{
    if (count < 0 || count > INT32_MAX / 64) /* all distances fit 32 bits */
        return NULL;
    kea_stubs *stubs = malloc(sizeof *stubs);
    if (stubs == NULL)
        return NULL;
    size_t code_bytes = whole_pages((size_t)count * STUB_BYTES + 1);
    size_t mapped = code_bytes + whole_pages(sizeof(stub_data) + (size_t)count * sizeof(void *));
    unsigned char *code = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) {
        free(stubs);
        return NULL;
    }
    stub_data *data = (stub_data *)(void *)(code + code_bytes);
    *stubs = (kea_stubs){code, data, code_bytes, mapped, count, resolver, user};
    data->stubs = stubs;
    data->enter = keaint_stub_enter;
    for (int64_t i = 0; i < count; i++)
        write_stub(code + i * STUB_BYTES, data, i);
    if (mprotect(code, code_bytes, PROT_READ | PROT_EXEC) != 0) {
        kea_stubs_free(stubs);
        return NULL;
    }
    return stubs;
}

void kea_stubs_free(kea_stubs *stubs)
{
    munmap(stubs->code, stubs->mapped);
    free(stubs);
}

void *kea_stubs_address(const kea_stubs *stubs, int64_t index)
{
    return stubs->code + index * STUB_BYTES;
}

void kea_stubs_resolve(kea_stubs *stubs, int64_t index, const void *code)
{
    /* Pairs with the jump through the cell: who sees the address sees the code behind it. */
    __atomic_store_n(&stubs->data->cells[index], (void *)(uintptr_t)code, __ATOMIC_RELEASE);
}

void kea_stubs_reset(kea_stubs *stubs, int64_t index)
{
    kea_stubs_resolve(stubs, index, stubs->code + index * STUB_BYTES + LAZY_OFFSET);
}
