#!/usr/bin/env bash
# 500 transfers among three servers that are killed, over a bad road; `make soakborder` runs 10,000 (ARGS="--seed N").
exec node "$INF_SOURCE/tests/border/fault.mjs" --transfers "${INF_BORDER_TRANSFERS:-500}" --seconds "${INF_BORDER_SECONDS:-300}" "$@"
