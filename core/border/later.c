// Inputs whose rules are not in this version: refused as unknown.
#include "border/border.h"

#define UNKNOWN(Name)                                                                                   \
    InfResult inf_apply_##Name(InfWorld* world, const InfInput##Name* input)                            \
    {                                                                                                   \
        (void)world;                                                                                    \
        (void)input;                                                                                    \
        return INF_ERROR_UNKNOWN;                                                                       \
    }
UNKNOWN(Ask)
UNKNOWN(Consent)
UNKNOWN(Bind)
UNKNOWN(Record)
UNKNOWN(Copy)
UNKNOWN(Merge)
UNKNOWN(Depart)
UNKNOWN(Arrive)
UNKNOWN(Settle)
UNKNOWN(Refuse)
UNKNOWN(Claim)
