# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# make demo           everything from nothing, then the examples of the README
# make test           everything from nothing, then all tests; ONLY=SuspensionTests for the Swift tests of that name
# make test-quick     the tests that need no image: formats, linker, bindings, engine, options; a minute after a build
# make test-bindings  the tests of generated bindings, a part of make test
# make test-asan      the library's tests with AddressSanitizer; make test-tsan those with ThreadSanitizer
# make fuzz           made-up inputs for all readers of others' bytes; SECONDS=60 for each, TARGETS="wit wave" for some
# make serve          the HTTP server, on this machine's loopback interface; OPTIONS="--port 8001" for its options
# make test-server    the tests of the server; ONLY= as above
# make build          the release binary
# make setup          the engine library and the Python image
# make optimize       compiles the image with clang, so that programs run twice as fast: some ten minutes of two processors
# make test-native    the tests of sandboxes on optimised code, after make optimize
# make examples       the programs of Examples/
# make check          an installed copy, and packages that depend on this one
# make lint           formatting and style
# make docs           the libraries' documentation, and whether their public API is that of Documentation/PublicAPI
# make api            writes the public API there, after an intended change
# make bench          every figure of the README; BENCHMARKS="process cpu" for some of them
# make dist           an archive of such a copy, with licences, checked, in .build/dist
# make install        a copy under PREFIX=/usr/local that needs nothing of this folder
# make compare-data   a part of make test: programs in the image `data` print what they print in CPython
# make compare-numpy  a part of make test: NumPy's answers against those of the machine's own
# make test-cpython   CPython's own test-suite, in sandboxes, compared with a native CPython, which takes half an hour
# make test-toolchain C++ exceptions as extension modules have them, compiled and run, which takes minutes the first time
# make test-numpy     NumPy's own tests, in a guest and on the machine, which takes half an hour
# make wheels         builds the packages with native code from source, and compares them with Guest/wheels

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

# The examples and benchmarks are packages of their own; in one folder with this one, what they share is built once.
SCRATCH = $(CURDIR)/.build
BINARY = $(SCRATCH)/release/terrarium
SETUP = $(PYTHON) Scripts/setup.py
STEP = ./Scripts/step.sh
INSTALLED = $(DESTDIR)$(PREFIX)

# What tests of Swift code find their tools by.
TOOLS = TERRARIUM_TEST_PYTHON="$$($(SETUP) tests)" TERRARIUM_TEST_PACKAGES="$$($(SETUP) packages)" \
	TERRARIUM_ENGINE_LIBRARY="$$($(SETUP) library)"

.PHONY: help demo serve test-server test test-quick test-asan test-tsan fuzz test-scripts test-guest test-bindings test-cpython test-numpy
.PHONY: optimize test-native test-toolchain compare-data compare-numpy build setup examples check lint format docs api bench
.PHONY: wheels install dist clean

help:
	@sed -n 's/^# make/make/p' Makefile

demo: setup
	@./Scripts/demo.sh "$(BINARY)"

build:
	@$(STEP) "Building the release binary" $(SWIFT) build $(RELEASE_FLAGS) --product terrarium

setup:
	@PYTHON="$(PYTHON)" ./Scripts/build-beside-parts.sh $(MAKE) --no-print-directory build
	@$(SETUP) image "$(BINARY)"
	@"$(BINARY)" cache add

optimize: setup
	@$(SETUP) translator
	@"$(BINARY)" optimize

# The same tests as with the engine's code; one of them looks that it is optimised code that they run.
test-native: optimize
	@$(STEP) "Building the tests" $(SWIFT) build --build-tests
	@$(TOOLS) TERRARIUM_TEST_BINARY="$(BINARY)" TERRARIUM_TEST_TIER=native ./Scripts/run-tests.sh $(SWIFT) test --skip-build \
		--no-parallel --filter "$(or $(ONLY),^(Terrarium|EndToEnd)Tests\.)"

# One test after the other: many wait for other processes, and side by side they would use up the two threads that a
# small machine has for all of them, and the time limits of those that wait for a turn.
test: setup $(if $(ONLY),,test-scripts test-guest test-bindings compare-numpy compare-data)
	@$(SETUP) translator
	@$(STEP) "Building the tests" $(SWIFT) build --build-tests
	@$(TOOLS) TERRARIUM_TEST_BINARY="$(BINARY)" TERRARIUM_TEST_CLIENTS="$$($(SETUP) clients)" \
		./Scripts/run-tests.sh $(SWIFT) test --skip-build --no-parallel $(if $(ONLY),--filter "$(ONLY)")

# A package of its own, so that the generator is built for these only, and not before the program.
test-bindings:
	@$(SETUP) engine
	@$(STEP) "Building the tests of bindings" $(SWIFT) build --build-tests --package-path Tests/Bindings --scratch-path "$(SCRATCH)"
	@$(TOOLS) ./Scripts/run-tests.sh $(SWIFT) test --skip-build --package-path Tests/Bindings --scratch-path "$(SCRATCH)"

# Side by side, since none of them waits for a program in a sandbox.
test-quick:
	@$(SETUP) engine
	@$(STEP) "Building the tests" $(SWIFT) build --build-tests
	@$(TOOLS) ./Scripts/run-tests.sh $(SWIFT) test --skip-build --filter "^(ComponentModel|WIT|ComponentLinking|TerrariumBindgen|CWasmtime|Wasmtime|TerrariumCommands)Tests\\."

test-asan: setup
	@$(TOOLS) SWIFT="$(SWIFT)" ./Scripts/test-sanitized.sh address $(if $(ONLY),"$(ONLY)")

test-tsan: setup
	@$(TOOLS) SWIFT="$(SWIFT)" ./Scripts/test-sanitized.sh thread $(if $(ONLY),"$(ONLY)")

fuzz: setup
	@SWIFT="$(SWIFT)" ./Scripts/fuzz.sh $(or $(SECONDS),60) $(TARGETS)

# The sandbox's NumPy against that of this machine, to the last bits.
compare-numpy: setup
	@python="$$($(SETUP) numpy)" && { [ -z "$$python" ] || \
		"$$python" Guest/packages/numpy/differential/compare.py "$(BINARY)"; }

# The image `data` is made first, if it is not there.
compare-data: setup
	@$(PYTHON) Tests/Data/compare.py "$(BINARY)"

test-toolchain:
	@TERRARIUM_TEST_PYTHON="$$($(SETUP) tests)" ./Guest/packages/toolchain/tests/run-tests.sh

# Builds the wheel first, since the one in Guest/wheels has no tests.
test-numpy:
	@$(SETUP) engine
	@TERRARIUM_TEST_PYTHON="$$($(SETUP) tests)" ./Guest/packages/numpy/tests/run-tests.sh \
		| diff Guest/packages/numpy/TEST-RESULTS.md - && echo "As Guest/packages/numpy/TEST-RESULTS.md says."

test-scripts:
	@$(STEP) "Testing the scripts" env PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m unittest discover Tests/Scripts

# What is inside a sandbox, in this machine's Python and in the component.
test-guest: setup
	@$(STEP) "Testing the guest" env TERRARIUM_TEST_PYTHON="$$($(SETUP) tests)" $(PYTHON) Guest/tests/run.py

test-cpython: setup
	@$(STEP) "Running CPython's own tests" $(PYTHON) Guest/tests/cpython/run.py "$(BINARY)"

# The server is a package of its own, so that nothing else waits for what it is built of: three minutes, the first time.
serve: setup
	@$(STEP) "Building the server" $(SWIFT) build $(RELEASE_FLAGS) --package-path Server --scratch-path "$(SCRATCH)" \
		--product terrarium-serve
	@"$(SCRATCH)/release/terrarium-serve" $(OPTIONS)

test-server: setup
	@$(STEP) "Building the server and its tests" $(SWIFT) build --build-tests --package-path Server \
		--scratch-path "$(SCRATCH)"
	@TERRARIUM_TEST_SERVER="$(SCRATCH)/debug/terrarium-serve" TERRARIUM_TEST_CLIENTS="$$($(SETUP) clients)" ./Scripts/run-tests.sh $(SWIFT) test --package-path Server \
		--scratch-path "$(SCRATCH)" --skip-build --no-parallel $(if $(ONLY),--filter "$(ONLY)")

examples: setup
	@$(STEP) "Building the examples" $(SWIFT) build --package-path Examples --scratch-path "$(SCRATCH)"
	@./Scripts/run-examples.sh "$(SCRATCH)/debug"

check: setup
	@./Scripts/check-install.sh
	@./Scripts/check-dependents.sh

lint:
	@SWIFT="$(SWIFT)" PYTHON="$(PYTHON)" ./Scripts/lint.sh

docs:
	@$(STEP) "Building the library" $(SWIFT) build --target TerrariumService
	@SWIFT="$(SWIFT)" ./Scripts/docs.sh "$(SCRATCH)/debug" $(if $(UPDATE_API),--update-api)

# After an intended change of the public API, which the changelog tells of.
api:
	@$(MAKE) --no-print-directory docs UPDATE_API=1

format:
	@$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks Examples Fuzzing Guest Server

bench: setup
	@$(STEP) "Building the benchmarks" $(SWIFT) build $(RELEASE_FLAGS) --package-path Benchmarks --scratch-path "$(SCRATCH)" --product terrarium-benchmarks
	@TERRARIUM_BINARY="$(BINARY)" TERRARIUM_TEST_PYTHON="$$($(SETUP) tests)" \
		TERRARIUM_NATIVE_PYTHON="$$(./Scripts/fetch-cpython.sh)/bin/python3.14" \
		TERRARIUM_NUMPY_PYTHON="$$($(SETUP) numpy)" \
		"$(SCRATCH)/release/terrarium-benchmarks" $(BENCHMARKS)

# About ten minutes; needs apt's tools (any Debian or Ubuntu) and a network. Guest/packages/README.md says the rest.
wheels:
	@./Guest/packages/build-wheels.sh --check

install: setup
	@install -d -m 755 "$(INSTALLED)/bin" "$(INSTALLED)/lib/terrarium/lib" "$(INSTALLED)/lib/terrarium/code"
	@install -m 755 "$(BINARY)" "$(INSTALLED)/bin/terrarium"
	@parts="$$($(SETUP) parts)" && install -m 755 "$$parts"/lib/libwasmtime.* "$(INSTALLED)/lib/terrarium/lib/" \
		&& for part in python.terrarium wit runtime wheels data; do rm -rf "$(INSTALLED)/lib/terrarium/$$part" \
		&& cp -R "$$parts/$$part" "$(INSTALLED)/lib/terrarium/" || exit 1; done \
		&& chmod -R a+rX "$(INSTALLED)/lib/terrarium"
	@"$(INSTALLED)/bin/terrarium" cache add --into "$(INSTALLED)/lib/terrarium/code"
	@echo "Installed: $(INSTALLED)/bin/terrarium"

dist: setup
	@SWIFT="$(SWIFT)" PYTHON="$(PYTHON)" ./Scripts/dist.sh

clean:
	@rm -rf .build Benchmarks/.build Server/.build
