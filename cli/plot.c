// SVG line plots; see plot.h. A 900 x 420 picture: title, grid with round numbers, lines or stacked areas, legend.
#include "plot.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WIDTH  900.0
#define HEIGHT 420.0
#define LEFT   86.0
#define RIGHT  190.0
#define TOP    46.0
#define BOTTOM 52.0

// Distinguishable also by people who do not see red and green apart (Okabe and Ito), then darker ones.
static const char* const colours[PLOT_LINES_MAX] = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
    "#8a7f00", "#6a3d9a", "#666666", "#99401a", "#1b6b4f", "#2b3f87",
};

static void write_text(FILE* file, const char* text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<': fputs("&lt;", file); break;
        case '>': fputs("&gt;", file); break;
        case '&': fputs("&amp;", file); break;
        default: fputc(*text, file);
        }
    }
}

// A step of 1, 2 or 5 times a power of ten that cuts the span into about `count` pieces.
static double round_step(double span, int count) {
    double raw = span / count, power = pow(10, floor(log10(raw)));
    double mantissa = raw / power;
    return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}

static void write_number(FILE* file, double value, double step) {
    double size = fabs(value);
    if (size >= 1e9) fprintf(file, "%.4gG", value / 1e9);
    else if (size >= 1e6) fprintf(file, "%.4gM", value / 1e6);
    else if (size >= 1e4) fprintf(file, "%.4gk", value / 1e3);
    else fprintf(file, "%.*f", step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3, fabs(value) < step * 1e-6 ? 0 : value);
}

typedef struct Scale {
    double x_low, x_high, y_low, y_high;
} Scale;

static double x_of(const Scale* scale, double value) {
    return LEFT + (value - scale->x_low) / (scale->x_high - scale->x_low) * (WIDTH - LEFT - RIGHT);
}

static double y_of(const Scale* scale, double value) {
    return HEIGHT - BOTTOM - (value - scale->y_low) / (scale->y_high - scale->y_low) * (HEIGHT - TOP - BOTTOM);
}

// The height of line `index` at a point: its value, or in a stack the sum up to it.
static double level(const InfPlot* plot, size_t index, size_t point) {
    if (!plot->is_stacked) return plot->lines[index].values[point];
    double sum = 0;
    for (size_t i = 0; i <= index; i++) sum += isnan(plot->lines[i].values[point]) ? 0 : plot->lines[i].values[point];
    return sum;
}

static Scale scale_of(const InfPlot* plot) {
    Scale scale = {plot->x_start, plot->x_start + plot->x_step * (double)(plot->point_count > 1 ? plot->point_count - 1 : 1),
                   0, 0};
    bool is_first = true;
    for (size_t i = 0; i < plot->line_count; i++) {
        for (size_t point = 0; point < plot->point_count; point++) {
            double value = level(plot, i, point);
            if (!isfinite(value)) continue;
            if (is_first || value < scale.y_low) scale.y_low = value;
            if (is_first || value > scale.y_high) scale.y_high = value;
            is_first = false;
        }
    }
    if (plot->band_low < plot->band_high) {
        if (plot->band_low < scale.y_low) scale.y_low = plot->band_low;
        if (plot->band_high > scale.y_high) scale.y_high = plot->band_high;
    }
    // Start at zero, so that sizes compare by eye.
    if (scale.y_low > 0 || plot->is_stacked) scale.y_low = 0;
    if (scale.y_high - scale.y_low < 1e-9) scale.y_high = scale.y_low + 1;
    double step = round_step(scale.y_high - scale.y_low, 5);
    scale.y_low = floor(scale.y_low / step) * step;
    scale.y_high = ceil(scale.y_high / step - 1e-6) * step; // 100.0000001 % needs no room above 100
    return scale;
}

static void write_grid(FILE* file, const InfPlot* plot, const Scale* scale) {
    double y_step = round_step(scale->y_high - scale->y_low, 5);
    for (double y = scale->y_low; y <= scale->y_high + y_step / 2; y += y_step) {
        fprintf(file, "<line class=\"g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">",
                LEFT, WIDTH - RIGHT, y_of(scale, y), y_of(scale, y), LEFT - 8, y_of(scale, y) + 4);
        write_number(file, y, y_step);
        fputs("</text>\n", file);
    }
    double x_step = round_step(scale->x_high - scale->x_low, 8);
    if (x_step < 1) x_step = 1;
    for (double x = ceil(scale->x_low / x_step) * x_step; x <= scale->x_high + 1e-9; x += x_step) {
        fprintf(file, "<line class=\"g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                x_of(scale, x), x_of(scale, x), TOP, HEIGHT - BOTTOM, x_of(scale, x), HEIGHT - BOTTOM + 18);
        write_number(file, x, x_step);
        fputs("</text>\n", file);
    }
    fprintf(file, "<text class=\"t\" x=\"%.0f\" y=\"24\">", LEFT);
    write_text(file, plot->title);
    fprintf(file, "</text>\n<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12);
    write_text(file, plot->x_label);
    fprintf(file, "</text>\n<text transform=\"translate(18 %.0f) rotate(-90)\" text-anchor=\"middle\">", (TOP + HEIGHT - BOTTOM) / 2);
    write_text(file, plot->y_label);
    fputs("</text>\n", file);
}

static void write_line(FILE* file, const InfPlot* plot, const Scale* scale, size_t index) {
    const char* colour = colours[index % PLOT_LINES_MAX];
    fputs("<path d=\"", file);
    bool is_down = false;
    for (size_t point = 0; point < plot->point_count; point++) {
        double value = level(plot, index, point);
        if (!isfinite(value)) {
            is_down = false;
            continue;
        }
        fprintf(file, "%c%.1f %.1f", is_down ? 'L' : 'M', x_of(scale, plot->x_start + plot->x_step * (double)point),
                y_of(scale, value));
        is_down = true;
    }
    if (plot->is_stacked) {
        for (size_t point = plot->point_count; point-- > 0;) {
            double base = index == 0 ? 0 : level(plot, index - 1, point);
            fprintf(file, "L%.1f %.1f", x_of(scale, plot->x_start + plot->x_step * (double)point), y_of(scale, base));
        }
        fprintf(file, "Z\" fill=\"%s\" fill-opacity=\"0.8\" stroke=\"none\"/>\n", colour);
    } else {
        fprintf(file, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", colour);
    }
}

bool inf_plot_write(const InfPlot* plot, const char* path) {
    FILE* file = fopen(path, "we");
    if (file == NULL) return false;
    Scale scale = scale_of(plot);
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">\n"
            "<style>svg{background:#fff;font:12px sans-serif}text{fill:#333}.t{font-size:16px;font-weight:600}.g{stroke:#8884;stroke-width:1}"
            "@media(prefers-color-scheme:dark){svg{background:#10141c}text{fill:#ccd}}</style>\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    if (plot->band_low < plot->band_high) {
        fprintf(file, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#009e73\" fill-opacity=\"0.1\"/>\n", LEFT,
                y_of(&scale, plot->band_high), WIDTH - LEFT - RIGHT, y_of(&scale, plot->band_low) - y_of(&scale, plot->band_high));
    }
    write_grid(file, plot, &scale);
    for (size_t i = 0; i < plot->line_count; i++) {
        write_line(file, plot, &scale, i);
        double y = TOP + 10 + 20 * (double)i;
        fprintf(file, "<rect x=\"%.0f\" y=\"%.0f\" width=\"14\" height=\"4\" fill=\"%s\"/><text x=\"%.0f\" y=\"%.0f\">", WIDTH - RIGHT + 16,
                y - 6, colours[i % PLOT_LINES_MAX], WIDTH - RIGHT + 36, y);
        write_text(file, plot->lines[i].name);
        fputs("</text>\n", file);
    }
    fputs("</svg>\n", file);
    bool is_written = !ferror(file);
    int reason = errno;
    if (fclose(file) != 0) is_written = false, reason = errno;
    if (!is_written) {
        unlink(path);
        errno = reason;
    }
    return is_written;
}
