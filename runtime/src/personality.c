/* The personality of Kea functions: finds the landing pad for a call that is being unwound.
 *
 * A function with landing pads has a language-specific data area; after a short header it lists
 * ranges of code with the pad that belongs to each:
 *
 *     | start of pads: encoding (omitted) | types: encoding (, offset) | call sites: encoding, size |
 *     | range start | range length | pad or 0 | action |   repeated, by range start
 *
 * All our pads are clean-ups, so types and actions are passed over, and a pad is entered only in
 * the second phase. The format is that of the Itanium C++ ABI's exception tables.
 */
#include "internal.h"

enum { ENCODING_OMIT = 0xFF, FORMAT_ULEB = 0x01, FORMAT_U32 = 0x03, FORMAT_ABSOLUTE = 0x00 };

static uintptr_t read_uleb(const uint8_t **at)
{
    uintptr_t value = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uintptr_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0)
            return value;
    }
}

static uintptr_t read_bytes(const uint8_t **at, int count)
{
    uintptr_t value = 0;
    for (int i = 0; i < count; i++)
        value |= (uintptr_t)*(*at)++ << 8 * i;
    return value;
}

/* A value in one of the formats that LLVM writes for call sites; others do not occur. */
static bool read_encoded(const uint8_t **at, uint8_t encoding, uintptr_t *value)
{
    switch (encoding) {
    case FORMAT_ULEB: *value = read_uleb(at); return true;
    case FORMAT_U32: *value = read_bytes(at, 4); return true;
    case FORMAT_ABSOLUTE: *value = read_bytes(at, 8); return true;
    default: return false;
    }
}

/* The landing pad for a code address, relative to the function, or 0. */
static uintptr_t find_pad(const uint8_t *at, uintptr_t offset)
{
    if (*at++ != ENCODING_OMIT) /* Pads relative to another address than the function's. */
        return 0;
    if (*at++ != ENCODING_OMIT)
        read_uleb(&at);
    uint8_t encoding = *at++;
    uintptr_t size = read_uleb(&at);
    for (const uint8_t *end = at + size; at < end;) {
        uintptr_t start, length, pad;
        if (!read_encoded(&at, encoding, &start) || !read_encoded(&at, encoding, &length) || !read_encoded(&at, encoding, &pad))
            return 0;
        read_uleb(&at);
        if (offset < start)
            return 0;
        if (offset < start + length)
            return pad;
    }
    return 0;
}

int kea_personality(int version, int actions, uint64_t exception_class, void *exception, void *unwind_context)
{
    struct _Unwind_Context *context = unwind_context;
    (void)exception_class;
    if (version != 1)
        return _URC_FATAL_PHASE1_ERROR;
    if ((actions & _UA_SEARCH_PHASE) != 0)
        return _URC_CONTINUE_UNWIND;
    const uint8_t *area = (const uint8_t *)_Unwind_GetLanguageSpecificData(context);
    if (area == NULL)
        return _URC_CONTINUE_UNWIND;
    uintptr_t function = _Unwind_GetRegionStart(context);
    uintptr_t pad = find_pad(area, _Unwind_GetIP(context) - 1 - function);
    if (pad == 0)
        return _URC_CONTINUE_UNWIND;
    _Unwind_SetGR(context, __builtin_eh_return_data_regno(0), (uintptr_t)exception);
    _Unwind_SetGR(context, __builtin_eh_return_data_regno(1), 0);
    _Unwind_SetIP(context, function + pad);
    return _URC_INSTALL_CONTEXT;
}
