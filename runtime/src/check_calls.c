/* Checks of calls through slots, in code that was compiled with them. What does not fit is a fault of the compiler: the program
 * ends where it is, before the function has touched its arguments. Nothing is unwound, since nobody knows who owns them. */
#include "internal.h"

#define NAME_MAX_SHOWN 160

static void put_name(keaint_text *text, const char *name)
{
    int64_t length = 0;
    while (length < NAME_MAX_SHOWN && name[length] != 0)
        length++;
    keaint_put(text, "`");
    keaint_put_bytes(text, name, length);
    keaint_put(text, name[length] != 0 ? "...`" : "`");
}

static void put_fingerprint(keaint_text *text, uint64_t fingerprint)
{
    char digits[16];
    for (int i = 15; i >= 0; i--, fingerprint >>= 4)
        digits[i] = "0123456789abcdef"[fingerprint & 15];
    keaint_put_bytes(text, digits, sizeof digits);
}

static keaint_text of_call(const kea_call *call)
{
    keaint_text text = {.fd = -1};
    put_name(&text, call->caller);
    keaint_put(&text, " calls ");
    put_name(&text, call->callee);
    keaint_put(&text, " with the ABI fingerprint ");
    put_fingerprint(&text, call->fingerprint);
    keaint_put(&text, ", but its slot holds ");
    return text;
}

void kea_call_leaves(kea_context *ctx, const kea_call *call, const void *code)
{
    if (KEA_UNLIKELY(code == NULL)) {
        keaint_text text = of_call(call);
        keaint_put(&text, "nothing");
        keaint_compiler_fault(ctx, text.bytes, text.length);
    }
    ctx->call = call;
}

void kea_call_arrives(kea_context *ctx, uint64_t fingerprint, const char *name)
{
    const kea_call *call = ctx->call;
    ctx->call = NULL;
    if (KEA_UNLIKELY(call != NULL && call->fingerprint != fingerprint)) {
        keaint_text text = of_call(call);
        put_name(&text, name);
        keaint_put(&text, " with ");
        put_fingerprint(&text, fingerprint);
        keaint_compiler_fault(ctx, text.bytes, text.length);
    }
}
