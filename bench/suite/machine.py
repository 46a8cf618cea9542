"""What the figures were made on and how busy it was: from /proc, without dates and without names of hosts or folders."""

import os
import re
import subprocess


def first_line(*command):
    try:
        out = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout
        return out.splitlines()[0].strip() if out.strip() else ""
    except (OSError, subprocess.TimeoutExpired):
        return ""


def facts():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    with open("/proc/meminfo", encoding="utf-8") as file:
        kib = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1))
    kernel = os.uname()
    return {"processor": model.group(1).strip() if model else kernel.machine, "processors": os.cpu_count(),
            "memory_gib": round(kib / 1048576, 1), "kernel": f"{kernel.sysname} {kernel.release.split('-')[0]}"}


def build(folder, root):
    """Compiler and kind of build from CMake's cache; the commit, and whether files differ from it."""
    cache = {}
    try:
        with open(os.path.join(folder, "CMakeCache.txt"), encoding="utf-8") as file:
            for line in file:
                found = re.match(r"([A-Za-z_0-9]+):[A-Z]+=(.*)", line)
                if found:
                    cache[found.group(1)] = found.group(2)
    except OSError:
        pass
    changed = first_line("git", "-C", root, "status", "--porcelain", "--untracked-files=no", "--", ":!docs")
    return {"commit": first_line("git", "-C", root, "rev-parse", "--short=12", "HEAD") + ("+" if changed else ""),
            "compiler": first_line(cache.get("CMAKE_C_COMPILER", "cc"), "--version"),
            "type": cache.get("CMAKE_BUILD_TYPE", ""), "node": first_line("node", "--version")}


class Busy:
    """Seconds that all processors together have worked since it was made, and of these in interrupts. Work in softirq
    (most of loopback TCP) stands in no process's account."""

    def __init__(self):
        self.begin = self.read()

    @staticmethod
    def read():
        with open("/proc/stat", encoding="utf-8") as file:
            ticks = [int(v) for v in file.readline().split()[1:9]]
        with open("/proc/uptime", encoding="utf-8") as file:
            now = float(file.readline().split()[0])
        per_s = os.sysconf("SC_CLK_TCK")
        user, nice, system, _idle, _iowait, irq, softirq, steal = ticks
        return {"now": now, "busy": (user + nice + system + irq + softirq + steal) / per_s,
                "softirq": (irq + softirq) / per_s, "steal": steal / per_s}

    def cores(self):
        end = self.read()
        wall = max(end["now"] - self.begin["now"], 0.01)
        return {f"{name}_cores": round((end[name] - self.begin[name]) / wall, 3) for name in ("busy", "softirq", "steal")}
