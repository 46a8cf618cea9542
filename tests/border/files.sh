#!/usr/bin/env bash
# Files of those who are away are kept as long as they are of use.
exec node "$INF_SOURCE/tests/border/files.mjs"
