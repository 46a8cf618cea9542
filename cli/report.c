// The report of `infinity run`; see report.h. Everything said in report.md is worked out from the samples.
#include "report.h"
#include "plot.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD(number, name, word, text) [number] = word,
static const char* const cause_words[INF_CAUSES_MAX] = {INF_DEATH_CAUSES(WORD)};
static const char* const trade_words[INF_TRADES_MAX] = {INF_TRADES(WORD)};
static const char* const reason_words[INF_REASONS_MAX] = {INF_REASONS(WORD)};
#undef WORD

static int64_t total(const int64_t* values, size_t count) {
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += values[i];
    return sum;
}

static const InfReportDay* last(const InfReport* report) { return &report->rows[report->day_count]; }

// --- report.json

typedef int64_t Pick(const InfReportDay* day);
static int64_t pick_population(const InfReportDay* day) { return day->population; }
static int64_t pick_births(const InfReportDay* day) { return day->births; }
static int64_t pick_minted(const InfReportDay* day) { return total(day->minted_credits, INF_REASONS_MAX); }
static int64_t pick_burned(const InfReportDay* day) { return total(day->burned_credits, INF_REASONS_MAX); }
static int64_t pick_supply(const InfReportDay* day) { return day->supply_credits; }
static int64_t pick_median(const InfReportDay* day) { return day->median_credits; }
static int64_t pick_trades(const InfReportDay* day) { return day->trades; }
static int64_t pick_mined(const InfReportDay* day) { return day->units_mined; }
static int64_t pick_jumps(const InfReportDay* day) { return day->jumps; }
static int64_t pick_discoveries(const InfReportDay* day) { return day->discoveries; }

// One number a day: of a state the value at the day's end, of a counter what the day added.
static json_t* json_days(const InfReport* report, Pick* pick, bool is_counter) {
    json_t* list = json_array();
    for (size_t day = 1; day <= report->day_count; day++) {
        int64_t value = pick(&report->rows[day]) - (is_counter ? pick(&report->rows[day - 1]) : 0);
        json_array_append_new(list, json_integer(value));
    }
    return list;
}

static json_t* json_price_levels(const InfReport* report) {
    json_t* list = json_array();
    for (size_t day = 1; day <= report->day_count; day++) json_array_append_new(list, json_real(report->rows[day].price_level));
    return list;
}

// Counters by kind at `offset` in a row: kind -> what each day added, kinds that never happened left out.
static json_t* json_kinds_days(const InfReport* report, const char* const* words, size_t count, size_t offset) {
    json_t* object = json_object();
    for (size_t kind = 0; kind < count; kind++) {
        const int64_t* end = (const int64_t*)((const char*)last(report) + offset);
        if (words[kind] == NULL || end[kind] == 0) continue;
        json_t* list = json_array();
        for (size_t day = 1; day <= report->day_count; day++) {
            const int64_t* now = (const int64_t*)((const char*)&report->rows[day] + offset);
            const int64_t* before = (const int64_t*)((const char*)&report->rows[day - 1] + offset);
            json_array_append_new(list, json_integer(now[kind] - before[kind]));
        }
        json_object_set_new(object, words[kind], list);
    }
    return object;
}

static json_t* json_deaths(const InfReport* report) {
    json_t* object = json_object();
    for (size_t cause = 0; cause < INF_CAUSES_MAX; cause++) {
        if (cause_words[cause] != NULL && last(report)->deaths[cause] != 0) {
            json_object_set_new(object, cause_words[cause], json_integer(last(report)->deaths[cause]));
        }
    }
    return object;
}

static json_t* json_income_share(const InfReport* report) {
    json_t* object = json_object();
    int64_t sum = total(last(report)->income_credits, INF_TRADES_MAX);
    for (size_t trade = 0; trade < INF_TRADES_MAX; trade++) {
        int64_t credits = last(report)->income_credits[trade];
        if (trade_words[trade] == NULL || credits == 0 || sum == 0) continue;
        json_object_set_new(object, trade_words[trade], json_real((double)credits / (double)sum));
    }
    return object;
}

json_t* inf_report_json(const InfReport* report) {
    char hash[20];
    snprintf(hash, sizeof hash, "%016" PRIx64, report->final_hash);
    json_t* object = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:b, s:s, s:f, s:f}", "minds", (json_int_t)report->minds, "days",
        (json_int_t)report->day_count, "seed", (json_int_t)report->seed, "ticks", (json_int_t)report->ticks,
        "ticks_checked", (json_int_t)report->ticks_checked, "credits_conserved", report->broken == NULL,
        "final_hash", hash, "wall_seconds", report->wall_seconds, "cpu_seconds", report->cpu_seconds);
    if (object == NULL) return NULL;
    json_object_set_new(object, "population_start", json_integer(report->rows[0].population));
    json_object_set_new(object, "population", json_days(report, pick_population, false));
    json_object_set_new(object, "price_level", json_price_levels(report));
    json_object_set_new(object, "price_band", json_pack("[f, f]", INF_REPORT_PRICE_LOW, INF_REPORT_PRICE_HIGH));
    json_object_set_new(object, "minted", json_days(report, pick_minted, true));
    json_object_set_new(object, "burned", json_days(report, pick_burned, true));
    json_object_set_new(object, "deaths", json_deaths(report));
    json_object_set_new(object, "income_share", json_income_share(report));
    json_object_set_new(object, "births", json_days(report, pick_births, true));
    json_object_set_new(object, "supply_credits", json_days(report, pick_supply, false));
    json_object_set_new(object, "median_credits", json_days(report, pick_median, false));
    json_object_set_new(object, "trades", json_days(report, pick_trades, true));
    json_object_set_new(object, "units_mined", json_days(report, pick_mined, true));
    json_object_set_new(object, "jumps", json_days(report, pick_jumps, true));
    json_object_set_new(object, "discoveries", json_days(report, pick_discoveries, true));
    json_object_set_new(object, "deaths_per_day",
                        json_kinds_days(report, cause_words, INF_CAUSES_MAX, offsetof(InfReportDay, deaths)));
    json_object_set_new(object, "income_per_day",
                        json_kinds_days(report, trade_words, INF_TRADES_MAX, offsetof(InfReportDay, income_credits)));
    json_object_set_new(object, "minted_per_day",
                        json_kinds_days(report, reason_words, INF_REASONS_MAX, offsetof(InfReportDay, minted_credits)));
    json_object_set_new(object, "burned_per_day",
                        json_kinds_days(report, reason_words, INF_REASONS_MAX, offsetof(InfReportDay, burned_credits)));
    return object;
}

// --- report.md

typedef struct Share {
    const char* word;
    int64_t value;
} Share;

static int compare_shares(const void* left, const void* right) {
    int64_t l = ((const Share*)left)->value, r = ((const Share*)right)->value;
    return l < r ? 1 : l > r ? -1 : 0;
}

// The kinds by falling value, without empty ones. @return how many
static size_t shares_sort(const char* const* words, const int64_t* values, size_t count, Share* out) {
    size_t share_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (words[i] != NULL && values[i] != 0) out[share_count++] = (Share){words[i], values[i]};
    }
    qsort(out, share_count, sizeof *out, compare_shares);
    return share_count;
}

static void write_shares(FILE* file, const char* const* words, const int64_t* values, size_t count, const char* none) {
    Share shares[INF_REASONS_MAX];
    size_t share_count = shares_sort(words, values, count, shares);
    int64_t sum = total(values, count);
    char number[CLI_TEXT_BYTES];
    if (share_count == 0) fprintf(file, "%s", none);
    for (size_t i = 0; i < share_count; i++) {
        fprintf(file, "%s%s %s (%.1f %%)", i == 0 ? "" : ", ", shares[i].word, cli_text_count(number, shares[i].value),
                sum != 0 ? 100.0 * (double)shares[i].value / (double)sum : 0.0);
    }
}

// How two days' changes go together over the run, in [-1, 1]; NaN when one of them never changes.
static double correlation(const InfReport* report, Pick* left, bool left_counts, Pick* right, bool right_counts) {
    size_t count = report->day_count;
    double sum_l = 0, sum_r = 0, sum_ll = 0, sum_rr = 0, sum_lr = 0;
    for (size_t day = 1; day <= count; day++) {
        double l = (double)(left(&report->rows[day]) - (left_counts ? left(&report->rows[day - 1]) : 0));
        double r = (double)(right(&report->rows[day]) - (right_counts ? right(&report->rows[day - 1]) : 0));
        sum_l += l, sum_r += r, sum_ll += l * l, sum_rr += r * r, sum_lr += l * r;
    }
    double n = (double)count;
    double var_l = sum_ll - sum_l * sum_l / n, var_r = sum_rr - sum_r * sum_r / n;
    return var_l <= 0 || var_r <= 0 ? NAN : (sum_lr - sum_l * sum_r / n) / sqrt(var_l * var_r);
}

static int64_t pick_price(const InfReportDay* day) { return (int64_t)(day->price_level * 1e6); }

static void write_causes(FILE* file, const InfReport* report) {
    const InfReportDay *first = &report->rows[0], *end = last(report);
    char a[CLI_TEXT_BYTES], b[CLI_TEXT_BYTES];
    int64_t deaths = total(end->deaths, INF_CAUSES_MAX), births = end->births - first->births;
    double change = first->population > 0 ? 100.0 * (double)(end->population - first->population) / (double)first->population : 0;
    fprintf(file, "## Population\n%s minds at the founding, %s at the end (%+.1f %%): %" PRId64 " were born later, ",
            cli_text_count(a, first->population), cli_text_count(b, end->population), change, births);
    fprintf(file, "%s died. Deaths by cause: ", cli_text_count(a, deaths));
    write_shares(file, cause_words, end->deaths, INF_CAUSES_MAX, "none");
    Share causes[INF_CAUSES_MAX];
    size_t cause_count = shares_sort(cause_words, end->deaths, INF_CAUSES_MAX, causes);
    const InfReportDay* before_end = report->day_count > 0 ? end - 1 : end;
    fprintf(file, ". On the last day %" PRId64 " were born and %" PRId64 " died.", end->births - before_end->births,
            deaths - total(before_end->deaths, INF_CAUSES_MAX));
    fprintf(file, "\n%s\n\n![population](population.svg)\n\n![deaths](deaths.svg)\n\n",
            cause_count == 0 ? "Nobody died, so births alone move the number."
            : strcmp(causes[0].word, "starved") == 0
                ? "What ends most lives is air that could not be paid for: whoever earns less than the air costs loses "
                  "a little every day and ends. Population follows earnings."
                : "Violence, not hunger, ends most lives: whoever lives has found work that pays its air.");

    Share burned[INF_REASONS_MAX], minted[INF_REASONS_MAX];
    int64_t minted_sum = pick_minted(end), burned_sum = pick_burned(end);
    size_t minted_count = shares_sort(reason_words, end->minted_credits, INF_REASONS_MAX, minted);
    size_t burned_count = shares_sort(reason_words, end->burned_credits, INF_REASONS_MAX, burned);
    fprintf(file, "## Money\nMinted %s: ", cli_text_credits(a, minted_sum));
    write_shares(file, reason_words, end->minted_credits, INF_REASONS_MAX, "nothing");
    fprintf(file, ".\nBurned %s: ", cli_text_credits(a, burned_sum));
    write_shares(file, reason_words, end->burned_credits, INF_REASONS_MAX, "nothing");
    fprintf(file, ".\nIn being: %s at the founding, %s at the end; ", cli_text_credits(a, first->supply_credits),
            cli_text_credits(b, end->supply_credits));
    fprintf(file, "half of the minds have less than %s, and the richest tenth has %.1f %% of what all minds have.\n",
            cli_text_credits(a, end->median_credits), (double)end->richest_tenth_permille / 10);
    if (minted_count > 0 && burned_count > 0) {
        int64_t minted_later = minted_sum - pick_minted(first), burned_later = burned_sum - pick_burned(first);
        fprintf(file,
                "After the founding %s came in and %s went out. The largest way in is %s, the largest way out is %s: "
                "%s It changed by %+.1f %% a day.\n",
                cli_text_credits(a, minted_later), cli_text_credits(b, burned_later), minted[0].word, burned[0].word,
                minted_later > burned_later + burned_later / 10   ? "more comes in than goes out, so money grows."
                : burned_later > minted_later + minted_later / 10 ? "more goes out than comes in, so money gets scarcer."
                                                                  : "the two nearly balance, so money keeps its worth.",
                first->supply_credits > 0 && report->day_count > 0
                    ? 100.0 * (pow((double)end->supply_credits / (double)first->supply_credits, 1.0 / (double)report->day_count) - 1)
                    : 0.0);
    }
    fprintf(file, "\n![money](money.svg)\n\n");
}

static void write_prices(FILE* file, const InfReport* report) {
    double low = INFINITY, high = -INFINITY;
    for (size_t day = 1; day <= report->day_count; day++) {
        low = fmin(low, report->rows[day].price_level);
        high = fmax(high, report->rows[day].price_level);
    }
    bool is_inside = low >= INF_REPORT_PRICE_LOW && high <= INF_REPORT_PRICE_HIGH;
    fprintf(file,
            "## Prices\nThe price level is the mean over stations and goods of price to base price; 1 is balanced. It is "
            "meant to stay within %.2f and %.2f, and moved between %.3f and %.3f: %s the band. Prices follow stocks: "
            "a station that lacks a good pays more, haulers bring it, and its price falls again.",
            INF_REPORT_PRICE_LOW, INF_REPORT_PRICE_HIGH, low, high, is_inside ? "inside" : "outside");
    double by_supply = correlation(report, pick_price, false, pick_supply, false);
    double by_mined = correlation(report, pick_price, false, pick_mined, true);
    double by_trades = correlation(report, pick_price, false, pick_trades, true);
    if (isfinite(by_supply) && isfinite(by_mined) && isfinite(by_trades)) {
        double size_s = fabs(by_supply), size_m = fabs(by_mined), size_t_ = fabs(by_trades);
        const char* what = size_s >= size_m && size_s >= size_t_ ? "the amount of money"
                           : size_m >= size_t_                   ? "how much ore is mined"
                                                                 : "how much is traded";
        double most = fmax(size_s, fmax(size_m, size_t_));
        fprintf(file, " From day to day it went most closely with %s (correlations: money %+.2f, ore mined %+.2f, trades %+.2f)%s.",
                what, by_supply, by_mined, by_trades, most < 0.5 ? ", and with none of them closely" : "");
    }
    fprintf(file, "\n\n![price level](price_level.svg)\n\n");
}

static void write_income(FILE* file, const InfReport* report) {
    const InfReportDay* end = last(report);
    Share trades[INF_TRADES_MAX];
    size_t trade_count = shares_sort(trade_words, end->income_credits, INF_TRADES_MAX, trades);
    int64_t sum = total(end->income_credits, INF_TRADES_MAX);
    char a[CLI_TEXT_BYTES], b[CLI_TEXT_BYTES], c[CLI_TEXT_BYTES];
    fprintf(file, "## Income\nWhat minds earned, by trade: ");
    write_shares(file, trade_words, end->income_credits, INF_TRADES_MAX, "nothing");
    fprintf(file, ".\n");
    if (trade_count > 0 && sum > 0) {
        double share = (double)trades[0].value / (double)sum;
        fprintf(file, "What carries the economy is %s%s.\n", trades[0].word,
                share > 0.7 ? ", nearly alone: if it fails, all fail" : share > 0.4 ? ", with others beside it" : " by a little only");
    }
    fprintf(file, "%s units were mined, %s trades made", cli_text_count(a, end->units_mined), cli_text_count(b, end->trades));
    fprintf(file, ", %s jumps flown", cli_text_count(a, end->jumps));
    fprintf(file, ", %s shots fired and %s systems charted.\n\n![income](income.svg)\n\n", cli_text_count(b, end->shots),
            cli_text_count(c, end->discoveries));
}

static bool write_markdown(const InfReport* report, const char* path) {
    FILE* file = fopen(path, "we");
    if (file == NULL) return false;
    char minds[CLI_TEXT_BYTES], ticks[CLI_TEXT_BYTES];
    fprintf(file, "# A galaxy of %s minds, %" PRIu64 " days, seed %" PRIu64 "\n\n", cli_text_count(minds, (int64_t)report->minds),
            (uint64_t)report->day_count, report->seed);
    fprintf(file, "%s ticks in %.0f s (%.0f times real time, %.0f s of processor). Hash at the end: %016" PRIx64 ".\n",
            cli_text_count(ticks, (int64_t)report->ticks), report->wall_seconds,
            report->wall_seconds > 0 ? (double)report->ticks / INF_TICKS_PER_SECOND / report->wall_seconds : 0,
            report->cpu_seconds, report->final_hash);
    if (report->broken == NULL) {
        fprintf(file, "The books were added up after each of %s ticks: minted - burned = accounts + in flight, every time.\n\n",
                cli_text_count(ticks, (int64_t)report->ticks_checked));
    } else {
        fprintf(file, "**The books did not add up**: %s.\n\n", report->broken);
    }
    write_causes(file, report);
    write_prices(file, report);
    write_income(file, report);
    fprintf(file, "## Day by day\n| day | minds | price level | money | median | minted | burned | deaths |\n"
                  "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (size_t day = 1; day <= report->day_count; day++) {
        const InfReportDay *now = &report->rows[day], *before = now - 1;
        fprintf(file, "| %zu | %" PRId64 " | %.3f | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n", day,
                now->population, now->price_level, now->supply_credits, now->median_credits,
                pick_minted(now) - pick_minted(before), pick_burned(now) - pick_burned(before),
                total(now->deaths, INF_CAUSES_MAX) - total(before->deaths, INF_CAUSES_MAX));
    }
    bool is_written = !ferror(file);
    return fclose(file) == 0 && is_written;
}

// --- plots

static bool plot_write(const InfReport* report, InfPlot* plot, double* values, const char* path) {
    plot->x_label = "day";
    plot->x_step = 1;
    plot->point_count = report->day_count + (plot->x_start > 0 ? 0 : 1);
    for (size_t i = 0; i < plot->line_count; i++) plot->lines[i].values = values + i * (report->day_count + 1);
    return inf_plot_write(plot, path);
}

// Kinds as lines, each day's addition; as shares of the day's sum when stacked.
static bool plot_kinds(const InfReport* report, InfPlot* plot, double* values, const char* const* words, size_t count,
                       size_t offset, const char* path) {
    const int64_t* end = (const int64_t*)((const char*)last(report) + offset);
    plot->x_start = 1;
    for (size_t kind = 0; kind < count && plot->line_count < PLOT_LINES_MAX; kind++) {
        if (words[kind] == NULL || end[kind] == 0) continue;
        double* line = values + plot->line_count * (report->day_count + 1);
        for (size_t day = 1; day <= report->day_count; day++) {
            const int64_t* now = (const int64_t*)((const char*)&report->rows[day] + offset);
            const int64_t* before = (const int64_t*)((const char*)&report->rows[day - 1] + offset);
            double sum = (double)(total(now, count) - total(before, count));
            double value = (double)(now[kind] - before[kind]);
            line[day - 1] = !plot->is_stacked ? value : sum != 0 ? 100 * value / sum : 0;
        }
        plot->lines[plot->line_count++].name = words[kind];
    }
    return plot_write(report, plot, values, path);
}

typedef bool WritePlot(const InfReport* report, double* values, const char* path);

static bool write_population(const InfReport* report, double* values, const char* path) {
    InfPlot plot = {.title = "Minds alive", .y_label = "minds", .lines = {{"minds", NULL}}, .line_count = 1};
    for (size_t day = 0; day <= report->day_count; day++) values[day] = (double)report->rows[day].population;
    return plot_write(report, &plot, values, path);
}

static bool write_price_level(const InfReport* report, double* values, const char* path) {
    InfPlot plot = {.title = "Price level and its band", .y_label = "price / base price", .lines = {{"price level", NULL}},
                    .line_count = 1, .band_low = INF_REPORT_PRICE_LOW, .band_high = INF_REPORT_PRICE_HIGH};
    for (size_t day = 0; day <= report->day_count; day++) values[day] = report->rows[day].price_level;
    return plot_write(report, &plot, values, path);
}

static bool write_money(const InfReport* report, double* values, const char* path) {
    InfPlot plot = {.title = "Money", .y_label = "credits", .lines = {{"in being", NULL}, {"of minds", NULL}, {"minted", NULL}, {"burned", NULL}},
                    .line_count = 4};
    size_t stride = report->day_count + 1;
    for (size_t day = 0; day < stride; day++) {
        const InfReportDay* row = &report->rows[day];
        values[day] = (double)row->supply_credits;
        values[stride + day] = (double)row->souls_credits;
        values[2 * stride + day] = (double)pick_minted(row);
        values[3 * stride + day] = (double)pick_burned(row);
    }
    return plot_write(report, &plot, values, path);
}

static bool write_deaths(const InfReport* report, double* values, const char* path) {
    InfPlot plot = {.title = "Deaths by cause", .y_label = "deaths a day"};
    return plot_kinds(report, &plot, values, cause_words, INF_CAUSES_MAX, offsetof(InfReportDay, deaths), path);
}

static bool write_income_plot(const InfReport* report, double* values, const char* path) {
    InfPlot plot = {.title = "Income by trade", .y_label = "% of the day's income", .is_stacked = true};
    return plot_kinds(report, &plot, values, trade_words, INF_TRADES_MAX, offsetof(InfReportDay, income_credits), path);
}

bool inf_report_write(const InfReport* report, const char* folder, char* out_path, size_t out_path_bytes) {
    static const struct {
        const char* name;
        WritePlot* write;
    } plots[] = {
        {"population.svg", write_population}, {"price_level.svg", write_price_level}, {"money.svg", write_money},
        {"deaths.svg", write_deaths},         {"income.svg", write_income_plot},
    };
    double* values = calloc(PLOT_LINES_MAX * (report->day_count + 1), sizeof *values);
    snprintf(out_path, out_path_bytes, "%s", folder);
    if (values == NULL) return false;
    bool is_written = true;
    for (size_t i = 0; i < sizeof plots / sizeof *plots && is_written; i++) {
        snprintf(out_path, out_path_bytes, "%s/%s", folder, plots[i].name);
        is_written = plots[i].write(report, values, out_path);
    }
    free(values);
    if (!is_written) return false;
    snprintf(out_path, out_path_bytes, "%s/report.md", folder);
    if (!write_markdown(report, out_path)) return false;
    snprintf(out_path, out_path_bytes, "%s/report.json", folder);
    json_t* object = inf_report_json(report);
    if (object == NULL) {
        errno = ENOMEM;
        return false;
    }
    is_written = json_dump_file(object, out_path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0;
    json_decref(object);
    return is_written;
}
