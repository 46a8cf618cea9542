#!/usr/bin/env bash
# What the border must refuse, at real servers.
exec node "$INF_SOURCE/tests/border/refusals.mjs"
