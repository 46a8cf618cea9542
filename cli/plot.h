/// @file plot.h
/// Line plots as SVG files: legible in light and dark, no script, no font of their own.
#ifndef INFINITY_CLI_PLOT_H
#define INFINITY_CLI_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#define PLOT_LINES_MAX 12

typedef struct InfPlotLine {
    const char* name;      ///< in the legend
    const double* values;  ///< [point_count]; NaN: a gap
} InfPlotLine;

typedef struct InfPlot {
    const char* title;
    const char* x_label;
    const char* y_label;   ///< with the unit
    double x_start, x_step; ///< of the points
    size_t point_count;
    InfPlotLine lines[PLOT_LINES_MAX];
    size_t line_count;
    bool is_stacked;       ///< lines are shares that lie on one another
    double band_low, band_high; ///< drawn as a tinted band when band_low < band_high
} InfPlot;

/// @return false: errno tells why; a file half written is removed
bool inf_plot_write(const InfPlot* plot, const char* path);

#endif
