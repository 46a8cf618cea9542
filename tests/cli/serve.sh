#!/usr/bin/env bash
# A galaxy's life through the command line: made, served, watched, backed up, stopped, killed, damaged.
set -u
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # a killed server leaks

json() { python3 -c 'import json,sys; v=json.load(sys.stdin)
for k in sys.argv[1].split("."): v=v[k]
print(v)' "$1"; }
get() { python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' "$1"; }
tick() { infinity status --json --galaxy "$1" | json tick; }

mkdir web && echo '<!doctype html><title>Infinity</title>' >web/index.html
mkdir g && printf 'minds = 200\nname = Test galaxy\nweb = %s\n' "$PWD/web" >g/infinity.conf

# --- made and served
serve g || finish
grep -q "$address" serve-g.log; check "serve prints its address" $?
grep -q "architect.key" serve-g.log; check "serve tells where the Architect's key lies" $?
grep -Eq "200 minds" serve-g.log; check "serve tells the population" $?
[ -f g/architect.key ] && [ "$(stat -c %a g/architect.key)" = 600 ]; check "the Architect's key is its owner's alone" $?
[ "$(stat -c %a g/admin.sock)" = 600 ]; check "the admin socket is its owner's alone" $?
expect 0 "minds +200" infinity status --once --galaxy g
expect 0 '"tick"' infinity status --json --galaxy g
before=$(tick g); sleep 1.2; after=$(tick g)
[ "$after" -gt "$before" ]; check "time passes ($before, $after)" $?
expect 0 "<title>Infinity" get "$address/"
expect 0 "" get "$address/healthz"
expect 0 "infinity_tick" get "$address/metrics"

# --- a second server: on the same folder, on the same port
port=${address##*:}
expect 1 "pid|another|held|running" infinity serve --galaxy g --port 0
mkdir other && printf 'minds = 10\n' >other/infinity.conf
expect 5 "$port.*(use|taken)|(use|taken).*$port" infinity serve --galaxy other --port "$port"
infinity status --once --galaxy g >/dev/null; check "the first server lives on" $?

# --- a mind
echo '{"traits": {"curiosity": 0.9, "courage": 0.2}}' >curious.json
expect 0 "soul +[0-9]+" infinity mind birth --dna curious.json --name Ada --galaxy g
[ -f g/minds/Ada.key ] && [ "$(stat -c %a g/minds/Ada.key)" = 600 ]; check "its key is kept, for its owner alone" $?
expect 1 "exists" infinity mind birth --dna curious.json --name Ada --galaxy g
expect 0 '"soul"' infinity mind birth --dna curious.json --name Grace --json --galaxy g
[ -n "$(json soul <g/minds/Ada.key)" ]; check "the key file names the soul" $?

# --- a backup while it runs
expect 0 "backup of g in copy" infinity backup copy --galaxy g
expect 1 "copy" infinity backup copy --galaxy g
cmp -s g/minds/Ada.key copy/minds/Ada.key && [ "$(stat -c %a copy/minds/Ada.key)" = 600 ]; check "the copy has the keys of minds" $?
head=$(infinity replay --json --galaxy copy | json tick)
[ "$head" -gt 0 ]; check "the copy replays (tick $head)" $?
of_copy=$(infinity replay --json --galaxy copy --until "$head" | json hash)
of_live=$(infinity replay --json --galaxy g --until "$head" | json hash)
[ -n "$of_copy" ] && [ "$of_copy" = "$of_live" ]; check "copy and galaxy have the same world at tick $head" $?

# --- stopped, and started again
stop; check "Ctrl-C ends it well" $?
[ ! -e g/admin.sock ] && [ ! -e g/address ]; check "what it opened is gone" $?
expect 7 "no server is running" infinity status --galaxy g
stopped=$(infinity replay --json --galaxy g | json tick)
expect 0 "the books add up" infinity replay --all --galaxy g
from_all=$(infinity replay --all --json --galaxy g | json hash)
from_snapshot=$(infinity replay --json --galaxy g | json hash)
[ -n "$from_all" ] && [ "$from_all" = "$from_snapshot" ]; check "replay from the first tick and from the snapshot agree" $?
serve g || finish
[ "$(tick g)" -ge "$stopped" ]; check "it goes on where it stopped" $?
expect 0 "minds +2[0-9][0-9]" infinity status --once --galaxy g

# --- killed at once
kill -9 "$server"; wait "$server" 2>/dev/null
killed=$(infinity replay --json --galaxy g | json tick)
serve g || finish
[ "$(tick g)" -ge "$killed" ]; check "killed, it goes on from the last durable tick" $?
stop; check "and ends well" $?

# --- settings
cp g/infinity.conf good.conf
printf 'minds = 200\n\nprot = 1\n' >g/infinity.conf
expect 3 'g/infinity.conf:3: there is no setting "prot"; did you mean "port"\?' infinity serve --galaxy g --port 0
printf 'port = 70000\n' >g/infinity.conf
expect 3 'g/infinity.conf:1: port wants a whole number' infinity serve --galaxy g
cp good.conf g/infinity.conf
expect 3 "absent.conf" infinity serve --galaxy g --config absent.conf --port 0
expect 5 "192.0.2.1|address" infinity serve --galaxy g --address 192.0.2.1 --port 0

# --- damage is told, and nothing is made worse
cp -r copy broken
printf 'garbage garbage garbage garbage ' | dd of=broken/journal.db bs=1 seek=0 conv=notrunc status=none
sum=$(sha256sum <broken/journal.db)
expect 4 "broken" infinity serve --galaxy broken --port 0
[ "$sum" = "$(sha256sum <broken/journal.db)" ]; check "a damaged journal is left as it is" $?
cp -r copy flipped
python3 - flipped/journal.db <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
# One bit of the inputs of the first record that has any, as an intruder with an editor would.
tables = [r[0] for r in db.execute("select name from sqlite_master where type='table'")]
for table in tables:
    columns = [c[1] for c in db.execute(f"pragma table_info({table})")]
    if "inputs" in columns:
        row = db.execute(f"select rowid, inputs from {table} where length(inputs) > 0 limit 1").fetchone()
        if row:
            altered = bytes([row[1][0] ^ 1]) + row[1][1:]
            db.execute(f"update {table} set inputs = ? where rowid = ?", (altered, row[0]))
            db.commit()
            sys.exit(0)
sys.exit("no record with inputs was found")
PY
check "a bit was flipped" $?
expect 4 "hash|chain|match" infinity replay --all --galaxy flipped

# --- a full disk (a small file system of its own; no root needed)
mkdir full
cat >full.sh <<'SH'
mount -t tmpfs -o size=48m none full || exit 99
printf 'minds = 50\n' >full/infinity.conf
"$INF_BIN/infinity" serve --galaxy full --port 0 >full.log 2>&1 &
server=$!
for i in $(seq 300); do [ -s full/address ] && break; sleep 0.1; done
[ -s full/address ] || { cat full.log; kill -9 $server; exit 98; }
dd if=/dev/zero of=full/filler bs=1M status=none 2>/dev/null
for i in $(seq 300); do kill -0 $server 2>/dev/null || break; sleep 0.1; done
kill -0 $server 2>/dev/null && { kill -9 $server; echo "still running"; exit 97; }
wait $server; status=$?
cat full.log
echo "ended with $status"
rm full/filler
"$INF_BIN/infinity" replay --galaxy full || exit 96
exit 0
SH
unshare --map-root-user --mount true 2>/dev/null; check "a mount of our own is possible here" $?
expect 0 "(full|space).*" unshare --map-root-user --mount bash full.sh
grep -Eqi "disk|space|full" full.log 2>/dev/null; check "the full disk is named" $?

finish
