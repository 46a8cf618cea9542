#!/usr/bin/env bash
# Who rides is where its carrier is, over borders, too.
exec node "$INF_SOURCE/tests/border/crew.mjs"
