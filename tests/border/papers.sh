#!/usr/bin/env bash
# A server that is killed while a signature is waited for.
exec node "$INF_SOURCE/tests/border/papers.mjs"
