"""The page: what the results mean, beside limit, peer and goal. Fills in the parts of docs/performance.md between

    <!-- bench:NAME -->  and  <!-- /bench:NAME -->

and draws the plots. All words about a figure stand here or on the page, so that a run changes figures only.
"""

import re

import plot
from plot import number


def get(report, key, *names):
    """A scene's result, or None if it was not measured."""
    row = report["scenes"].get(key, {}).get("results")
    for name in names:
        row = row.get(name) if isinstance(row, dict) else None
    return row


def mib(value):
    return f"{number(value / 1048576)} MiB"


def gib(value):
    return f"{value / 1073741824:.2f} GiB"


def percent(value):
    return f"{value * 100:.2f} %"


# ---- goals ---------------------------------------------------------------------------------------------------------

def goal_rows(report):
    """(what, measured, beside it in the same run, goal, is it met or None) for each that was measured."""
    rows = []

    def row(key, name, what, show, beside, goal, is_met):
        value = get(report, key, name)
        if value is not None:
            rows.append((what, show(value), beside, goal, is_met(value) if is_met else None))

    def us(value):
        return f"{value:.1f} µs"

    def ms(value):
        return f"{number(value)} ms"

    battle = get(report, "battle") or {}
    n = number(battle.get("clients", 0))
    hz = f"{battle.get('hz', 10):.0f} Hz"
    if battle:
        row("battle", "tick_p99_ms", f"{n} players in one place at {hz}: tick p99", ms, "", "≤ 60 ms", lambda v: v <= 60)
        row("battle", "slowed_ticks", "… ticks that came late", number, "", "0", lambda v: v == 0)
        row("battle", "delivered", "… snapshots delivered", percent, "", "≥ 99 %", lambda v: v >= 0.99)
        row("battle", "gap_p99_ms", "… gap between snapshots, p99", ms,
            f"bare loop {ms(battle['raw_gap_p99_ms'])}" if "raw_gap_p99_ms" in battle else "", "≤ 160 ms", lambda v: v <= 160)
        row("battle", "ratio", "… server's CPU a snapshot, all of it", lambda v: f"{us(battle['cpu_us_per_snapshot'])} = {v:.2f} ×",
            f"bare epoll loop {us(battle.get('raw_cpu_us_per_snapshot', 0))}", "≤ 1.5 ×", lambda v: v <= 1.5)
    unix = get(report, "battle-unix") or {}
    if unix:
        row("battle-unix", "ratio", f"{number(unix['clients'])} players at {unix['hz']:.0f} Hz over Unix sockets, CPU a snapshot",
            lambda v: f"{us(unix['cpu_us_per_snapshot'])} = {v:.2f} ×", f"bare epoll loop {us(unix['raw_cpu_us_per_snapshot'])}", "–", None)
        row("battle-unix", "tick_p99_ms", "… tick p99; delivered; gap p99",
            lambda v: f"{ms(v)}; {percent(unix['delivered'])}; {ms(unix['gap_p99_ms'])}", "", "–", None)
    for key in ("uring-1000", "uring"):
        uring = get(report, key) or {}
        row(key, "ratio", f"frames to {number(uring.get('clients', 0))} sockets by io_uring, files registered",
            lambda v: f"{us(uring['uring_registered_us'])}; round by round {v:.2f} × (quarters {uring['uring_registered_ratio_p25']:.2f} "
                      f"and {uring['uring_registered_ratio_p75']:.2f})", f"one send each {us(uring.get('direct_us', 0))}", "–", None)
    slow = get(report, "slow") or {}
    if slow:
        row("slow", "growth", f"{number(slow['stalled'])} players who read nothing beside {number(slow['clients'])}: tick p99",
            lambda v: f"{v * 100:+.0f} %", f"all of them reading {ms(slow['tick_p99_ms_all_read'])}", "≤ +10 %", lambda v: v <= 0.1)
        if "filled_stalled" in slow:
            row("slow", "delivered_stalled", "… snapshots delivered to those who play", percent,
                f"{number(slow['filled_stalled'])} full buffers in the kernel", "≥ 99 %", lambda v: v >= 0.99)
    growth = curve_growth(report)
    if growth:
        is_alike = abs(growth[3] - growth[4]) <= 2  # at unlike detail it says nothing
        rows.append((f"CPU a snapshot, from {number(growth[0])} to {number(growth[1])} clients", f"{growth[2] * 100:+.0f} %",
                     f"{growth[3]:.0f} and {growth[4]:.0f} ships shown", "< 25 %", growth[2] < 0.25 if is_alike else None))
    peer = get(report, "colyseus") or {}
    if peer.get("cpu_ratio"):
        rows.append((f"CPU per delivered update, {number(peer['at_clients'])} clients",
                     us(peer["infinity_cpu_us_per_update"]), f"Colyseus {us(peer['colyseus_cpu_us_per_update'])} = "
                     f"{peer['cpu_ratio']:.1f} ×", "≥ 5 ×", peer["cpu_ratio"] >= 5))
    if peer.get("held_ratio"):
        rows.append(("clients held in one place at 10 Hz", number(peer["infinity_held"]),
                     f"Colyseus {number(peer['colyseus_held'])} = {peer['held_ratio']:.1f} ×", "≥ 8 ×", peer["held_ratio"] >= 8))
    million = get(report, "life-1000000") or {}
    if million:
        minds = number(million["minds"])
        row("life-1000000", "core_share", f"{minds} minds at their real pace", lambda v: f"{v:.2f} of one core",
            f"tick p99 {ms(million['tick_p99_ms'])}", "one core", lambda v: v <= 1)
        row("life-1000000", "rss_bytes", "… resident memory", gib, f"{number(million['bytes_per_mind'])} bytes a mind", "< 4 GiB",
            lambda v: v < 4 * 2 ** 30)
        row("life-1000000", "start_s", "… from the start of the process until it lives", lambda v: f"{v:.1f} s",
            f"snapshot of {mib(million['snapshot_bytes'])}", "< 20 s", lambda v: v < 20)
    row("snapshot", "ratio", "encode and send a snapshot, 1,000 clients", lambda v: f"{us(get(report, 'snapshot', 'cpu_us_per_snapshot'))} = {v:.2f} ×",
        f"bare send {us(get(report, 'snapshot', 'raw_cpu_us_per_snapshot') or 0)}", "≤ 2 ×", lambda v: v <= 2)
    row("hot", "tick_cpu_ms", "8,825 ships in a hot place, a tick of the core", ms, "", "≤ 8 ms", lambda v: v <= 8)
    row("journal", "commit_p50_ms", "commit of a tick with 100 players, p50", ms,
        f"write and fdatasync of the same bytes {ms(get(report, 'journal', 'raw_p50_ms') or 0)}", "–", None)
    row("replay", "times_real_time", "replay of 1,000 ships in a hot place", lambda v: f"{number(v)} × real time", "", "≥ 100 ×",
        lambda v: v >= 100)
    row("ledger", "move_ns", "a movement of credits, checked and told", lambda v: f"{v:.0f} ns = {get(report, 'ledger', 'ratio_rows'):.1f} ×",
        f"two additions in such rows {number(get(report, 'ledger', 'raw_rows_ns') or 0)} ns, "
        f"in a bare array {number(get(report, 'ledger', 'raw_ns') or 0)} ns", "–", None)
    row("ledger", "payments_per_cpu_s", "payments of players, from input to answer", lambda v: f"{number(v)} a CPU second", "", "–", None)
    row("jump", "cpu_us_per_jump", "a soul with its ship to another shard", us,
        f"its bytes copied five times {number(get(report, 'jump', 'raw_copy_us_per_jump') or 0)} µs", "–", None)
    row("transfer", "copy_cpu_us", "a copy of a soul with signed lineage", us, "", "< 1,000 µs", lambda v: v < 1000)
    row("transfer", "cuts_per_s_shards", "cuts between two shards", lambda v: f"{number(v)} a second", "", "≥ 20,000", lambda v: v >= 20000)
    row("transfer", "cuts_per_s_servers", "cuts between two servers", lambda v: f"{number(v)} a second", "", "≥ 2,000", lambda v: v >= 2000)
    row("galaxy", "systems_per_cpu_s", "systems made from nothing", lambda v: f"{number(v)} a CPU second",
        f"their random numbers alone {number(get(report, 'galaxy', 'raw_systems_per_cpu_s'))}"
        if get(report, "galaxy", "raw_systems_per_cpu_s") else "", "–", None)
    row("memory", "bytes_per_player", "memory of the server for one more player", lambda v: f"{number(v)} bytes",
        f"and in the kernel, both ends {number(get(report, 'memory', 'kernel_bytes_per_player') or 0)}", "–", None)
    for name, title in (("mind", "one more mind with its ship"), ("station", "one more station"), ("system", "one more charted system"),
                        ("place", "one more place")):
        row("memory", f"bytes_per_{name}", f"memory for {title}", lambda v: f"{number(v)} bytes",
            f"its rows of state {number(get(report, 'memory', f'row_bytes_per_{name}') or 0)}", "–", None)
    return rows


def table(head, rows):
    out = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(out + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def verdict(is_met):
    return "" if is_met is None else "yes" if is_met else "**no**"


# ---- parts of the page --------------------------------------------------------------------------------------------------

def part_machine(report):
    m, b = report["machine"], report["build"]
    rows = list(report["scenes"].values())
    foreign = max((row["foreign_cores"] for row in rows), default=0)
    stolen = max((row.get("steal_cores", 0) for row in rows), default=0)
    minutes = sum(row["seconds"] for row in rows) / 60
    quiet = ("nothing else of weight ran" if foreign < 0.2 else
             f"**other programs used up to {foreign:.1f} processors meanwhile**, so that times by the clock tell little")
    elsewhere = sorted({row["processor"] for row in rows if row.get("processor", m["processor"]) != m["processor"]})
    of_others = sum(row.get("processor", m["processor"]) != m["processor"] for row in rows)
    return (f"{m['processors']} processors ({m['processor']}), {m['memory_gib']} GiB, {m['kernel']}; {b['compiler']}, {b['type']}, "
            f"commit {b['commit']}. {len(rows)} scenes, {minutes:.0f} minutes; in the second before each, {quiet}."
            + (f" **The host of this virtual machine took up to {stolen:.1f} processors away while scenes ran** (steal, in the last table)."
               if stolen >= 0.05 else "")
            + (f" {of_others} of the scenes were measured on another machine ({', '.join(elsewhere)}); the last table tells which."
               if elsewhere else ""))


def part_goals(report):
    return table(("what", "measured", "beside it, in the same run", "goal", "met"),
                 [(*row[:4], verdict(row[4])) for row in goal_rows(report)])


def headline(key, row):
    """A scene in a few words, for the terminal and the table of scenes."""
    r = row.get("results", {})
    formats = {
        "hash_gb_per_cpu_s": "hash {} GB a CPU second", "systems_per_cpu_s": "{} systems a CPU second",
        "ticks_per_cpu_s": "{} ticks a CPU second", "tick_cpu_ms": "{} ms a tick", "move_ns": "{} ns a movement",
        "cpu_us_per_jump": "{} µs a jump", "commit_p50_ms": "commit p50 {} ms", "raw_p50_ms": "bare {} ms",
        "times_real_time": "{} × real time", "bytes_per_player": "{} bytes a player", "bytes_per_mind": "{} bytes a mind",
        "core_share": "{} of a core", "start_s": "start {} s", "cpu_us_per_snapshot": "{} µs a snapshot", "ratio": "{} × the bare limit",
        "tick_p99_ms": "tick p99 {} ms", "growth": "growth {}", "delivered": "{} delivered", "gap_p99_ms": "gap p99 {} ms", "cpu_ratio": "{} × the peer's CPU",
        "held_ratio": "holds {} × the peer", "copy_cpu_us": "copy {} µs", "cuts_per_s_shards": "{} cuts a second between shards",
        "cuts_per_s_servers": "{} between servers", "price_high_permille": "price level up to {} ‰", "neighbours_15_ly_us": "",
    }
    words = [words.format(number(r[name])) for name, words in formats.items() if words and isinstance(r.get(name), (int, float))]
    if key == "curve":
        words = [f"{len(curve_points({'scenes': {key: row}}))} sizes"]
    return ", ".join(words[:5])


def part_scenes(report):
    rows = []
    for key, row in report["scenes"].items():
        words = f"**failed**: {row['failed']}" if "failed" in row else headline(key, row)
        rows.append((f"`{row['command']}`", words, f"{row['seconds']:.0f} s", f"{row['busy_cores']:.2f} ({row['softirq_cores']:.2f})",
                     f"{row['foreign_cores']:.2f}", f"{row.get('steal_cores', 0):.2f}",
                     f"{row.get('processor', report['machine']['processor']).removesuffix(' Processor')}, {row.get('commit', report['build']['commit'])}"))
    return table(("command", "in short", "took", "machine busy, of it softirq", "busy before", "taken by the host", "on, commit"), rows)


def life_points(report):
    found = [row["results"] for key, row in report["scenes"].items() if key.startswith("life-") and "results" in row]
    return sorted(found, key=lambda r: r["minds"])


def part_life(report):
    rows = [(number(r["minds"]), f"{r['core_share']:.4f}", number(r["cpu_ms_per_mind_hour"]), mib(r["rss_bytes"]), number(r["bytes_per_mind"]),
             f"{number(r['tick_p50_ms'])} / {number(r['tick_p99_ms'])}", number(r["journal_input_bytes_per_tick"]),
             f"{mib(r['snapshot_bytes'])}, {r['snapshot_s']:.1f} s", number(r["snapshot_fork_ms"]),
             number(r["snapshot_worst_tick_ms"]), f"{r['start_s']:.2f}")
            for r in life_points(report)]
    return table(("minds", "of one core", "CPU ms a mind and hour", "resident", "bytes a mind", "tick p50 / p99, ms", "journal, bytes a tick",
                  "snapshot", "fork, ms", "worst tick meanwhile, ms", "start, s"), rows)


def curve_points(report):
    """One dictionary for each number of clients: the scene's names end in that number."""
    points = {}
    for name, value in (get(report, "curve") or {}).items():
        found = re.fullmatch(r"([a-z0-9_]*[a-z])_(\d+)", name)
        if found and not name.startswith("growth"):
            clients = int(found.group(2))
            points.setdefault(clients, {"clients": clients})[found.group(1)] = value
    return [points[clients] for clients in sorted(points) if points[clients].get("cpu_us_per_snapshot")]


def curve_growth(report):
    """(clients, clients, growth, ships shown to the first, to the last) from about 1,000 to about 8,825."""
    points = [p for p in curve_points(report) if 900 <= p["clients"] <= 9000]
    if len(points) < 2 or points[-1]["clients"] < 8000:
        return None
    first, last = points[0], points[-1]
    return first["clients"], last["clients"], last["cpu_us_per_snapshot"] / first["cpu_us_per_snapshot"] - 1, first.get("ships_seen", 0), last.get("ships_seen", 0)


def part_curve(report):
    def cell(point, name, show):
        return show(point[name]) if point.get(name) is not None else ""
    rows = [(number(p["clients"]), cell(p, "cpu_us_per_snapshot", lambda v: f"{v:.1f}"), cell(p, "raw_cpu_us_per_snapshot", lambda v: f"{v:.1f}"),
             cell(p, "ratio", lambda v: f"{v:.2f}"), cell(p, "ships_seen", lambda v: f"{v:.0f}"), cell(p, "tick_p99_ms", number), cell(p, "gap_p99_ms", number),
             cell(p, "delivered", percent)) for p in curve_points(report)]
    return table(("clients", "CPU a snapshot, µs", "bare loop, µs", "ratio", "ships shown", "tick p99, ms", "gap p99, ms", "delivered"), rows)


def part_colyseus(report):
    peer = get(report, "colyseus") or {}
    rows = [(who, number(p["clients"]), f"{p['cpu_us_per_update']:.1f}", number(p["bytes_per_update"]), f"{p['cores']:.2f}",
             number(p["gap_p99_ms"]), percent(p["delivered"]), "yes" if p["holds"] else "no")
            for who in ("colyseus", "infinity") for p in peer.get(who, [])]
    return table(("server", "clients", "CPU an update, µs", "bytes an update", "cores", "gap p99, ms", "delivered", "holds"),
                 [(row[0].capitalize(), *row[1:]) for row in rows])


# ---- plots --------------------------------------------------------------------------------------------------------------

def plots(report):
    """{file name: (svg, alternative text)} of those that have figures."""
    points, life, peer = curve_points(report), life_points(report), get(report, "colyseus") or {}
    ratios = [("battle, TCP", get(report, "battle", "ratio"), 1.5), ("battle, Unix sockets", get(report, "battle-unix", "ratio"), None),
              ("snapshot, 1,000 clients", get(report, "snapshot", "ratio"), 2), ("snapshot, 8,000 clients", get(report, "snapshot-8000", "ratio"), None),
              ("movement of credits", get(report, "ledger", "ratio_rows"), None), ("jump between shards", get(report, "jump", "ratio"), None),
              ("Colyseus, CPU an update", 1 / peer["cpu_ratio"] if peer.get("cpu_ratio") else None, 1 / 5)]
    commit, raw = get(report, "journal", "commit_p50_ms"), get(report, "journal", "raw_p50_ms")
    if commit and raw:
        ratios.insert(4, ("commit of a tick, p50", commit / raw, None))
    drawn = {
        "bench-clients.svg": (plot.lines(
            "CPU for one client's snapshot", "clients in one place", "CPU a snapshot, µs",
            [("Infinity, whole server", [(p["clients"], p["cpu_us_per_snapshot"]) for p in points]),
             ("bare epoll loop, same bytes", [(p["clients"], p["raw_cpu_us_per_snapshot"]) for p in points if p.get("raw_cpu_us_per_snapshot")])]),
            "CPU for one client's snapshot against the number of clients"),
        "bench-minds-cpu.svg": (plot.lines(
            "CPU for one mind and hour", "minds", "CPU a mind and hour, ms",
            [("Infinity, journal and all", [(r["minds"], r["cpu_ms_per_mind_hour"]) for r in life])], log_y=True),
            "CPU for one mind and hour against the number of minds"),
        "bench-minds-memory.svg": (plot.lines(
            "Resident memory for one mind", "minds", "bytes a mind",
            [("resident, all pools", [(r["minds"], r["bytes_per_mind"]) for r in life])], log_y=True),
            "Resident memory for one mind against the number of minds"),
        "bench-ratios.svg": (plot.bars("What it costs, as a multiple of the limit or peer in the same run", "times the limit or peer; less is better",
                                       ratios, (1, "limit or peer")),
                             "Cost of each part as a multiple of its limit or peer"),
    }
    return {name: pair for name, pair in drawn.items() if pair[0]}


# ---- writing ---------------------------------------------------------------------------------------------------------------

PARTS = {"machine": part_machine, "goals": part_goals, "scenes": part_scenes, "life": part_life, "curve": part_curve, "colyseus": part_colyseus}


def fill(text, name, words):
    """Replace what stands between the marks. Told if the page has no such place."""
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    filled, count = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: f"{begin}\n{words}\n{end}", text, flags=re.S)
    if count != 1:
        raise SystemExit(f"bench: the page has {count} places called {name}")
    return filled


def write(report, page_path, plot_dir):
    plot_dir.mkdir(parents=True, exist_ok=True)
    text = page_path.read_text(encoding="utf-8")
    for name, make in PARTS.items():
        text = fill(text, name, make(report))
    drawn = plots(report)
    for name, (svg, _) in drawn.items():
        (plot_dir / name).write_text(svg, encoding="utf-8")
    folder = "" if plot_dir == page_path.parent else f"{plot_dir.name}/"
    for name in ("bench-ratios.svg", "bench-clients.svg", "bench-minds-cpu.svg", "bench-minds-memory.svg"):
        words = f"![{drawn[name][1]}]({folder}{name})" if name in drawn else "(not measured)"
        text = fill(text, name.removesuffix(".svg"), words)
    page_path.write_text(text, encoding="utf-8")
