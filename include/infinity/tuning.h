/// @file tuning.h
/// The table of tuning numbers as integer constants: INF_TUNE_AIR_MILLI_PER_S, … Units are in the table.
#ifndef INFINITY_TUNING_H
#define INFINITY_TUNING_H

#include "infinity/tables/tuning.inl"

enum InfTuning {
#define X(NAME, value, why) INF_TUNE_##NAME = (value),
    INF_TUNING_TABLE(X)
#undef X
};

#endif
