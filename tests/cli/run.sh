#!/usr/bin/env bash
# `infinity run`: the report says what happened, and the same numbers give the same galaxy.
set -u
. "$(dirname "$0")/lib.sh"

expect 0 "report: one/report.md" infinity run --minds 60 --days 2 --seed 7 --report one --threads 1
expect 0 '"credits_conserved": ?true' infinity run --minds 60 --days 2 --seed 7 --report two --threads 2 --json
python3 - <<'PY'
import json, re, xml.etree.ElementTree as xml
one, two = (json.load(open(f"{name}/report.json")) for name in ("one", "two"))
timing = ("wall_seconds", "cpu_seconds")
assert {k: v for k, v in one.items() if k not in timing} == {k: v for k, v in two.items() if k not in timing}, "threads change the galaxy"
for key in ("population", "price_level", "minted", "burned"):
    assert len(one[key]) == 2 and all(isinstance(v, (int, float)) for v in one[key]), key
assert one["ticks"] == one["ticks_checked"] == 2 * 72000 and one["credits_conserved"] is True
assert one["population"][-1] == one["population_start"] + sum(one["births"]) - sum(one["deaths"].values()), "births and deaths"
assert all(sum(one["deaths_per_day"][cause]) == count for cause, count in one["deaths"].items())
assert abs(sum(one["income_share"].values()) - 1) < 1e-6 or not one["income_share"]
assert one["price_band"][0] < one["price_band"][1]
for name in ("population", "price_level", "money", "deaths", "income"):
    picture = xml.parse(f"one/{name}.svg").getroot()
    assert picture.tag.endswith("svg") and "nan" not in open(f"one/{name}.svg").read()
text = open("one/report.md").read()
for heading in ("## Population", "## Money", "## Prices", "## Income", "## Day by day"):
    assert heading in text, heading
assert f"{one['price_band'][0]:.2f} and {one['price_band'][1]:.2f}" in text
for picture in re.findall(r"\]\((\w+\.svg)\)", text):
    open(f"one/{picture}").close()
PY
check "the report is whole and true" $?
[ "$(infinity run --minds 60 --days 1 --seed 8 --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["final_hash"])')" != \
  "$(infinity run --minds 60 --days 1 --seed 9 --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["final_hash"])')" ]
check "another seed is another galaxy" $?
touch file
expect 1 "file" infinity run --minds 10 --days 1 --report file
expect 1 "absent/deep" infinity run --minds 10 --days 1 --report absent/deep

finish
