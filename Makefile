# make console   builds everything and serves the page on 127.0.0.1 (PORT=8118)
# make test      runs every gate
# make package   leaves pkg/ ready for `npm pack`
# make schema    holds the vocabulary to libvirt's schema with 10,000 documents of each kind
# make bench     measures the package beside its peers
# make install   puts the package and its pkg-config file below PREFIX (and DESTDIR)
# Each needs Rust by rustup, Node and, on Debian, apt; what else it takes it installs into .tools, once a version.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8118
PREFIX ?= /usr/local

WASM_PACK := 0.15.1
BINARYEN := 132.0.0
WASM_BINDGEN := $(shell sed -n '/^name = "wasm-bindgen"$$/ { n; s/^version = "\(.*\)"$$/\1/p }' Cargo.lock)

TOOLS := $(CURDIR)/.tools
wasm-pack := $(TOOLS)/wasm-pack-$(WASM_PACK)/bin/wasm-pack
wasm-bindgen := $(TOOLS)/wasm-bindgen-$(WASM_BINDGEN)/bin/wasm-bindgen
wasm-opt := $(TOOLS)/binaryen-$(BINARYEN)/node_modules/.bin/wasm-opt
BUILD_TOOLS := rust $(wasm-pack) $(wasm-bindgen) $(wasm-opt)
export PATH := $(dir $(wasm-pack)):$(dir $(wasm-bindgen)):$(dir $(wasm-opt)):$(PATH)

CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TARGET_DIR
PROGRAM := $(CARGO_TARGET_DIR)/release/virtlens

files = $(shell find $(1) \( -name node_modules -o -name dist -o -name target \) -prune -o -type f -print)
CRATE := Cargo.toml Cargo.lock $(call files,src)
BARE := tests/bench/bare

GATES := format lint native wasm-node wasm-chrome package-checks package-tests score page
.PHONY: console test package schema bench install rust browser $(GATES)

## What people call

console: www/dist/index.html
	cd www && exec node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port $(PORT) --strictPort

test:
	for gate in $(GATES); do
	  echo "== $$gate"
	  SECONDS=0
	  $(MAKE) $$gate
	  echo "== $$gate: $$SECONDS s"
	done

package: pkg/package.json

install: pkg/package.json
	install -d $(DESTDIR)$(PREFIX)/share/virtlens $(DESTDIR)$(PREFIX)/share/pkgconfig
	install -m 644 -t $(DESTDIR)$(PREFIX)/share/virtlens pkg/*
	version=$$(node -p 'require("./pkg/package.json").version')
	sed "s|@prefix@|$(PREFIX)|; s|@version@|$$version|" pkg-config/virtlens.pc.in > $(DESTDIR)$(PREFIX)/share/pkgconfig/virtlens.pc

## Gates

format: rust
	cargo fmt --check
	cargo fmt --check --manifest-path $(BARE)/Cargo.toml

lint: rust
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --target wasm32-unknown-unknown --no-default-features --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib
	cargo clippy --locked --target wasm32-unknown-unknown --manifest-path $(BARE)/Cargo.toml -- -D warnings

native: rust
	cargo test --locked

schema: rust
	VIRTLENS_DOCUMENTS=10000 cargo test --locked --test schema

# A suite in which no test ran passes by itself; here it fails.
counted = 2>&1 | awk '{ print; fflush() } /^test result: ok/ { ran += $$4 } END { print ran + 0, "tests ran"; exit ran == 0 }'

wasm-node: $(BUILD_TOOLS)
	wasm-pack test --node --mode no-install -- --locked --no-default-features $(counted)

wasm-chrome: $(BUILD_TOOLS) browser
	WASM_BINDGEN_USE_BROWSER=1 wasm-pack test --headless --chrome --chromedriver /usr/bin/chromedriver --mode no-install -- --locked --no-default-features $(counted)

package-checks: tests/package/node_modules/.package-lock.json
	cd tests/package && npm run checks

package-tests: tests/package/node_modules/.package-lock.json $(PROGRAM) browser
	cd tests/package && VIRTLENS=$(PROGRAM) npm test

score: $(PROGRAM)
	python3 tests/score.py $(PROGRAM)

page: www/dist/index.html tests/browser/node_modules/.package-lock.json browser
	cd tests/browser && npm test

bench: $(PROGRAM) $(CARGO_TARGET_DIR)/bare/bare.js tests/bench/node_modules/.package-lock.json browser
	node tests/bench/run.mjs $(CARGO_TARGET_DIR)/bare
	node tests/bench/hosts.mjs

## What is built

$(PROGRAM): $(CRATE) | rust
	cargo build --release --locked
	touch $@

pkg/package.json: $(CRATE) README.md CHANGELOG.md $(call files,pkg-config) pkg-config/node_modules/.package-lock.json | $(BUILD_TOOLS)
	wasm-pack build --target web --release --mode no-install --out-dir target/stage --out-name virtlens -- --locked --no-default-features
	node pkg-config/finish.mjs

www/dist/index.html: pkg/package.json $(call files,www tests/hosts) www/node_modules/.package-lock.json
	cd www && npm run build
	touch dist/index.html

$(CARGO_TARGET_DIR)/bare/bare.js: $(call files,$(BARE)) | $(BUILD_TOOLS)
	cd $(BARE) && wasm-pack build --target web --release --mode no-install --out-dir $(@D) -- --locked

# npm writes this file last. The page and the tests of the package link pkg/, which has to be there.
%/node_modules/.package-lock.json: %/package-lock.json | pkg/package.json
	cd $* && npm ci
	touch node_modules/.package-lock.json

pkg-config/node_modules/.package-lock.json: pkg-config/package-lock.json
	cd pkg-config && npm ci
	touch node_modules/.package-lock.json

## Tools

rust:
	@[ -d "$$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] || rustup target add wasm32-unknown-unknown
	cargo fmt --version > /dev/null 2>&1 || rustup component add rustfmt
	cargo clippy --version > /dev/null 2>&1 || rustup component add clippy

# They run for seconds and are built for minutes: hence little optimisation.
quick := env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_LTO=off

$(wasm-pack):
	$(quick) cargo install wasm-pack --version =$(WASM_PACK) --locked --root $(TOOLS)/wasm-pack-$(WASM_PACK)

$(wasm-bindgen):
	$(quick) cargo install wasm-bindgen-cli --version =$(WASM_BINDGEN) --root $(TOOLS)/wasm-bindgen-$(WASM_BINDGEN)

$(wasm-opt):
	npm install --no-save --prefix $(TOOLS)/binaryen-$(BINARYEN) binaryen@$(BINARYEN)

browser:
	@[ -x /usr/bin/chromium ] && [ -x /usr/bin/chromedriver ] && exit
	install="apt-get update && apt-get install -y chromium chromium-driver"
	if [ "$$(id -u)" != 0 ]; then echo "Chromium is missing. Run, as root: $$install" >&2; exit 1; fi
	eval "$$install"
