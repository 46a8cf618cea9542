#!/usr/bin/env bash
# The bad road that the border's tests use does what it says.
exec node --test "$INF_SOURCE/tests/border/test_proxy.mjs"
