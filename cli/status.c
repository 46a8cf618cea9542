// `infinity status`: a live page in the terminal from the server's /api/status over the admin socket.
#include "cli.h"
#include "http.h"
#include "text.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define HISTORY 60

static bool is_once;
static uint64_t interval_ms = 1000;

typedef enum Form { FORM_COUNT, FORM_CREDITS, FORM_BYTES, FORM_TICKS, FORM_MICROSECONDS, FORM_THOUSANDTHS, FORM_RATE } Form;

// Where a number stands on the page. A key that this server does not give is left out; a key with a dot is a
// member of a member. `rate` shows how much it rises a second.
static const struct {
    const char *group, *key, *label;
    Form form;
} fields[] = {
    {"Time", "tick", "tick", FORM_COUNT},
    {"Time", "tick", "age", FORM_TICKS},
    {"Time", "tick", "ticks a second", FORM_RATE},
    {"Time", "tick_us", "last tick", FORM_MICROSECONDS},
    {"Time", "tick_p99_us", "99 of 100 below", FORM_MICROSECONDS},
    {"Time", "ticks_late", "late ticks", FORM_COUNT},
    {"People", "players", "players", FORM_COUNT},
    {"People", "clients", "connections", FORM_COUNT},
    {"People", "minds", "minds", FORM_COUNT},
    {"People", "souls", "souls", FORM_COUNT},
    {"People", "births", "born", FORM_COUNT},
    {"People", "deaths", "died", FORM_COUNT},
    {"Galaxy", "ships", "ships", FORM_COUNT},
    {"Galaxy", "systems", "systems visited", FORM_COUNT},
    {"Galaxy", "stations", "stations", FORM_COUNT},
    {"Galaxy", "hot_places", "contested places", FORM_COUNT},
    {"Galaxy", "discoveries", "discoveries", FORM_COUNT},
    {"Galaxy", "jumps", "jumps", FORM_COUNT},
    {"Money", "credits", "in being", FORM_CREDITS},
    {"Money", "credits_minted", "minted", FORM_CREDITS},
    {"Money", "credits_burned", "burned", FORM_CREDITS},
    {"Money", "price_level", "price level", FORM_THOUSANDTHS},
    {"Money", "trades", "trades", FORM_COUNT},
    {"Disk", "journal_bytes", "journal", FORM_BYTES},
    {"Disk", "journal_lag_us", "last commit", FORM_MICROSECONDS},
    {"Disk", "durable_tick", "durable up to tick", FORM_COUNT},
    {"Disk", "snapshot_tick", "last snapshot", FORM_COUNT},
    {"Disk", "rss_bytes", "memory", FORM_BYTES},
};
#define FIELD_COUNT (sizeof fields / sizeof *fields)

static double history[FIELD_COUNT][HISTORY];
static size_t history_count;
static volatile sig_atomic_t is_stopping;

static void stop(int signal_number) {
    (void)signal_number;
    is_stopping = 1;
}

static double monotonic_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const json_t* member(const json_t* status, const char* key) {
    const json_t* found = json_object_get(status, key);
    if (found == NULL) found = json_object_get(json_object_get(status, "metrics"), key);
    return json_is_number(found) ? found : NULL;
}

static void field_text(char out[CLI_TEXT_BYTES], Form form, double value, double rate) {
    switch (form) {
    case FORM_COUNT: cli_text_count(out, (int64_t)value); break;
    case FORM_CREDITS: cli_text_credits(out, (int64_t)value); break;
    case FORM_BYTES: cli_text_bytes(out, (uint64_t)value); break;
    case FORM_TICKS: cli_text_seconds(out, (uint64_t)value / 10); break;
    case FORM_MICROSECONDS: snprintf(out, CLI_TEXT_BYTES, "%.1f ms", value / 1000); break;
    case FORM_THOUSANDTHS: snprintf(out, CLI_TEXT_BYTES, "%.3f", value / 1000); break;
    case FORM_RATE: snprintf(out, CLI_TEXT_BYTES, "%.1f", rate); break;
    }
}

// The last values as eight heights of a block.
static void sparkline(char* out, const double* values, size_t count, size_t width) {
    static const char* const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    size_t from = count > width ? count - width : 0;
    double low = values[from], high = low;
    for (size_t i = from; i < count; i++) {
        if (values[i] < low) low = values[i];
        if (values[i] > high) high = values[i];
    }
    out[0] = '\0';
    for (size_t i = from; i < count; i++) {
        int height = high > low ? (int)((values[i] - low) / (high - low) * 7.99) : 0;
        strcat(out, blocks[height]);
    }
}

// The text of field `i` now; false when this server does not give it.
static bool field_print(const json_t* status, size_t i, double seconds, char out[CLI_TEXT_BYTES]) {
    const json_t* value = member(status, fields[i].key);
    if (value == NULL || (fields[i].form == FORM_RATE && history_count < 2)) return false;
    double rate = history_count >= 2 && seconds > 0
                      ? (history[i][history_count - 1] - history[i][history_count - 2]) / seconds
                      : 0;
    field_text(out, fields[i].form, json_number_value(value), rate);
    return true;
}

// A sign of three bytes is one column wide.
static int padded(const char* text, int width) { return strstr(text, "\u20a1") != NULL ? width + 2 : width; }

// One field a line, with its course over the last minute where that says something.
static void page_print(const json_t* status, bool is_live, double seconds) {
    const char *bold = is_live ? "\x1b[1m" : "", *dim = is_live ? "\x1b[2m" : "", *end = is_live ? "\x1b[0m" : "";
    const char *erase = is_live ? "\x1b[K" : "", *group = "";
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        char text[CLI_TEXT_BYTES], line[HISTORY * 4 + 1] = "";
        if (!field_print(status, i, seconds, text)) continue;
        if (strcmp(group, fields[i].group) != 0) {
            group = fields[i].group;
            printf("%s\n%s%s%s%s\n", erase, bold, group, end, erase);
        }
        // Heights of a sum that only rises say nothing; of a level or a time they do.
        if (is_live && (fields[i].form == FORM_MICROSECONDS || fields[i].form == FORM_THOUSANDTHS ||
                        strcmp(fields[i].group, "People") == 0)) {
            sparkline(line, history[i], history_count, 40);
        }
        printf("  %-20s %*s  %s%s%s%s\n", fields[i].label, padded(text, 20), text, dim, line, end, erase);
    }
    char path[512];
    struct stat info;
    snprintf(path, sizeof path, "%s/journal.db", cli_galaxy);
    if (stat(path, &info) == 0) {
        char text[CLI_TEXT_BYTES];
        printf("  %-20s %20s%s\n", "journal.db", cli_text_bytes(text, (uint64_t)info.st_size), erase);
    }
}

// Two fields a line, for a terminal that is too low for the other page.
static void page_print_low(const json_t* status, double seconds, int row_count) {
    int column = 0, row = 1;
    for (size_t i = 0; i < FIELD_COUNT && row < row_count - 3; i++) {
        char text[CLI_TEXT_BYTES];
        if (!field_print(status, i, seconds, text)) continue;
        printf("%s%-17s %*s", column == 0 ? "" : "    ", fields[i].label, padded(text, 18), text);
        if (column == 1) {
            printf("\x1b[K\n");
            row++;
        }
        column = 1 - column;
    }
    if (column == 1) printf("\x1b[K\n");
}

static void title_print(const json_t* status, bool is_live) {
    const char* name = json_string_value(json_object_get(status, "name"));
    char clean[256];
    snprintf(clean, sizeof clean, "%s", name != NULL ? name : "Infinity");
    cli_text_clean(clean);
    printf("%s%s%s  %s%s%s%s\n", is_live ? "\x1b[1m" : "", clean, is_live ? "\x1b[0m" : "", is_live ? "\x1b[2m" : "", cli_galaxy,
           is_live ? "\x1b[0m" : "", is_live ? "\x1b[K" : "");
}

static void page_draw(const json_t* status, double seconds) {
    struct winsize size;
    int row_count = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 50;
    title_print(status, true);
    if (row_count < (int)FIELD_COUNT + 15) page_print_low(status, seconds, row_count);
    else page_print(status, true, seconds);
    printf("\x1b[K\n\x1b[2mq or Ctrl-C ends this page; the galaxy goes on\x1b[0m\x1b[K\x1b[J");
    fflush(stdout);
}

static void history_add(const json_t* status) {
    if (history_count == HISTORY) {
        for (size_t i = 0; i < FIELD_COUNT; i++) memmove(history[i], history[i] + 1, (HISTORY - 1) * sizeof(double));
        history_count--;
    }
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const json_t* value = member(status, fields[i].key);
        history[i][history_count] = value != NULL ? json_number_value(value) : 0;
    }
    history_count++;
}

// Wait for the next redraw. @return false when the person wants to leave
static bool wait_or_key(void) {
    fd_set in;
    FD_ZERO(&in);
    FD_SET(STDIN_FILENO, &in);
    struct timeval timeout = {.tv_sec = (time_t)(interval_ms / 1000), .tv_usec = (suseconds_t)(interval_ms % 1000 * 1000)};
    if (select(STDIN_FILENO + 1, &in, NULL, NULL, &timeout) > 0) {
        char key;
        if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q' || key == 27) return false;
    }
    return !is_stopping;
}

static CliExit live(void) {
    struct termios before, raw;
    bool is_raw = tcgetattr(STDIN_FILENO, &before) == 0;
    if (is_raw) {
        raw = before;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    printf("\x1b[?1049h\x1b[?25l");
    CliExit result = CLI_EXIT_OK;
    char reason[512] = "";
    double last_s = monotonic_s();
    do {
        json_t* status;
        result = cli_http_json("GET", "/api/status", NULL, &status, reason, sizeof reason);
        printf("\x1b[H");
        if (result == CLI_EXIT_OK) {
            double now_s = monotonic_s();
            history_add(status);
            page_draw(status, now_s - last_s);
            last_s = now_s;
            json_decref(status);
        } else {
            printf("\x1b[K%s\x1b[K\n\x1b[2mtrying again\x1b[0m\x1b[K\n\x1b[J", reason);
            fflush(stdout);
        }
    } while (wait_or_key());
    printf("\x1b[?25h\x1b[?1049l");
    fflush(stdout);
    if (is_raw) tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return result == CLI_EXIT_OK ? result : cli_fail(result, "%s", reason);
}

static CliExit status_run(int argument_count, const char** arguments) {
    (void)argument_count, (void)arguments;
    if (!cli_json && !is_once && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO)) return live();
    json_t* status;
    char reason[512];
    CliExit result = cli_http_json("GET", "/api/status", NULL, &status, reason, sizeof reason);
    if (result != CLI_EXIT_OK) return cli_fail(result, "%s", reason);
    if (cli_json) {
        json_dumpf(status, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
        printf("\n");
    } else {
        history_add(status);
        title_print(status, false);
        page_print(status, false, 0);
    }
    json_decref(status);
    return CLI_EXIT_OK;
}

static const CliOption options[] = {
    CLI_OPTION_GALAXY,
    {"once", CLI_FLAG, &is_once, NULL, 0, 0, "print once and end (also when not in a terminal)"},
    {"interval", CLI_NUMBER, &interval_ms, "MS", 100, 60000, "milliseconds between redraws (default: 1000)"},
};
const CliCommand cli_status = {
    .name = "status",
    .usage = "[--once] [--interval MS] [--galaxy DIR]",
    .brief = "Shows a running galaxy as a live page in the terminal",
    .help = "Ticks, players, minds, ships, money, disk; q ends the page. With --json one object, once.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 0,
    .arguments_max = 0,
    .run = status_run,
};
