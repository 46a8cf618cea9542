/// @file report.h
/// What became of a galaxy that lived without a server: one sample a day, from which report.json, report.md
/// and five plots are written.
#ifndef INFINITY_CLI_REPORT_H
#define INFINITY_CLI_REPORT_H

#include <infinity/world.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The price level, 1 being every good at its base price, that the economy is tuned to stay in once a galaxy of
/// thousands of minds has found its feet; in one of a few dozen most stations lack what nobody brings.
#define INF_REPORT_PRICE_LOW  0.75
#define INF_REPORT_PRICE_HIGH 1.50

/// The galaxy at the end of a day; counters count from the galaxy's beginning.
typedef struct InfReportDay {
    int64_t population;   ///< minds alive
    int64_t births, trades, units_mined, jumps, shots, discoveries;
    int64_t deaths[INF_CAUSES_MAX];
    int64_t income_credits[INF_TRADES_MAX];
    int64_t minted_credits[INF_REASONS_MAX], burned_credits[INF_REASONS_MAX];
    int64_t supply_credits;     ///< minted and not burned
    int64_t souls_credits;      ///< in the pockets and at the bank
    int64_t median_credits;     ///< half of the minds have less
    int64_t richest_tenth_permille; ///< share of souls_credits that the richest tenth has
    double price_level;
} InfReportDay;

typedef struct InfReport {
    uint64_t minds, days, seed, ticks;
    uint64_t ticks_checked;     ///< in how many of them the books were added up; all of them
    const char* broken;         ///< null: credits were conserved at each; else what did not add up
    uint64_t final_hash;
    double wall_seconds, cpu_seconds;
    InfReportDay* rows;         ///< [day_count + 1]; row 0 is the founding
    size_t day_count;
} InfReport;

/// Write report.json, report.md, population.svg, price_level.svg, money.svg, deaths.svg, income.svg into an
/// existing folder. @return false: out_path names the file that could not be written, errno tells why
bool inf_report_write(const InfReport* report, const char* folder, char* out_path, size_t out_path_bytes);
/// The object of report.json; json_decref it. (json_t)
struct json_t* inf_report_json(const InfReport* report);

#endif
