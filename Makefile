# The entry points. CMake and cmake/wasm.mk do the building; see CONTRIBUTING.md.
#
#   make play    install what is missing, build, make a galaxy in ./galaxy if there is none, serve it
#   make test    install what is missing, build, run every test; the last line is `N passed, N failed`
#   make bench   run all benchmarks, write docs/performance.md (about 20 minutes; QUICK=1: three, docs untouched)
MAKEFLAGS += --no-print-directory
JOBS ?= 2
CMAKE_OPTIONS ?=
BIN := build/release/bin
# Where scripts/deps puts a newer Node than the system's, if it has to.
export PATH := $(CURDIR)/tools/node/bin:$(PATH)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

play: deps build ## install, build, create ./galaxy if absent, serve it
	@exec $(BIN)/infinity serve $(ARGS)

test: deps ## install, build, run every test
	@exec scripts/test $(ARGS)

bench: native ## run all benchmarks, fill in docs/performance.md (QUICK=1: three minutes, docs untouched; RESUME=1: what is missing)
	@exec scripts/bench $(if $(QUICK),--quick) $(if $(RESUME),--resume) $(ARGS)

deps: ## install what is missing (root for Debian packages only)
	@scripts/deps

build: native web ## the programs (build/release/bin) and the page (web/dist)

native: build/release/build.ninja
	@cmake --build build/release -j $(JOBS) -- --quiet

build/release/build.ninja: CMakePresets.json
	@cmake --preset release $(CMAKE_OPTIONS) >/dev/null

wasm: ## the core as WebAssembly (build/wasm)
	@$(MAKE) -s -j $(JOBS) -f cmake/wasm.mk

# The page is built again only when one of its files, or the core in it, has changed.
web_files = $(shell find web -type d \( -name node_modules -o -name dist -o -name out \) -prune -o -type f -print)
web: wasm ## the page (web/dist)
	@$(if $(wildcard web/package.json),$(MAKE) web/dist/index.html,echo "web: no page in this tree")

web/dist/index.html: $(web_files) build/wasm/infinity.wasm
	@mkdir -p web/public && cp build/wasm/infinity.wasm web/public/infinity.wasm
	@cd web && npm run --silent build && touch dist/index.html

soak: native ## the server under load for two hours: memory and descriptors stay flat
	@exec tests/soak/run $(ARGS)

soakborder: native ## 10,000 souls cross between three servers that are killed again and again
	@INF_BIN=$(BIN) exec node tests/border/fault.mjs --transfers 10000 --seconds 1500 --looks 40 $(ARGS)

sim: native ## galaxies with faults, drawn from seeds, for ten minutes (ARGS="--seconds N --seed S")
	@exec $(BIN)/infinity-sim $(ARGS)

fuzz: ## the fuzzers, ten minutes each (ARGS=SECONDS)
	@exec fuzz/run $(or $(ARGS),600)

# DESTDIR for packagers. The unit expects /usr/local; change ExecStart in it for another prefix.
PREFIX ?= /usr/local
install: build ## copy program, page, manual, completion and unit to $(PREFIX)
	install -D -m 755 $(BIN)/infinity $(DESTDIR)$(PREFIX)/bin/infinity
	install -D -m 644 packaging/infinity.1 $(DESTDIR)$(PREFIX)/share/man/man1/infinity.1
	install -D -m 644 packaging/infinity.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/infinity
	install -D -m 644 packaging/infinity.service $(DESTDIR)$(PREFIX)/lib/systemd/system/infinity.service
	mkdir -p $(DESTDIR)$(PREFIX)/share/infinity/web
	cp -r web/dist/. $(DESTDIR)$(PREFIX)/share/infinity/web/

docs: native ## docs/wire.md, from the tables
	@$(BIN)/gen_docs >docs/wire.md.new && mv docs/wire.md.new docs/wire.md

clean: ## remove what was built (never a galaxy)
	rm -rf build web/dist web/public/infinity.wasm

.PHONY: install help play test bench deps build native wasm web soak soakborder sim fuzz docs clean
