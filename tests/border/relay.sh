#!/usr/bin/env bash
# Who passes the letters of another server on gains nothing by it.
exec node "$INF_SOURCE/tests/border/relay.mjs"
