// The command line of infinity-load.
#include "load.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void load_die(const char* format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("infinity-load: ", stderr);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(2);
}

static void usage(FILE* to)
{
    fputs("usage: infinity-load [options]\n"
          "Thousands of players in one process: they sign in, fly, fire and speak, and check all that they are told.\n"
          "  --clients N    how many (100)\n"
          "  --seconds S    how long to measure, once all are there (10)\n"
          "  --settle S     wait so long before that (5)\n"
          "  --ramp S       give up connecting after so long (120)\n"
          "  --at-once N    connections that may be under way at the same time (250)\n"
          "  --hz X         inputs per second and client (1)\n"
          "  --tick-hz N    ticks per second that the server is set to (10)\n"
          "  --scene NAME   idle, move, battle or chat (battle)\n"
          "  --host A --port P, or --unix PATH   where the server is (127.0.0.1, 8080)\n"
          "  --receive-buffer N   bytes of each socket's buffer in the kernel (0: as the kernel thinks fit)\n"
          "  --seed N       of the players' keys and what they do (1)\n"
          "  --threads N    that share the players (1)\n"
          "  --in-turns     read a tick's frames when all of it has been sent, instead of each as soon as it comes\n"
          "  --json         the report as one JSON object\n"
          "  --tell         print `measuring` and `measured` when that begins and ends\n",
          to);
}

static double number(const char* name, const char* text, double min, double max)
{
    char* end;
    errno = 0;
    double value = strtod(text, &end);
    if (errno != 0 || end == text || *end != '\0' || !(value >= min && value <= max)) {
        load_die("%s wants a number from %g to %g, not %s", name, min, max, text);
    }
    return value;
}

static LoadScene scene_of(const char* name)
{
    static const char* const names[] = {"idle", "move", "battle", "chat"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(names[i], name) == 0) {
            return (LoadScene)i;
        }
    }
    load_die("--scene is idle, move, battle or chat, not %s", name);
}

LoadOptions load_read_options(int argc, char** argv)
{
    LoadOptions options = {.clients = 100, .seconds = 10, .settle_s = 5, .ramp_s = 120, .at_once = 250, .hz_milli = 1000, .tick_hz = 10, .threads = 1,
                       .host = "127.0.0.1", .port = 8080, .scene = LOAD_BATTLE, .seed = 1};
    for (int i = 1; i < argc; i++) {
        const char* name = argv[i];
        if (strcmp(name, "--json") == 0) {
            options.json = true;
            continue;
        }
        if (strcmp(name, "--in-turns") == 0) {
            options.in_turns = true;
            continue;
        }
        if (strcmp(name, "--tell") == 0) {
            options.tell = true;
            continue;
        }
        if (strcmp(name, "--help") == 0) {
            usage(stdout);
            exit(0);
        }
        if (i + 1 == argc) {
            usage(stderr);
            exit(2);
        }
        const char* value = argv[++i];
        if (strcmp(name, "--clients") == 0) options.clients = (uint32_t)number(name, value, 1, 19900);
        else if (strcmp(name, "--seconds") == 0) options.seconds = (uint32_t)number(name, value, 1, 86400);
        else if (strcmp(name, "--settle") == 0) options.settle_s = (uint32_t)number(name, value, 0, 3600);
        else if (strcmp(name, "--ramp") == 0) options.ramp_s = (uint32_t)number(name, value, 1, 3600);
        else if (strcmp(name, "--at-once") == 0) options.at_once = (uint32_t)number(name, value, 1, 500);
        else if (strcmp(name, "--hz") == 0) options.hz_milli = (uint32_t)(number(name, value, 0, 30) * 1000);
        else if (strcmp(name, "--tick-hz") == 0) options.tick_hz = (uint32_t)number(name, value, 1, 100);
        else if (strcmp(name, "--threads") == 0) options.threads = (uint32_t)number(name, value, 1, LOAD_THREADS_MAX);
        else if (strcmp(name, "--scene") == 0) options.scene = scene_of(value);
        else if (strcmp(name, "--host") == 0) options.host = value;
        else if (strcmp(name, "--port") == 0) options.port = (uint32_t)number(name, value, 1, 65535);
        else if (strcmp(name, "--unix") == 0) options.unix_path = value;
        else if (strcmp(name, "--receive-buffer") == 0) options.kernel_receive_bytes = (uint32_t)number(name, value, 0, 1 << 20);
        else if (strcmp(name, "--seed") == 0) options.seed = (uint64_t)number(name, value, 0, 9e15);
        else {
            fprintf(stderr, "infinity-load: there is no option %s\n", name);
            usage(stderr);
            exit(2);
        }
    }
    return options;
}
