// Sentences for what is wrong; see fault.h.
#include "souls/fault.h"

#include <stdarg.h>
#include <stdio.h>

const char* inf_souls_fault_text(InfSoulsFault fault)
{
    switch (fault) {
#define X(number, NAME, text)                                                                           \
    case INF_SOULS_##NAME: return text;
        INF_SOULS_FAULTS(X)
#undef X
    }
    return "unknown";
}

bool inf_souls_fail(InfSoulsError* error, InfSoulsFault fault, const char* format, ...)
{
    if (error == NULL || error->fault != INF_SOULS_OK) return false;
    error->fault = fault;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->where, sizeof error->where, format, arguments);
    va_end(arguments);
    return false;
}

const char* inf_souls_error_text(const InfSoulsError* error, char* out, size_t out_bytes)
{
    snprintf(out, out_bytes, "%s%s%s", error->where, error->where[0] != '\0' ? ": " : "",
             inf_souls_fault_text(error->fault));
    return out;
}
