#!/usr/bin/env bash
# Souls between two real servers, by the command line: there and back, copied and one again, asleep in a file and awake;
# and what is refused: changed and second files, a border that is closed, a server that is down, that lies, or is this one.
set -u
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # a killed server leaks
export no_proxy='*'

json() { python3 -c 'import json,sys; v=json.load(sys.stdin)
for k in sys.argv[1].split("."): v=v[int(k)] if isinstance(v,list) else v[k]
print(v)' "$1"; }
post() { # post URL PATH BODY: the public door
    python3 -c 'import sys, urllib.request, urllib.error
try: print(urllib.request.urlopen(urllib.request.Request(sys.argv[1]+sys.argv[2], data=sys.argv[3].encode(), headers={"content-type":"application/json"}), timeout=10).read().decode())
except urllib.error.HTTPError as e: print(e.code, e.read().decode())' "$@"; }
get() { python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' "$1"; }
# agreed PATTERN COMMAND…: as expect 0; a mind that grieves or is afraid just now is asked again for a minute.
agreed() {
    local pattern=$1 output status i
    shift
    for ((i = 0; i < 60; i++)); do
        output=$("$@" 2>&1 </dev/null)
        status=$?
        grep -Eq "(does|has) not agree" <<<"$output" || break
        sleep 1
    done
    [ $status = 0 ] && grep -Eq -- "$pattern" <<<"$output"
    check "$*: exit $status, printed: ${output:0:600}; wanted: $pattern" $?
}
# Whoever is like this says yes to nearly everything.
echo '{"traits": {"wanderlust": 1, "faith in strangers": 1, "order": 1, "curiosity": 1, "courage": 1, "sociability": 1}, "credits": 80000}' >open.json
echo '{"traits": {"wanderlust": 0, "faith in strangers": 0, "order": 0, "curiosity": 0, "courage": 0, "sociability": 0}, "credits": 20000}' >shy.json

# --- two galaxies; b speaks HTTPS with a certificate of an authority of its own
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout ca.key -out ca.pem -subj '/CN=Test authority' 2>openssl.log &&
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout b.key -out b.csr -subj '/CN=127.0.0.1' 2>>openssl.log &&
    printf 'subjectAltName=IP:127.0.0.1' >ext &&
    openssl x509 -req -in b.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out b.pem 2>>openssl.log
check "openssl makes certificates" $?
mkdir a b
settings='minds = 40\nborder = open\nborder_claim_max = 100000\nborder_retry_ms = 100\n'
printf "${settings}border_ca = $PWD/ca.pem\n" >a/infinity.conf
printf "${settings}seed = 7\ntls_certificate = $PWD/b.pem\ntls_key = $PWD/b.key\ntls_port = 0\n" >b/infinity.conf
serve a || finish
server_a=$server url_a=$address
serve b || finish
server_b=$server url_b=$address
tls_b=https://127.0.0.1:$(sed -n 's/^ *https *port //p' serve-b.log)
key_a=$(get "$url_a/border" | json server) key_b=$(get "$url_b/border" | json server)
[ ${#key_a} = 64 ] && [ ${#key_b} = 64 ] && [ "$key_a" != "$key_b" ]; check "each tells its own key" $?

# --- there by HTTPS and back
infinity mind birth --dna open.json --name Ada --built-in --galaxy a >/dev/null; check "a mind is born" $?
expect 0 "Ada" infinity soul list --find ada --galaxy a
infinity mind birth --dna open.json --name Bo --built-in --galaxy a >/dev/null
agreed "Bo rides with Ada" infinity soul board Bo Ada --galaxy a
expect 0 "Bo .*riding" infinity soul list --state riding --galaxy a
expect 0 "rides with Ada" infinity soul show Bo --galaxy a
expect 0 "carries Bo" infinity soul show Ada --galaxy a
expect 1 "ids of two souls with bodies" infinity soul board Bo Ada --galaxy a
expect 0 "Bo has a body of its own again" infinity soul leave Bo --galaxy a
expect 0 "^0 souls" infinity soul list --state riding --galaxy a
agreed "agrees" infinity soul ask Ada cut --galaxy a
agreed "offer.*escrow.*sent.*receipt|receipt" infinity soul cut Ada "$tls_b" --galaxy a
expect 0 "Ada is gone" infinity soul show Ada --galaxy a
expect 0 '"state": *"gone"' infinity soul show Ada --json --galaxy a
sleep 0.5 # rows of the read models come with a later tick
expect 0 "Ada .*gone" infinity soul list --state gone --galaxy a
expect 0 "^0 souls" infinity soul list --find Ada --galaxy a
expect 0 "Ada .*here" infinity soul list --find Ada --galaxy b
expect 0 "epoch 2, here" infinity soul lineage Ada --galaxy b
agreed "receipt" infinity soul cut Ada "$url_a" --galaxy b
expect 0 "epoch 3, here" infinity soul lineage Ada --galaxy a
expect 0 '"state": ?"gone"' infinity soul lineage "$(infinity soul lineage Ada --json --galaxy a | json identity)" --json --galaxy b

# --- consent
infinity mind birth --dna shy.json --name Shy --built-in --galaxy a >/dev/null
expect 1 "Shy does not agree" infinity soul cut Shy "$url_b" --galaxy a
expect 1 "Shy does not agree" infinity soul copy Shy --galaxy a
expect 1 "Shy does not agree" infinity soul download Shy --out shy.soul --galaxy a
[ ! -e shy.soul ]; check "and there is no file" $?

# --- copied, and one again
agreed "woke beside the original" infinity soul copy Ada --name Eve --galaxy a
expect 1 "does not agree|not of one lineage|unrelated" infinity soul merge Ada Shy --galaxy a
agreed "They are one" infinity soul merge Ada Eve --galaxy a
expect 0 "Eve is merged.*lives on in Ada" infinity soul show Eve --galaxy a
expect 0 "Eve .*merged" infinity soul list --state all --find Eve --galaxy a
expect 1 "state is all or one of" infinity soul list --state lost --galaxy a
expect 0 "merged" infinity soul lineage Ada --galaxy a

# --- asleep in a file, awake once
agreed "sleeps in ada.soul" infinity soul download Ada -o ada.soul --galaxy a
expect 0 "" infinity soul verify ada.soul
expect 0 "Ada is away" infinity soul show Ada --galaxy a
sed 's/"name":"Ada"/"name":"Ida"/' ada.soul >forged.soul
expect 1 "does not hold" infinity soul upload forged.soul --galaxy b
head -c 3000 ada.soul >torn.soul
expect 1 "does not hold" infinity soul upload torn.soul --galaxy b
expect 0 "Ada woke" infinity soul upload ada.soul --home "$url_a" --galaxy b
expect 1 "met the soul with this epoch" infinity soul upload ada.soul --home "$url_a" --galaxy b
expect 1 "had its one waking" infinity soul upload ada.soul --galaxy a
expect 0 "woken" infinity soul lineage Ada --galaxy b
agreed "sleeps in again.soul" infinity soul download Ada --out again.soul --galaxy b
expect 0 "Ada woke" infinity soul upload again.soul --galaxy b
expect 0 '"courage"' infinity dna sample Ada --galaxy b

# --- refused, and nothing has changed
expect 1 "this galaxy itself" infinity soul cut Ada "$url_b" --galaxy b
expect 1 "does not answer" infinity soul cut Ada http://127.0.0.1:9 --galaxy b
expect 1 "certificate|does not answer" infinity soul cut Ada "$tls_b" --galaxy b # b does not trust that authority
expect 1 "begins with https|\"to\" is" infinity soul cut Ada ftp://x --galaxy b
expect 0 "Ada" infinity soul list --find Ada --galaxy b
expect 0 "no array|array of 1 to 64" post "$url_b" /border/arrivals '{}'
expect 0 '"problem"' post "$url_b" /border/arrivals '[{"message":"arrival"}]'
expect 0 "403|not allowed" post "$url_b" /api/souls/cut '{"soul":"Ada","to":"http://127.0.0.1:9"}'
expect 0 "403|not allowed|404|not found" post "$url_b" /api/souls/invite "{\"key\":\"$key_a\"}"

# --- a lying server: it says welcome, signed by a key that is not the one it says
cat >liar.py <<'PY'
import http.server, json, sys
class Liar(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        one = {"message": "welcome", "version": 1, "server": "ab" * 32, "identity": body[0]["identity"], "epoch": body[0]["epoch"],
               "offer": "00" * 32, "until": 9999999999, "claim_credits": 1, "galaxy": "00" * 16, "galaxy_name": "x", "galaxy_kind": "open",
               "server_signature": "00" * 64}
        text = json.dumps([one]).encode()
        self.send_response(200); self.send_header("content-length", str(len(text))); self.end_headers(); self.wfile.write(text)
    def log_message(self, *a): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Liar)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 liar.py >liar.port &
servers+=($!)
for i in $(seq 50); do [ -s liar.port ] && break; sleep 0.1; done
expect 1 "does not hold" infinity soul cut Ada "http://127.0.0.1:$(cat liar.port)" --galaxy b
expect 0 "Ada" infinity soul list --find Ada --galaxy b

# --- the other server dies on the way: the soul waits at the border, and goes on when it is back
infinity mind birth --dna open.json --name Tess --built-in --galaxy a >/dev/null
kill -9 "$server_b"; wait "$server_b" 2>/dev/null
expect 1 "does not answer" infinity soul cut Tess "$url_b" --galaxy a
server=$server_a; stop; check "a stops" $?
INFINITY_KILL_AT=escrow serve a || finish # dies when the escrow is durable, before anything is sent
server_a=$server
serve b --port "${url_b##*:}" || finish
server_b=$server
infinity soul cut Tess "$url_b" --galaxy a >/dev/null 2>&1
wait "$server_a" 2>/dev/null
kill -0 "$server_a" 2>/dev/null; [ $? != 0 ]; check "a died at the escrow" $?
serve a || finish
server_a=$server
for i in $(seq 100); do infinity soul show Tess --galaxy b >/dev/null 2>&1 && break; sleep 0.1; done
expect 0 "epoch 2, here" infinity soul lineage Tess --galaxy b
expect 0 "Tess is gone" infinity soul show Tess --galaxy a

# --- a border that is closed, and an invitation
server=$server_b; stop; check "b stops" $?
sed -i 's/border = open/border = closed/' b/infinity.conf
serve b --port "${url_b##*:}" || finish
server_b=$server
infinity mind birth --dna open.json --name Una --built-in --galaxy a >/dev/null
expect 1 "border is closed" infinity soul cut Una "$url_b" --galaxy a
expect 0 "Invited" infinity soul invite "$key_a" --galaxy b
agreed "receipt" infinity soul cut Una "$url_b" --galaxy a
expect 1 "64 hexadecimal" infinity soul invite abc --galaxy b

# --- the books
server=$server_a; stop; check "a ends well" $?
server=$server_b; stop; check "b ends well" $?
expect 0 "the books add up" infinity replay --all --galaxy a
expect 0 "the books add up" infinity replay --all --galaxy b
# --- settings that are wrong
printf 'border_peers = abc\n' >>a/infinity.conf
expect 1 "border_peers: 'abc' is no public key" infinity serve --galaxy a --port 0
sed -i '$d' a/infinity.conf
printf 'tls_certificate = nowhere.pem\ntls_key = nowhere.key\n' >>a/infinity.conf
expect 1 "tls_certificate: the file .*nowhere.pem" infinity serve --galaxy a --port 0
finish
