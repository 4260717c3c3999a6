/* Memory behind `Ptr`: the C library's, so that foreign code may take it over. */
#include "internal.h"

#include <stdlib.h>

int64_t kea_sys_malloc(kea_context *ctx, int64_t bytes)
{
    (void)ctx;
    return bytes < 0 ? 0 : (int64_t)(intptr_t)malloc((size_t)bytes);
}

void kea_sys_free(kea_context *ctx, int64_t address)
{
    (void)ctx;
    free((void *)(intptr_t)address);
}

void *kea_ptr_alloc(kea_context *ctx, int64_t count, int64_t element_bytes)
{
    size_t bytes;
    if (count < 0 || __builtin_mul_overflow((size_t)count, (size_t)element_bytes, &bytes))
        keaint_out_of_memory(ctx);
    void *memory = malloc(bytes == 0 ? 1 : bytes);
    if (memory == NULL)
        keaint_out_of_memory(ctx);
    return memory;
}

void kea_ptr_free(kea_context *ctx, void *address)
{
    (void)ctx;
    free(address);
}
