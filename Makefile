# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# make demo       everything from nothing, then the examples of the README
# make test       everything from nothing, then all tests
# make build      the release binary          make setup    the engine library and the Python guest
# make lint       formatting and style        make bench    every figure of the README
# make install PREFIX=/usr/local               a copy that needs nothing of this folder

SWIFT ?= swift
PYTHON ?= python3
PREFIX ?= /usr/local
DESTDIR ?=

# A static standard library lets the installed binary run where no Swift is, and start a third faster.
ifeq ($(shell uname -s),Linux)
RELEASE_FLAGS = -c release --static-swift-stdlib
else
RELEASE_FLAGS = -c release
endif

BINARY = .build/release/terrarium
SETUP = $(PYTHON) Scripts/setup.py
STEP = ./Scripts/step.sh
INSTALLED = $(DESTDIR)$(PREFIX)

.PHONY: demo test build setup lint format bench install clean

demo: build setup
	@$(BINARY) cache add
	@./Scripts/demo.sh $(BINARY)

build:
	@$(STEP) "Building the release binary" $(SWIFT) build $(RELEASE_FLAGS) --product terrarium

setup:
	@$(SETUP) engine
	@$(SETUP) guest

test: build setup
	@$(BINARY) cache add
	@$(STEP) "Building the tests" $(SWIFT) build --build-tests
	@TERRARIUM_TEST_PYTHON="$$($(SETUP) tests)" TERRARIUM_TEST_BINARY="$(CURDIR)/$(BINARY)" \
		TERRARIUM_ENGINE_LIBRARY="$$($(SETUP) library)" $(SWIFT) test --skip-build

lint:
	@$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

format:
	@$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks

bench: build setup
	@$(BINARY) cache add
	@$(STEP) "Building the benchmarks" $(SWIFT) build -c release --package-path Benchmarks
	@TERRARIUM_BINARY="$(CURDIR)/$(BINARY)" TERRARIUM_TEST_PYTHON="$$($(SETUP) tests)" \
		Benchmarks/.build/release/terrarium-benchmarks $(BENCHMARKS)

install: build setup
	@mkdir -p "$(INSTALLED)/bin" "$(INSTALLED)/lib/terrarium/lib"
	@cp $(BINARY) "$(INSTALLED)/bin/terrarium"
	@parts="$$($(SETUP) parts)" && cp "$$parts"/lib/libwasmtime.* "$(INSTALLED)/lib/terrarium/lib/" \
		&& cp "$$parts/python.wasm" "$(INSTALLED)/lib/terrarium/"
	@"$(INSTALLED)/bin/terrarium" cache add --into "$(INSTALLED)/lib/terrarium/code"
	@echo "Installed: $(INSTALLED)/bin/terrarium"

clean:
	@rm -rf .build Benchmarks/.build
