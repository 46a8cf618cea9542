"""What the suite runs: each scene's command at three sizes, and how long it may take.

`full` is what docs/performance.md shows; `quick` is a look in less than three minutes; `tiny` is for the test that the suite
works at all. A scene without arguments for a form is left out of it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    key: str          # name in the JSON and for --only
    command: tuple    # program and its name of the scene
    full: str = None
    quick: str = None
    tiny: str = None
    limit_s: int = 120  # of the full form; a quick one gets half of it, but at least 60 s

    def arguments(self, form):
        words = getattr(self, form)
        return None if words is None else (*self.command, *words.split())

    def seconds(self, form):
        return self.limit_s if form == "full" else max(60, self.limit_s // 2)


def bench(key, name=None, **sizes):
    return Scene(key, ("infinity-bench", name or key), **sizes)


SCENES = [
    # small parts first, then what lives, then what needs the whole machine
    bench("base", full="", quick="--count 4000000 --megabytes 400", tiny="--count 10000 --megabytes 1", limit_s=60),
    bench("galaxy", full="", quick="--side 100", tiny="--side 8", limit_s=60),
    bench("chaos", full="", quick="--ticks 3000", tiny="--ticks 50", limit_s=60),
    bench("hot", full="--ships 8825 --ticks 400", quick="--ships 8825 --ticks 60", tiny="--ships 100 --ticks 5", limit_s=60),
    bench("ledger", full="", quick="--count 4000000", tiny="--accounts 1000 --count 20000", limit_s=60),
    bench("jump", full="", quick="--ticks 50 --warm 800", tiny="--minds 2000 --ticks 5 --per-tick 32", limit_s=90),
    bench("transfer", full="", quick="", limit_s=120),
    bench("snapshot", full="", quick="--ticks 30", tiny="--clients 10 --ships 10 --ticks 3", limit_s=60),
    bench("snapshot-8000", "snapshot", full="--clients 8000 --ships 8000 --ticks 40", limit_s=90),
    bench("journal", full="--ticks 1500", quick="--ticks 300", tiny="--ticks 5", limit_s=90),
    bench("replay", full="", quick="--ticks 1500", tiny="--ships 20 --ticks 20", limit_s=90),
    bench("economy", full="--minds 5000 --hours 6", quick="--minds 2000 --hours 2", limit_s=90),
    bench("memory", full="--players 2000", quick="--players 500", limit_s=90),
    bench("life-1000", "life", full="--minds 1000", quick="--minds 1000 --seconds 2", tiny="--minds 100 --warm 5 --seconds 1"),
    bench("life-10000", "life", full="--minds 10000", quick="--minds 10000 --seconds 2"),
    bench("life-100000", "life", full="--minds 100000", quick="--minds 100000 --seconds 2 --warm 300"),
    bench("life-1000000", "life", full="--minds 1000000 --seconds 30 --warm 1200", limit_s=240),
    bench("load", full="", limit_s=60),
    bench("uring-1000", "uring", full="--clients 1000 --rounds 30", tiny="--clients 5 --hz 50 --rounds 2", limit_s=60),
    bench("uring", full="--clients 8825", quick="--clients 1000 --rounds 10", limit_s=90),
    bench("slow", full="", limit_s=150),
    bench("battle", full="--clients 8825 --hz 10 --seconds 120", quick="--clients 1000 --seconds 8 --settle 3", limit_s=300),
    bench("battle-unix", "battle", full="--clients 8825 --hz 20 --seconds 20 --unix", limit_s=150),
    bench("curve", full="--seconds 8", limit_s=420),
    Scene("colyseus", ("colyseus",), full="--seconds 8", quick="--seconds 4 --quick", limit_s=420),
]
