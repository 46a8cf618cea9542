#!/usr/bin/env bash
# Souls and DNA in files: everything that the command line does without a galaxy.
set -u
. "$(dirname "$0")/lib.sh"

"$INF_BIN/../tests/soul_fixture" >fixture.log 2>&1; check "the files are there ($(tail -n 1 fixture.log))" $?

# verify
expect 0 "ada.soul holds: every signature" infinity soul verify ada.soul
expect 0 "lineage +9 records" infinity soul verify ada.soul
expect 0 '"holds": true' infinity soul verify ada.soul --json
expect 1 "cut.soul: .*ends too early" infinity soul verify cut.soul
expect 1 "soul's signature does not hold" infinity soul verify changed.soul
expect 1 "version that this program does not know" infinity soul verify future.soul
expect 1 "signed by another key than the soul's own" infinity soul verify thief.soul
expect 1 '"holds": false' infinity soul verify thief.soul --json
expect 1 "it is not JSON" infinity soul verify no.soul
expect 1 "absent.soul: No such file" infinity soul verify absent.soul
expect 2 "something is missing; usage: infinity soul verify FILE" infinity soul verify
expect 2 "soul alone is no command; soul what\? One of: show, lineage" infinity soul
expect 2 "no command soul verfy; did you mean soul verify\?" infinity soul verfy
expect 0 "infinity soul seal FILE" infinity help soul
for command in "soul show" "soul lineage" "soul verify" "soul seal" "soul open" "soul export" "soul import" "dna new" "dna draw" "dna show"; do
    # shellcheck disable=SC2086
    expect 0 "^infinity $command" infinity $command --help
done

# show: layout does not matter, content does
expect 0 "^Ada$" infinity soul show ada.soul
expect 0 "Aurelia Reach" infinity soul show ada.soul
expect 0 "courage +█{20}  1.00" infinity soul show ada.soul
expect 0 "traded, Bel, 4,200" infinity soul show ada.soul
expect 0 "lost, Corvus +\(1 -2 3 / 0\)" infinity soul show ada.soul
expect 0 "Bel +640 +300 +-50" infinity soul show ada.soul
expect 0 "Miner, hull 180 of 200, fuel for 31.5 light-years" infinity soul show ada.soul
expect 0 "1,234 ₡ carried, 56,000 ₡ banked" infinity soul show ada.soul
expect 0 "heirs: Bel" infinity soul show ada.soul
expect 0 "Signed by the soul" infinity soul show ada.soul
expect 1 "do not believe this page" infinity soul show changed.soul
infinity soul show ada.soul --json >indented.soul; check "show --json prints the document" $?
expect 0 "indented.soul holds" infinity soul verify indented.soul

# lineage: a line per soul
infinity soul lineage ada.soul >graph.txt; check "a lineage is drawn" $?
expect 0 "^● +downloaded +Ada, into a file" cat graph.txt
expect 0 "^├─╮" cat graph.txt
expect 0 "^│ ● +copied +Ada II, from Ada" cat graph.txt
expect 0 "^├─╯" cat graph.txt
expect 0 "^● +founded +Ada" tail -n 1 graph.txt
[ "$(grep -c '●' graph.txt)" = 9 ]; check "each record stands in it once" $?
expect 0 '"act": "founded"' infinity soul lineage ada.soul --json

# seal and open
age-keygen -o key.txt 2>/dev/null && recipient=$(age-keygen -y key.txt); check "age makes a key" $?
age-keygen -o other.txt 2>/dev/null
expect 0 "sealed in ada.soul.age" infinity soul seal ada.soul "$recipient"
expect 1 "exists already" infinity soul seal ada.soul "$recipient"
expect 0 "BEGIN AGE" bash -c "'$INF_BIN/infinity' soul seal ada.soul $recipient --armour --out letter.age && cat letter.age"
expect 1 "soul's signature does not hold" infinity soul seal changed.soul "$recipient"
expect 2 "no recipient of age" infinity soul seal ada.soul age1
expect 0 "ada.soul.age holds" infinity soul verify ada.soul.age --identity key.txt
expect 1 "no identity matched" infinity soul verify ada.soul.age --identity other.txt
expect 1 "is not sealed" infinity soul open ada.soul --out x.soul
expect 0 "opened into back.soul" infinity soul open ada.soul.age --identity key.txt --out back.soul
expect 0 "back.soul holds" infinity soul verify back.soul
[ "$(cat back.soul)" = "$(cat ada.soul)" ]; check "what was sealed comes out the same" $?
if setsid -w true 2>/dev/null; then # without a terminal nobody can be asked
    expect 1 "is sealed: give the age key" setsid -w "$INF_BIN/infinity" soul verify ada.soul.age
    expect 2 "no terminal to ask for a passphrase" setsid -w "$INF_BIN/infinity" soul seal ada.soul
fi

# agent files
expect 0 "Left behind, for an agent file cannot hold it" infinity soul export ada.soul --af
expect 0 "My name is Ada" cat ada.af
expect 2 "\-\-af is the one format" infinity soul export ada.soul
expect 1 "signature does not hold" infinity soul export changed.soul --af
expect 0 "ada.dna: DNA of Ada, traits as the file says" infinity soul import ada.af
expect 0 "courage +█{20}  1.00" infinity dna show ada.dna
printf '{"agents":[{"name":"Sam","messages":[{}],"block_ids":[]}],"blocks":[],"tools":[{"source_code":"import os"}]}' >sam.af
expect 0 "drawn from a hash" infinity soul import sam.af
expect 0 "Left behind: 1 messages, 1 tools" infinity soul import sam.af --out sam2.dna
[ "$(cat sam.dna)" = "$(cat sam2.dna)" ]; check "the same file gives the same DNA" $?
expect 1 "there is no agent in it" infinity soul import ada.soul

# DNA
expect 0 '"courage": 0.8' infinity dna new Bel courage=0.8 "faith in strangers=0.1"
expect 2 'no trait "corage"; did you mean "courage"\?' infinity dna new Bel corage=0.8
expect 2 "courage wants a number from 0 to 1" infinity dna new Bel courage=2
expect 2 "a trait is given as courage=0.7" infinity dna new Bel courage
expect 0 "bel.dna; to bear it" infinity dna new Bel courage=0.8 --out bel.dna
expect 1 "exists already" infinity dna new Bel --out bel.dna
expect 0 "written" infinity dna show bel.dna
[ "$(infinity dna draw --seed 7)" = "$(infinity dna draw --seed 7)" ]; check "a seed draws the same" $?
[ "$(infinity dna draw)" != "$(infinity dna draw)" ]; check "chance draws something else" $?
infinity dna draw --seed 7 --name Cor --out cor.dna >/dev/null
expect 0 "drawn by chance, seed 7" infinity dna show cor.dna
mkdir g
expect 7 "no server is running" infinity mind birth --dna cor.dna --galaxy g
finish
