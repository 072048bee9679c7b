#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# lint.sh: everything about the sources that can be said without building them.
set -uo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
python=${PYTHON:-python3}
failed=0

check() {
    local what=$1
    shift
    "$@" || { echo "lint: $what" >&2; failed=1; }
}

# Of what git knows and what it would add, so that build folders are left out.
sources() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do [ -f "$f" ] && echo "$f"; done; }

# Not of WIT, which takes a comment in front of the package's name for its documentation.
headers_are_there() {
    local without
    without=$(sources '*.swift' '*.py' '*.sh' '*.c' '*.h' 'Makefile' |
        while read -r file; do head -4 "$file" | grep -q 'SPDX-License-Identifier' || echo "$file"; done)
    [ -z "$without" ] || { echo "$without" >&2; return 1; }
}

shell_scripts_parse() {
    local file
    for file in $(sources '*.sh' .ci/run); do bash -n "$file" || return 1; done
}

# Without the programs that sandboxes run, which are of a newer Python.
python_compiles() {
    sources '*.py' ':!Tests/Differential/programs' | PYTHONPYCACHEPREFIX=$(mktemp -d) "$python" -m compileall -q -i -
}

# A summary is a noun for a thing and a verb for an act.
summaries_are_plain() {
    local lines
    lines=$(sources Sources Server/Sources | while read -r file; do
        grep -HnE '^\s*/// (What|Where|How|Who|Whether)' "$file"
    done)
    [ -z "$lines" ] || { echo "$lines" >&2; return 1; }
}

check "format these with make format, or change what the messages above ask for" \
    "$swift" format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks Examples Fuzzing \
    Guest Server
check "the files above have no licence header of two SPDX lines" headers_are_there
check "a shell script does not parse" shell_scripts_parse
check "a Python file does not compile" python_compiles
check "lines of comments above begin with a question word; name the thing or the act" summaries_are_plain
check "the README does not quote files as they are" "$python" Scripts/check-readme.py
check "generated declarations are not current" \
    "$python" Scripts/generate-wasmtime-declarations.py --bindings "$("$python" Scripts/setup.py bindings)" --check
exit $failed
