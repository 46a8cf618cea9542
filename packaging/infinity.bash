# Completion of `infinity` for bash. Commands and options come from the program itself
# (infinity help --words: a line per command, `NAME: --option ...`), so they are never out of date.
#   install -m 644 packaging/infinity.bash /usr/share/bash-completion/completions/infinity

_infinity() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} program=${COMP_WORDS[0]}
    local table name options first=${COMP_WORDS[1]:-}
    COMPREPLY=()
    table=$("$program" help --words 2>/dev/null) || return 0
    case "$before" in
        --galaxy | --report | --web) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return 0 ;;
        --dna | --config | --identity | --out) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return 0 ;;
        --minds | --days | --seed | --port | --address | --name | --from | --to) return 0 ;;
    esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(cut -d: -f1 <<<"$table" | cut -d' ' -f1) --version --help" -- "$word")
        return 0
    fi
    if [ "$COMP_CWORD" -eq 2 ]; then
        options=$(sed -n "s/^$first \([a-z]*\):.*/\1/p" <<<"$table")
        [ -z "$options" ] || { mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word"); return 0; }
    fi
    if [ "$first" = help ] && [ "${word:0:1}" != - ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(cut -d: -f1 <<<"$table" | cut -d' ' -f1) settings exit words" -- "$word")
        return 0
    fi
    if [ "$first" = soul ] || [ "$first ${COMP_WORDS[2]:-}" = "dna show" ]; then
        [ "${word:0:1}" = - ] || { mapfile -t COMPREPLY < <(compgen -f -- "$word"); return 0; }
    fi
    if [ "$first" = backup ] && [ "${word:0:1}" != - ]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return 0
    fi
    for name in "$first ${COMP_WORDS[2]:-}" "$first"; do
        options=$(sed -n "s/^$name://p" <<<"$table")
        [ -z "$options" ] || break
    done
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
}
complete -F _infinity infinity
