// Words, settings and plots of the command line.
#include "cli/config.h"
#include "cli/plot.h"
#include "cli/text.h"
#include "test.h"

#include <math.h>
#include <unistd.h>

TEST(text_distance_counts_edits) {
    ENSURE_EQ_I64(0, cli_text_distance("serve", "serve"));
    ENSURE_EQ_I64(0, cli_text_distance("Serve", "sERVE"));
    ENSURE_EQ_I64(1, cli_text_distance("serv", "serve"));
    ENSURE_EQ_I64(1, cli_text_distance("sevre", "serve"));
    ENSURE_EQ_I64(3, cli_text_distance("", "abc"));
    ENSURE_EQ_I64(3, cli_text_distance("kitten", "sitting"));
}

TEST_RANDOM(text_distance_is_a_metric_of_neighbours) {
    // One random edit is at most one away; the same both ways round.
    TestRandom random = {seed};
    for (int round = 0; round < 2000; round++) {
        char word[40], other[41];
        size_t length = test_random_below(&random, 30) + 1;
        for (size_t i = 0; i < length; i++) word[i] = (char)('a' + test_random_below(&random, 26));
        word[length] = '\0';
        size_t at = test_random_below(&random, length);
        memcpy(other, word, at);
        if (test_random_below(&random, 2) == 0) {
            strcpy(other + at, word + at + 1);
        } else {
            other[at] = 'x';
            strcpy(other + at + 1, word + at);
        }
        ENSURE(cli_text_distance(word, other) <= 1);
        ENSURE_EQ_I64(cli_text_distance(word, other), cli_text_distance(other, word));
    }
}

TEST(text_nearest_knows_when_to_be_silent) {
    const char* words[] = {"serve", "status", "replay", "backup"};
    ENSURE_EQ_STR("serve", cli_text_nearest("sevre", words, 4));
    ENSURE_EQ_STR("status", cli_text_nearest("stauts", words, 4));
    ENSURE_EQ_STR("backup", cli_text_nearest("bakcup", words, 4));
    ENSURE(cli_text_nearest("xyzzy", words, 4) == NULL);
    ENSURE(cli_text_nearest("", words, 4) == NULL);
    ENSURE(cli_text_nearest("serve", NULL, 0) == NULL);
}

TEST(text_numbers_are_whole) {
    uint64_t value = 7;
    ENSURE(cli_text_read_u64("0", 0, 10, &value) && value == 0);
    ENSURE(cli_text_read_u64("0x1F", 0, 100, &value) && value == 31);
    ENSURE(cli_text_read_u64("18446744073709551615", 0, UINT64_MAX, &value) && value == UINT64_MAX);
    value = 7;
    const char* const wrong[] = {"", " 1", "1 ", "-1", "+1", "1.5", "abc", "0x", "18446744073709551616", "11", "f"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ENSURE_SAY(!cli_text_read_u64(wrong[i], 0, strlen(wrong[i]) > 10 ? UINT64_MAX : 10, &value), "\"%s\"", wrong[i]);
    }
    ENSURE_EQ_U64(7, value);
}

TEST(text_is_for_people) {
    char out[CLI_TEXT_BYTES];
    ENSURE_EQ_STR("0", cli_text_count(out, 0));
    ENSURE_EQ_STR("999", cli_text_count(out, 999));
    ENSURE_EQ_STR("1,234", cli_text_count(out, 1234));
    ENSURE_EQ_STR("-1,234,567", cli_text_count(out, -1234567));
    ENSURE_EQ_STR("-9,223,372,036,854,775,808", cli_text_count(out, INT64_MIN));
    ENSURE_EQ_STR("500 \u20a1", cli_text_credits(out, 500));
    ENSURE_EQ_STR("-9,223,372,036,854,775,808 \u20a1", cli_text_credits(out, INT64_MIN));
    ENSURE_EQ_STR("512 B", cli_text_bytes(out, 512));
    ENSURE_EQ_STR("9.8 MB", cli_text_bytes(out, 9812345));
    ENSURE_EQ_STR("1.0 MB", cli_text_bytes(out, 999960));
    ENSURE_EQ_STR("59 s", cli_text_seconds(out, 59));
    ENSURE_EQ_STR("3 min 20 s", cli_text_seconds(out, 200));
    ENSURE_EQ_STR("2 h 0 min", cli_text_seconds(out, 7200));
    ENSURE_EQ_STR("1 d 1 h", cli_text_seconds(out, 90000));
}

TEST(text_clean_leaves_no_escape) {
    char text[] = "a\x1b[31mb\x7f\xc2\x9b\n\u00e9";
    cli_text_clean(text);
    ENSURE_EQ_STR("a?[31mb???\?\u00e9", text);
}

static bool config_read(const char* text, InfConfig* config, InfConfigError* error) {
    FILE* file = fmemopen((void*)(uintptr_t)text, strlen(text) + 1, "r");
    bool is_read = inf_config_read_file(file, "x.conf", config, error);
    fclose(file);
    return is_read;
}

TEST(config_default_file_gives_the_defaults) {
    char path[] = "/tmp/inf-config-XXXXXX";
    int fd = mkstemp(path);
    close(fd);
    InfConfig config = inf_config_default(), read_back;
    ENSURE(!inf_config_write(path, &config)); // never over an existing file
    unlink(path);
    ENSURE(inf_config_write(path, &config));
    memset(&read_back, 0xff, sizeof read_back);
    memcpy(&read_back, &config, sizeof config);
    read_back.port = 1;
    strcpy(read_back.name, "other");
    InfConfigError error = {0};
    bool is_read = inf_config_read(path, &read_back, &error);
    unlink(path);
    ENSURE_SAY(is_read, "%s", error.text);
    ENSURE(memcmp(&config, &read_back, sizeof config) == 0);
}

TEST(config_reads_values_and_comments) {
    InfConfig config = inf_config_default();
    InfConfigError error = {0};
    ENSURE_SAY(config_read("# a\n\n port=9000 # b\nname = A # b\n  seed =\t0x10\r\nsocket = a#b\n", &config, &error), "%s", error.text);
    ENSURE_EQ_U64(9000, config.port);
    ENSURE_EQ_U64(16, config.seed);
    ENSURE_EQ_STR("A", config.name);
    ENSURE_EQ_STR("a#b", config.socket);
}

TEST(config_errors_name_line_and_remedy) {
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"# x\nprot = 80\n", "x.conf:2: there is no setting \"prot\"; did you mean \"port\"?"},
        {"zzzzzz = 80\n", "x.conf:1: there is no setting \"zzzzzz\"; infinity help settings lists them"},
        {"port\n", "x.conf:1: not `key = value`: port"},
        {"port = 80\n\nport = 81\n", "x.conf:3: port was set in line 1 already; keep one"},
        {"port = 65536\n", "x.conf:1: port wants a whole number from 0 to 65535, not \"65536\""},
        {"port = eighty\n", "x.conf:1: port wants a whole number from 0 to 65535, not \"eighty\""},
        {"port =\n", "x.conf:1: port wants a whole number from 0 to 65535, not \"\""},
        {"log = loud\n", "x.conf:1: log is one of: auto text json; not \"loud\""},
        {"name = a\x01z\n", "x.conf:1: the value of name has a control character in it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        InfConfig config = inf_config_default(), before = config;
        InfConfigError error = {0};
        ENSURE_SAY(!config_read(cases[i].text, &config, &error), "%s", cases[i].text);
        ENSURE_EQ_STR(cases[i].wanted, error.text);
        ENSURE(memcmp(&config, &before, sizeof config) == 0); // bad input changes nothing
    }
}

TEST(config_refuses_long_lines_and_values) {
    char text[3000];
    memset(text, 'a', sizeof text);
    memcpy(text, "name = ", 7);
    text[2200] = '\n', text[2201] = '\0';
    InfConfig config = inf_config_default();
    InfConfigError error = {0};
    ENSURE(!config_read(text, &config, &error));
    ENSURE_EQ_STR("x.conf:1: the value of name is longer than 2047 bytes", error.text);
    text[2200] = 'a', text[2201] = 'a', text[2999] = '\0';
    ENSURE(!config_read(text, &config, &error));
    ENSURE_EQ_STR("x.conf:1: the line is longer than 2302 bytes", error.text);
}

TEST_RANDOM(config_survives_noise) {
    TestRandom random = {seed};
    static const char letters[] = "port=name \n#\r\t0189xseed\x80\xff";
    for (int round = 0; round < 2000; round++) {
        char text[200];
        size_t count = test_random_below(&random, sizeof text - 1) + 1;
        for (size_t i = 0; i < count; i++) text[i] = letters[test_random_below(&random, sizeof letters - 1)];
        text[count] = '\0';
        InfConfig config = inf_config_default();
        InfConfigError error = {0};
        if (!config_read(text, &config, &error)) ENSURE(strncmp(error.text, "x.conf:", 7) == 0);
    }
}

TEST(plot_draws_every_point_inside_its_picture) {
    double values[50], flat[50];
    for (int i = 0; i < 50; i++) values[i] = i == 20 ? NAN : 1000 * sin(i / 5.0), flat[i] = 3;
    InfPlot plot = {.title = "a < b & c", .x_label = "day", .y_label = "x", .x_start = 0, .x_step = 1, .point_count = 50,
                    .lines = {{"one", values}, {"two", flat}}, .line_count = 2, .band_low = -100, .band_high = 100};
    for (int stacked = 0; stacked < 2; stacked++) {
        char path[] = "/tmp/inf-plot-XXXXXX";
        close(mkstemp(path));
        plot.is_stacked = stacked != 0;
        ENSURE(inf_plot_write(&plot, path));
        FILE* file = fopen(path, "r");
        char text[65536];
        size_t bytes = fread(text, 1, sizeof text - 1, file);
        text[bytes] = '\0';
        fclose(file);
        unlink(path);
        ENSURE(strstr(text, "a &lt; b &amp; c") != NULL);
        ENSURE(strstr(text, "nan") == NULL && strstr(text, "inf") == NULL);
        size_t point_count = 0;
        for (const char* at = strstr(text, "<path"); at != NULL && *at != '\0'; at++) {
            double x, y;
            if ((*at != 'M' && *at != 'L') || sscanf(at + 1, "%lf %lf", &x, &y) != 2) continue;
            point_count++;
            ENSURE_WITHIN(0, 900, x);
            if (!plot.is_stacked) ENSURE_WITHIN(0, 420, y);
        }
        ENSURE(point_count >= 99);
    }
}

TEST(plot_of_a_flat_line_or_a_single_point_is_finite) {
    double zero[2] = {0, 0};
    for (size_t count = 1; count <= 2; count++) {
        InfPlot plot = {.title = "t", .x_label = "x", .y_label = "y", .x_step = 1, .point_count = count,
                        .lines = {{"zero", zero}}, .line_count = 1};
        char path[] = "/tmp/inf-plot-XXXXXX", text[8192];
        close(mkstemp(path));
        ENSURE(inf_plot_write(&plot, path));
        FILE* file = fopen(path, "r");
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        unlink(path);
        ENSURE(strstr(text, "nan") == NULL && strstr(text, "inf") == NULL);
    }
    InfPlot nowhere = {.title = "t", .x_label = "x", .y_label = "y", .x_step = 1, .point_count = 2,
                       .lines = {{"zero", zero}}, .line_count = 1};
    ENSURE(!inf_plot_write(&nowhere, "/nonexistent/folder/x.svg"));
}
