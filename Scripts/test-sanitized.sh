#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# test-sanitized.sh address|thread [SUITE]: builds the unit tests with AddressSanitizer or ThreadSanitizer, and runs those of
# the engine's binding, of the library and of the MCP server. Needs `make setup` before it, and TERRARIUM_ENGINE_LIBRARY and
# TERRARIUM_TEST_PACKAGES in the environment, as the other tests do. The engine, its compiled code and Python in it are not
# instrumented: what is looked at is this project's own code.
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizer=${1:?address or thread}
suites=${2:-^(CWasmtime|Wasmtime|Terrarium|TerrariumMCP|TerrariumService)Tests\\.}
swift=${SWIFT:-swift}
scratch=$PWD/.build/$sanitizer

./Scripts/step.sh "Building the tests with the $sanitizer sanitizer" \
    "$swift" build --build-tests --sanitize="$sanitizer" --scratch-path "$scratch"
tests=$scratch/debug/terrariumPackageTests.xctest

case $sanitizer in
address)
    # The engine handles faults of guest code by itself, on a signal stack of its own. What lives as long as the process is
    # no leak, and the library's own handles are counted by tests.
    options=detect_leaks=0:allow_user_segv_handler=1:handle_segv=0:use_sigaltstack=0:detect_stack_use_after_return=0
    export ASAN_OPTIONS=$options:${ASAN_OPTIONS:-}
    ;;
thread)
    annotations=$scratch/mutex-annotations.so
    "${CC:-clang}" -shared -fPIC -O1 -o "$annotations" Tests/Sanitizers/mutex-annotations.c -ldl
    export TSAN_OPTIONS=halt_on_error=0:${TSAN_OPTIONS:-}
    preload=$annotations
    ;;
esac

# Not by way of `swift test`, into which the library with the annotations must not be loaded.
LD_PRELOAD=${preload:-} "$tests" --testing-library swift-testing --no-parallel --filter "$suites"
