#!/usr/bin/env bash
# Galaxies that are not open: made and kept as what they are; an awake one fed by stdin, by HTTP, with words and pictures.
set -u
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # a killed server leaks

# http METHOD URL [BODY-FILE [CONTENT-TYPE [TOKEN]]]: "status body".
http() { python3 - "$@" <<'PY'
import sys, urllib.request, urllib.error
method, url, *rest = sys.argv[1:]
headers = {}
if len(rest) > 1 and rest[1]: headers["Content-Type"] = rest[1]
if len(rest) > 2: headers["Authorization"] = "Bearer " + rest[2]
data = open(rest[0], "rb").read() if rest and rest[0] else None
try:
    answer = urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=40)
    body = answer.read()
    print(answer.status, answer.headers["Content-Type"], body if b"\0" in body else body.decode())
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
except OSError as error: # it was answered and closed while the body was still coming
    print("closed:", error)
PY
}

# --- what is wrong is told before anything is made
expect 2 "host" infinity serve --galaxy none --awake --port 0
expect 2 "not both" infinity serve --galaxy none --awake --secluded --host Neo --port 0
expect 2 "only an awake galaxy" infinity serve --galaxy none --host Neo --port 0
[ ! -e none ]; check "and nothing is made" $?

# --- awake, its senses on a pipe
mkfifo senses
exec 9<>senses
"$INF_BIN/infinity" serve --galaxy a --port 0 --awake --host Neo <senses >serve-a.log 2>errors-a.log &
server=$!
servers+=("$server")
for i in $(seq 300); do [ -s a/address ] && break; sleep 0.1; done
address=$(cat a/address)
grep -q "awake, host Neo" serve-a.log; check "serve tells what kind of galaxy it is" $?
[ "$(stat -c %a a/host.key)" = 600 ] && [ "$(stat -c %a a/host.token)" = 600 ]; check "the host's key and token are its own" $?
[ ! -e a/architect.key ]; check "there is no Architect's seat" $?
{ echo "Rain on the kitchen window."; echo '{"text": "a lighthouse far out", "source": "eyes"}'; echo '{oops'; } >&9
head -c 700 /dev/zero | tr '\0' 'x' | fold -w 70 | tr '\n' ' ' >&9; echo >&9
for i in $(seq 100); do grep -q 'xxx' <(http GET "$address/api/awake") && break; sleep 0.1; done
expect 0 '"text": *"Rain on the kitchen window."' http GET "$address/api/awake"
expect 0 '"source": *"eyes"' http GET "$address/api/awake"
expect 0 '"name": *"Neo"' http GET "$address/api/awake"
grep -q "line 3 on stdin was not perceived" errors-a.log; check "a wrong line is told with its number" $?

# --- over HTTP: the host alone feeds, and what is wrong is refused
token=$(cat a/host.token)
echo '{"text": "a knock at the door", "source": "ears", "kind": "transcript"}' >knock.json
expect 0 "^401 " http POST "$address/api/senses" knock.json application/json
expect 0 "^401 " http POST "$address/api/senses" knock.json application/json "${token/[0-9a-f]/x}"
expect 0 "^200 .*perceived" http POST "$address/api/senses" knock.json application/json "$token"
expect 0 '"kind": *"transcript"' http GET "$address/api/awake"
echo "plain words" >plain.txt
expect 0 "^200 " http POST "$address/api/senses?source=radio" plain.txt text/plain "$token"
expect 0 '"source": *"radio"' http GET "$address/api/awake"
echo '{"text": "", "kind": "text"}' >empty.json
expect 0 "^400 .*missing or empty" http POST "$address/api/senses" empty.json application/json "$token"
echo '{"text": "x", "kind": "smell"}' >smell.json
expect 0 "^400 .*kind is one of" http POST "$address/api/senses" smell.json application/json "$token"
python3 -c 'import json; print(json.dumps({"text": "y" * 500}))' >long.json
expect 0 "^400 .*479 bytes" http POST "$address/api/senses" long.json application/json "$token"

# --- pictures: by their first bytes, kept by what they are
python3 - <<'PY'
import struct, zlib
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
open("dot.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) +
                            chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b""))
open("huge.png", "wb").write(open("dot.png", "rb").read() + b"\0" * (2 << 20))
PY
hash=$(sha256sum <dot.png | cut -c1-64)
expect 0 "^200 .*$hash" http POST "$address/api/senses?text=a%20red%20dot&source=camera" dot.png image/png "$token"
[ -f "a/senses/$hash" ]; check "a picture lies in the galaxy's folder by its hash" $?
expect 0 "^200 image/png " http GET "$address/api/senses/$hash"
expect 0 "/api/senses/$hash" http GET "$address/api/awake"
expect 0 "^404 " http GET "$address/api/senses/..%2fhost.token"
expect 0 "^404 " http GET "$address/api/senses/${hash%?}"
expect 0 "^400 .*PNG, JPEG or WebP" http POST "$address/api/senses" plain.txt image/png "$token"
expect 0 "^(413 |closed)" http POST "$address/api/senses" huge.png image/png "$token"
echo '{"picture": "dot.png", "text": "the dot again", "source": "stdin"}' >&9
for i in $(seq 100); do grep -q 'the dot again' <(http GET "$address/api/awake") && break; sleep 0.1; done
expect 0 "the dot again" http GET "$address/api/awake"

# --- who is patient hears of what comes, and a stranger learns nothing
cursor=$(http GET "$address/api/awake" | python3 -c 'import json,sys; print(json.loads(sys.stdin.read().split(" ", 2)[2])["cursor"])')
http GET "$address/api/awake?cursor=$cursor&wait=1" >patient.txt &
patient=$!
sleep 0.6; [ ! -s patient.txt ]; check "without news it waits" $?
echo "News at last." >&9
wait $patient; grep -q "News at last." patient.txt; check "and then it is told at once" $?
expect 0 '"kind": *"awake"' http GET "$address/api/status"
http GET "$address/api/status" | grep -q '"name"'; [ $? = 1 ]; check "the public status has no name" $?
expect 0 "^403 " http GET "$address/api/galaxy"
expect 0 "kind|minds" infinity status --once --galaxy a

# --- a copy of it is it: with host, key, token and pictures
expect 0 "backup of a in b" infinity backup b --galaxy a
cmp -s a/host.key b/host.key && cmp -s a/host.token b/host.token; check "the copy has the host's key and token" $?
cmp -s "a/senses/$hash" "b/senses/$hash"; check "and the pictures" $?

# --- killed, it remembers; and stays what it is
kill -9 "$server"; wait "$server" 2>/dev/null
expect 3 "is awake, not secluded, and stays so" infinity serve --galaxy a --secluded --port 0
expect 3 "host of the galaxy in a is Neo" infinity serve --galaxy a --awake --host Smith --port 0
rm -f serve-a.log a/address # the dead one's words are not the new one's
serve a || finish
expect 0 "a knock at the door" http GET "$address/api/awake"
expect 0 "^200 image/png " http GET "$address/api/senses/$hash"
stop; check "Ctrl-C ends it well" $?
exec 9>&-
expect 0 "the books add up" infinity replay --all --galaxy a

# --- secluded
serve s --secluded || finish
grep -q "secluded: souls by invitation" serve-s.log; check "serve tells that it is secluded" $?
[ ! -e s/architect.key ]; check "nor is there an Architect's seat" $?
expect 0 '^200 application/json \{"kind":"secluded","tick":[0-9]+\}$' http GET "$address/api/status"
for path in obituaries souls "souls?state=all" "souls/lineage?soul=1" souls/crossings "soul?soul=1"; do
    expect 0 "^403 .*nothing of itself" http GET "$address/api/$path"
done
expect 0 "0 souls" infinity soul list --galaxy s
expect 0 "^404 .*not awake" http GET "$address/api/awake"
grep -q "minds = 0" s/infinity.conf && grep -q "kind = secluded" s/infinity.conf; check "its settings say what it is" $?
stop; check "Ctrl-C ends it well" $?
rm -f serve-s.log
serve s || finish
expect 0 '"kind":"secluded"' http GET "$address/api/status"
stop; check "it stays what it is without being told again" $?
expect 3 "is secluded and has no host" infinity serve --galaxy s --host Neo --port 0

# --- settings of the host's own, that do not say what kind of galaxy it is
mkdir t w && printf 'minds = 0\n' >t/infinity.conf && printf 'minds = 20\n' >w/infinity.conf
serve t --secluded || finish
stop; check "settings without a kind make what --secluded says" $?
for option in --secluded ""; do
    rm -f serve-t.log
    serve t $option || finish
    grep -q "secluded: souls by invitation" serve-t.log; check "and it is that again, started with '$option'" $?
    [ ! -e t/architect.key ]; check "without an Architect's seat" $?
    stop
done
expect 3 "is secluded, not awake" infinity serve --galaxy t --awake --host Neo --port 0
serve w || finish
stop
expect 3 "is open, not secluded, and stays so" infinity serve --galaxy w --secluded --port 0
expect 3 "is open, not awake, and stays so" infinity serve --galaxy w --awake --host Neo --port 0
printf 'minds = 20\nkind = secluded\n' >w/infinity.conf
expect 3 "is open, not secluded" infinity serve --galaxy w --port 0
finish
