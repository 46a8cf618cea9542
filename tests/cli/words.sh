#!/usr/bin/env bash
# Words, options and errors of the command line: nothing here needs a galaxy.
set -u
. "$(dirname "$0")/lib.sh"

expect 0 "an endless live galaxy" infinity help
expect 0 "an endless live galaxy" infinity --help
expect 2 "Commands:" infinity
expect 0 "^infinity [0-9]+\.[0-9]+\.[0-9]+$" infinity --version
expect 0 '"version": "[0-9.]+"' infinity --json --version
for command in serve status run replay backup "mind birth" help; do
    # shellcheck disable=SC2086
    expect 0 "^infinity $command" infinity $command --help
    expect 0 "^infinity $command" infinity help $command
done
expect 0 "listened on" infinity help exit
expect 0 "^port = 8080" infinity help settings
expect 0 "0 to 65535" infinity help port
expect 0 "lives once" infinity help mind

expect 2 "no command sevre; did you mean serve\?" infinity sevre
expect 2 "no command xyzzy; infinity help lists them" infinity xyzzy
expect 2 "mind alone is no command; usage: infinity mind birth" infinity mind
expect 2 "no command mind brith; did you mean mind birth\?" infinity mind brith
expect 2 "mind alone is no command" infinity mind xyzzyxyzzy
expect 2 "a command comes before option --galaxy" infinity --galaxy x
expect 2 "no help on stauts; did you mean status\?" infinity help stauts
expect 2 "status has no option --onec; did you mean --once\?" infinity status --onec
expect 2 "status has no option --x; see infinity help status" infinity status --x
expect 2 "run has no option --seed7; did you mean --seed\?" infinity run --seed7
expect 2 "\-\-minds wants a whole number from 1 to 1000000, not \"0\"" infinity run --minds 0
expect 2 "not \"many\"" infinity run --minds=many
expect 2 "\-\-days wants a D" infinity run --days
expect 2 "\-\-once takes no value" infinity status --once=1
expect 2 "something is missing; usage: infinity backup DIR" infinity backup
expect 2 "too many words" infinity backup a b
expect 2 "\-\-dna FILE is missing" infinity mind birth --name x
expect 2 '"error":"no command sevre; did you mean serve\?"' infinity --json sevre
expect 2 '"exit":2' infinity sevre --json

expect 7 "no server is running on the galaxy in nowhere" infinity status --galaxy nowhere
expect 7 '"exit":7' infinity status --galaxy nowhere --json
expect 1 "nowhere" infinity backup copy --galaxy nowhere
expect 1 "nowhere" infinity replay --galaxy nowhere
[ ! -e nowhere ] && [ ! -e copy ]; check "errors leave nothing behind" $?

echo '{"traits": {"corage": 0.5}}' >wrong-trait.json
echo '{"traits": {"courage": 1.5}}' >wrong-range.json
echo '{"trait": {}}' >wrong-key.json
echo '{"traits": ' >cut.json
echo '{"traits": {"courage": 0.5}}' >good.json
expect 1 'no trait "corage"; did you mean "courage"\?' infinity mind birth --name x --dna wrong-trait.json
expect 1 "courage wants a number from 0 to 1" infinity mind birth --name x --dna wrong-range.json
expect 1 'unknown "trait"; did you mean "traits"\?' infinity mind birth --name x --dna wrong-key.json
expect 1 "cut.json:[0-9]" infinity mind birth --name x --dna cut.json
expect 1 "absent.json" infinity mind birth --name x --dna absent.json
expect 2 "has no name" infinity mind birth --dna good.json
mkdir g
expect 7 "no server is running" infinity mind birth --name x --dna good.json --galaxy g
[ -z "$(find g -name '*.key')" ]; check "a mind that was not born leaves no key" $?

# Each command and option of the completion's table is real, and completion offers them.
infinity help --words >words.txt
grep -q '^mind birth: .*--dna' words.txt; check "the table for completion has the options" $?
. "$INF_SOURCE/packaging/infinity.bash"
complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _infinity; echo " ${COMPREPLY[*]} "; }
[[ $(complete_words "$INF_BIN/infinity" st) == *" status "* ]]; check "completion of a command" $?
[[ $(complete_words "$INF_BIN/infinity" mind b) == *" birth "* ]]; check "completion of a second word" $?
[[ $(complete_words "$INF_BIN/infinity" run --mi) == *" --minds "* ]]; check "completion of an option" $?
[[ $(complete_words "$INF_BIN/infinity" mind birth --d) == *" --dna "* ]]; check "completion of an option after two words" $?

# The manual page names every command, option and exit code.
page=$INF_SOURCE/packaging/infinity.1
for option in $(grep -o -- '--[a-z]*' words.txt | sort -u); do
    grep -q -- "${option//-/\\\\-}" "$page" || { check "the manual page has $option" 1; }
done
for command in 'mind birth' 'soul verify' 'soul show' 'soul lineage' 'soul seal' 'soul open' 'soul export' 'soul import' 'soul list' 'soul ask' 'soul cut' 'soul copy' 'soul merge' 'soul download' 'soul upload' 'soul invite' 'soul board' 'soul leave' 'dna sample' 'dna new' 'dna draw' 'dna show'; do
    grep -q "$command" "$page"; check "the manual page has $command" $?
done

finish
