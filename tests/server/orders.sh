#!/usr/bin/env bash
# Orders and mandates end to end, the program of docs/souls.md as it stands there, and acts by key from the command line.
set -u
. "$(dirname "$0")/../cli/lib.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # a killed server leaks
export no_proxy='*'

# Whoever is like this says yes to nearly everything.
echo '{"traits": {"wanderlust": 1, "faith in strangers": 1, "order": 1, "curiosity": 1, "courage": 1, "sociability": 1}, "credits": 20000}' >open.json
echo '{"traits": {"wanderlust": 0, "faith in strangers": 0, "order": 0, "curiosity": 0, "courage": 0, "sociability": 0}, "credits": 20000}' >shy.json
mkdir a b
settings='minds = 0\nborder = open\nborder_claim_max = 100000\nborder_retry_ms = 100\nborder_private = all\n'
printf "$settings" >a/infinity.conf
printf "${settings}seed = 7\n" >b/infinity.conf
serve a || finish
server_a=$server url_a=$address
serve b || finish
server_b=$server url_b=$address
for name in Ada Bob; do infinity mind birth --dna open.json --name $name --key $name.key --galaxy a >birth.log 2>&1 || cat birth.log; done
[ -s Ada.key ] && [ -s Bob.key ]; check "two driven minds are born" $?

# --- orders and mandates, each thing that can be wrong with them
node "$INF_SOURCE/tests/server/orders.mjs" "$url_a" "$url_b" Ada.key Bob.key >orders.log 2>&1
status=$?; check "orders and mandates: $(tail -5 orders.log)" $status
grep -E '^[0-9]+ passed, 0 failed' orders.log >/dev/null; check "all of them" $?

# --- the program of the documentation, as it stands there
sed -n '/^```js$/,/^```$/p' "$INF_SOURCE/docs/souls.md" | sed '1d;$d' >own.mjs
id() { infinity soul list --find "$1" --json --galaxy a | python3 -c 'import json,sys; print([s["soul"] for s in json.load(sys.stdin) if s["name"] == sys.argv[1]][0])' "$1"; }
own() { node own.mjs "$url_a" "$@"; }
for name in Cara Dora; do infinity mind birth --dna open.json --name $name --key $name.key --galaxy a >/dev/null; done
expect 1 "copy_key" own Cara.key copy "$(id Cara)"
expect 0 '"copy":"' own Cara.key copy "$(id Cara)" '{"copy_key":"server","name":"Cleo"}'
expect 0 "Cleo" infinity soul list --find Cleo --galaxy a
expect 0 '"lives":"' own Cara.key merge "$(id Cara)" "{\"other\":\"$(id Cleo)\",\"wait_s\":20}"
expect 0 "Cleo is merged" infinity soul show Cleo --galaxy a
expect 1 "signature does not hold|has that key" own Dora.key copy "$(id Cara)" '{"copy_key":"server"}'

# --- the same in Python, as it stands there
sed -n '/^```python$/,/^```$/p' "$INF_SOURCE/docs/souls.md" | sed '1d;$d' >own.py
by_python() { python3 own.py "$url_a" "$@"; }
for name in Pia Pol; do infinity mind birth --dna open.json --name $name --key $name.key --galaxy a >/dev/null; done
expect 1 "copy_key" by_python Pia.key copy "$(id Pia)"
expect 0 '"copy":"' by_python Pia.key copy "$(id Pia)" '{"copy_key":"server","name":"Pim"}'
expect 0 "Pim" infinity soul list --find Pim --galaxy a
expect 0 '"lives":"' by_python Pia.key merge "$(id Pia)" "{\"other\":\"$(id Pim)\",\"wait_s\":20}"
expect 1 "signature does not hold|has that key" by_python Pol.key copy "$(id Pia)" '{"copy_key":"server"}'
expect 0 'infinity-soul-1' by_python Pol.key download "$(id Pol)"
expect 0 "Pol is in a file|away" infinity soul show Pol --galaxy a

# --- and in the shell, as it stands there
sed -n '/^```sh$/,/^```$/p' "$INF_SOURCE/docs/souls.md" | sed '1d;$d' >own.sh
ln -s a galaxy
expect 0 "receipt" env PATH="$INF_BIN:$PATH" sh own.sh "$url_a" "$url_b"
rm galaxy
expect 0 "Nora" infinity soul list --find Nora --galaxy b

# --- the command line: the soul itself, by its key
expect 2 "needs one" infinity soul copy Dora --key Dora.key --galaxy a
expect 2 "goes with --key" infinity soul copy Dora --copy-key Eda.key --galaxy a
expect 2 "goes with --key" infinity soul merge Dora Cara --other-key Cara.key --galaxy a
expect 2 "goes with --key" infinity soul cut Dora "$url_b" --server "$url_a" --galaxy a
expect 1 "No such file" infinity soul copy Dora --key none.key --copy-key server --galaxy a
expect 1 "has that key" infinity soul copy Cara --key Dora.key --copy-key server --galaxy a
expect 0 "founding record.*|the copy.*|woke beside the original" infinity soul copy Dora --key Dora.key --copy-key Eda.key --name Eda --galaxy a
[ -s Eda.key ]; check "the copy's key is there" $?
expect 1 "somebody who lives here" infinity soul copy Dora --key Dora.key --copy-key Eda.key --galaxy a
expect 0 '"lives":"' own Dora.key merge "$(id Dora)" "{\"other\":\"$(id Eda)\"}" Eda.key
expect 0 "woke beside" infinity soul copy Dora --key Dora.key --copy-key Fay.key --name Fay --server "$url_a"
expect 1 "another soul has to sign" infinity soul merge Dora Fay --key Dora.key --galaxy a
expect 0 "They are one" infinity soul merge Dora Fay --key Dora.key --other-key Fay.key --galaxy a
expect 1 "not of one lineage|unrelated" infinity soul merge Dora Cara --key Dora.key --other-key Cara.key --galaxy a
expect 0 "sleeps in Dora.soul" infinity soul download Dora --key Dora.key -o Dora.soul --galaxy a
expect 0 "" infinity soul verify Dora.soul
expect 0 "Dora woke" infinity soul upload Dora.soul --home "$url_a" --galaxy b
expect 0 "receipt" infinity soul cut Dora "$url_a" --key Dora.key --galaxy b
expect 0 "here" infinity soul lineage Dora --galaxy a
expect 0 "receipt" infinity soul cut Dora "$url_b" --key Dora.key --server "$url_a"
expect 0 "Dora" infinity soul list --find Dora --galaxy b

# --- nobody of that name: the way out is a command
for what in "cut NOBODY $url_b" "copy NOBODY" "download NOBODY" "merge NOBODY Cara"; do
    expect 1 "infinity soul list" infinity soul $what --galaxy a
done

# --- all at once: who agrees goes, who does not stays, who keeps its own key is told
for name in Gil Hal Ivy; do infinity mind birth --dna open.json --name $name --built-in --galaxy a >/dev/null; done
infinity mind birth --dna shy.json --name Shy --built-in --galaxy a >/dev/null
expect 2 "nobody is named" infinity soul cut --all Gil "$url_b" --galaxy a
expect 2 "who, and where to" infinity soul cut Gil --galaxy a
infinity soul cut --all "$url_b" --wait 10 --galaxy a >all.log 2>&1; status=$?
[ $status = 1 ]; held=$?; check "somebody stays: 1, was $status: $(tail -3 all.log)" $held
for name in Gil Hal Ivy; do
    grep -q "receipt *$name lives there now" all.log; held=$?; check "$name went: $(grep $name all.log | tail -1)" $held
done
grep -q "stays *Shy: Shy does not agree" all.log; check "Shy stays, in its own words" $?
grep -Eq "^[3-9] of [4-9] went to .*: [1-9] stay, 0 came back, 0 at the border, 0 not asked" all.log; held=$?; check "the sum: $(grep went all.log)" $held
grep -q "keep their own keys" all.log; check "who keeps its own key is told" $?
expect 1 '"stay":[1-9]' infinity soul cut --all "$url_b" --wait 2 --json --galaxy a
expect 1 "^0 of [0-9]+ went" infinity soul cut --all http://127.0.0.1:9 --wait 1 --galaxy a

# --- Ctrl-C: nobody more is asked, who was asked goes on, and it says so
for i in $(seq 12); do infinity mind birth --dna open.json --name "Jo$i" --built-in --galaxy a >/dev/null; done
kill -STOP "$server_b" # nobody answers for a while
"$INF_BIN/infinity" soul cut --all "$url_b" --wait 20 --galaxy a >stopped.log 2>&1 &
cutting=$!
sleep 1.5
kill -INT "$cutting"
sleep 0.3
kill -CONT "$server_b"
wait "$cutting"; status=$?
[ $status = 1 ]; check "interrupted: 1, was $status" $?
grep -q "Interrupted" stopped.log; held=$?; check "and it says so: $(tail -2 stopped.log)" $held
for i in $(seq 100); do
    gone=$(infinity soul list --find Jo --galaxy b --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))')
    home=$(infinity soul list --find Jo --galaxy a --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))')
    [ $((gone + home)) = 12 ] && break
    sleep 0.1
done
[ $((gone + home)) = 12 ]; check "each of them is in one place: $gone there, $home here" $?

# --- the books
server=$server_a; stop; check "a ends well" $?
server=$server_b; stop; check "b ends well" $?
expect 0 "the books add up" infinity replay --all --galaxy a
expect 0 "the books add up" infinity replay --all --galaxy b
finish
