# What the tests of the command line share. Sourced; works in an empty folder of its own.
: "${INF_BIN:?}" "${INF_TEST_DIR:?}" "${INF_SOURCE:?}"
rm -rf "$INF_TEST_DIR"
mkdir -p "$INF_TEST_DIR"
cd "$INF_TEST_DIR" || exit 1
passed=0 failed=0
servers=()

infinity() { "$INF_BIN/infinity" "$@"; }

check() { # check TEXT STATUS
    if [ "$2" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

# expect EXIT PATTERN COMMAND...: the exit code, and an extended regular expression in what it prints.
expect() {
    local wanted=$1 pattern=$2 output status
    shift 2
    output=$("$@" 2>&1 </dev/null)
    status=$?
    if [ $status = "$wanted" ] && grep -Eq -- "$pattern" <<<"$output"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  exit %s, wanted %s; printed: %s\n  wanted: %s\n' "$*" $status "$wanted" "${output:0:600}" "$pattern"
    fi
}

# serve FOLDER [ARGUMENTS]: start a server in the background on a free port and wait for its address.
# Sets server (its process) and address.
serve() {
    local folder=$1 i
    shift
    "$INF_BIN/infinity" serve --galaxy "$folder" --port 0 "$@" >"serve-$folder.log" 2>&1 &
    server=$!
    servers+=("$server")
    for ((i = 0; i < 600; i++)); do
        # A killed server leaves its address behind: the new one's own words count.
        address=$(sed -n 's/^ *open *//p' "serve-$folder.log")
        [ -n "$address" ] && [ "$(cat "$folder/address" 2>/dev/null)" = "$address" ] && return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    echo "FAILED: the server did not come up:"
    cat "serve-$folder.log"
    failed=$((failed + 1))
    return 1
}

# stop: as Ctrl-C does; gives the server's exit code.
stop() {
    kill -INT "$server"
    wait "$server"
}

finish() {
    local one
    for one in "${servers[@]}"; do kill -9 "$one" 2>/dev/null; done
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
    exit
}
