"""Plots as SVG, written by hand: lines over a logarithmic axis, and bars. No browser, no library.

An SVG carries two sets of colours and follows the reader's light or dark page. Series are told apart by colour, by mark and
by a legend, so that they can be told apart in print, too.
"""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 78, 24, 54, 58

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .small { font-size: 12px; fill: #59636e }
  .paper { fill: #ffffff } .grid { stroke: #d1d9e0; stroke-width: 1 } .axis { stroke: #59636e; stroke-width: 1.2 }
  .line { fill: none; stroke-width: 2.2 } .goal { stroke: #b35900; stroke-width: 1.6; stroke-dasharray: 6 4; fill: none }
  .goaltext { fill: #b35900 }
  .s0 { stroke: #0969da; fill: #0969da } .s1 { stroke: #8250df; fill: #8250df } .s2 { stroke: #1a7f37; fill: #1a7f37 }
  .line.s0, .line.s1, .line.s2 { fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .paper { fill: #0d1117 } .grid { stroke: #30363d } .axis { stroke: #9198a1 }
    .goal { stroke: #f0a050 } .goaltext { fill: #f0a050 }
    .s0 { stroke: #58a6ff; fill: #58a6ff } .s1 { stroke: #bc8cff; fill: #bc8cff } .s2 { stroke: #56d364; fill: #56d364 }
  }
"""


def number(value):
    """As people write it: 1,000,000 and 0.25, never 1e+06."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    digits = max(0, 2 - int(math.floor(math.log10(size))))
    return f"{value:.{min(digits, 6)}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def nice_ticks(low, high, log):
    """Values for the lines of the grid, ascending, that cover [low, high]."""
    if log:
        first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
        last = max(last, first + 1)
        steps = (1, 2, 5) if last - first <= 2 else (1,)
        return [m * 10.0 ** e for e in range(first, last) for m in steps] + [10.0 ** last]
    span = (high - low) or abs(high) or 1
    step = 10.0 ** math.floor(math.log10(span / 4))
    step *= next(m for m in (1, 2, 5, 10) if span / (step * m) <= 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [i * step for i in range(first, last + 1)]


class Axis:
    def __init__(self, values, log, begin, end):
        self.log, self.begin, self.end = log, begin, end
        low, high = (min(values), max(values)) if log else (min(0, *values), max(values))
        self.ticks = nice_ticks(low, high, log)
        self.low, self.high = self.ticks[0], self.ticks[-1]

    def at(self, value):
        if self.log:
            share = (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)


def text(x, y, words, kind="", anchor="start", turn=""):
    extra = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(words)}</text>'


def document(title, height, body):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">\n<style>{STYLE}</style>\n'
            f'<rect class="paper" width="{WIDTH}" height="{height}" rx="6"/>\n' + "\n".join(body) + "\n</svg>\n")


def mark(series, x, y):
    if series % 3 == 0:
        return f'<circle class="s0" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    if series % 3 == 1:
        return f'<rect class="s1" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
    return f'<path class="s2" d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'


def lines(title, x_label, y_label, series, goal=None, log_y=False):
    """series: [(name, [(x, y), …])] with x > 0; goal: (value, words), a line across. Empty series give None."""
    series = [(name, sorted((x, y) for x, y in points if x > 0 and (y > 0 or not log_y))) for name, points in series]
    series = [(name, points) for name, points in series if points]
    if not series:
        return None
    x_axis = Axis([x for _, points in series for x, _ in points], True, LEFT, WIDTH - RIGHT)
    values = [y for _, points in series for _, y in points] + ([goal[0]] if goal else [])
    y_axis = Axis(values, log_y, HEIGHT - BOTTOM, TOP)
    body = [text(LEFT, 22, title, "title")]
    for value in y_axis.ticks:
        y = y_axis.at(value)
        body += [f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>',
                 text(LEFT - 8, y + 4, number(value), "small", "end")]
    for value in x_axis.ticks:
        x = x_axis.at(value)
        body += [f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>',
                 text(x, HEIGHT - BOTTOM + 18, number(value), "small", "middle")]
    body += [f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>',
             text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, x_label, "", "middle"),
             text(20, (TOP + HEIGHT - BOTTOM) / 2, y_label, "", "middle", "-90")]
    if goal:
        y = y_axis.at(goal[0])
        body += [f'<line class="goal" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>',
                 text(WIDTH - RIGHT - 4, y - 6, goal[1], "small goaltext", "end")]
    legend_x = LEFT
    for i, (name, points) in enumerate(series):
        path = "L".join(f"{x_axis.at(x):.1f} {y_axis.at(y):.1f}" for x, y in points)
        body.append(f'<path class="line s{i % 3}" d="M{path}"/>')
        body += [mark(i, x_axis.at(x), y_axis.at(y)) for x, y in points]
        body += [mark(i, legend_x + 6, 40), text(legend_x + 16, 44, name, "small")]
        legend_x += 40 + 7 * len(name)
    return document(title, HEIGHT, body)


def bars(title, x_label, rows, unit_line=None):
    """Horizontal bars over a logarithmic axis. rows: [(name, value, goal or None)]; unit_line: (value, words), where the
    bars begin, to the left for less and to the right for more."""
    rows = [row for row in rows if row[1] and row[1] > 0]
    if not rows:
        return None
    left, step, top = 250, 34, 54
    height = top + step * len(rows) + 62
    values = [row[1] for row in rows] + [row[2] for row in rows if row[2]] + ([unit_line[0]] if unit_line else [])
    axis = Axis(values, True, left, WIDTH - 74)
    bottom = top + step * len(rows)
    body = [text(16, 22, title, "title")]
    for value in axis.ticks:
        x = axis.at(value)
        body += [f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>',
                 text(x, bottom + 18, number(value), "small", "middle")]
    for i, (name, value, goal) in enumerate(rows):
        y = top + i * step
        x, root = axis.at(value), axis.at(unit_line[0]) if unit_line else left
        body += [text(left - 10, y + 22, name, "", "end"),
                 f'<rect class="s0" x="{min(x, root):.1f}" y="{y + 8}" width="{max(abs(x - root), 1):.1f}" height="{step - 15}"/>',
                 text(WIDTH - 64, y + 22, number(value), "small")]
        if goal:
            at = axis.at(goal)
            body.append(f'<path class="goal" d="M{at:.1f} {y + 3}V{y + step - 3}"/>')
    if unit_line:
        x = axis.at(unit_line[0])
        body += [f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>',
                 text(x, top - 6, unit_line[1], "small", "middle")]
    body += [text((left + WIDTH - 74) / 2, bottom + 42, x_label, "", "middle")]
    if any(row[2] for row in rows):
        body += [f'<path class="goal" d="M16 {bottom + 38}h22"/>', text(44, bottom + 42, "goal", "small goaltext")]
    return document(title, height, body)
