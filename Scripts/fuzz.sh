#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# fuzz.sh SECONDS [TARGET…]: has libFuzzer make inputs for each reader of bytes that somebody else wrote, beginning with
# those of Fuzzing/corpus, and fails if one ends the process, takes ten seconds or takes 1 GiB. That input is kept in
# .build/fuzz/found: mend its cause, and put it into the corpus. As many targets run at once as there are processors.
# Needs `make setup` before it.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$PWD/.build/fuzz

# fuzz TARGET SECONDS: runs one target and says how much it saw.
fuzz() {
    local log=$scratch/$1.log
    mkdir -p "$scratch/corpus/$1"
    # Swift's own backtraces would keep libFuzzer from writing the input down.
    if ! SWIFT_BACKTRACE=enable=no FUZZ_TARGET=$1 "$scratch/release/terrarium-fuzz" "$scratch/corpus/$1" \
        "Fuzzing/corpus/$1" -max_total_time="$2" -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
        -artifact_prefix="$scratch/found/$1-" -print_final_stats=1 >"$log" 2>&1; then
        grep -vE '^#[0-9]+|^\s' "$log" | tail -n 30
        echo "$1: failed; the input is in $scratch/found" >&2
        return 1
    fi
    echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, $(grep -oE 'cov: [0-9]+' "$log" |
        tail -n 1 | grep -oE '[0-9]+') edges"
}

if [ "${1:-}" = --target ]; then
    fuzz "$2" "$3"
    exit
fi
seconds=${1:?how many seconds each target is to run}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls Fuzzing/corpus)
for target in "${targets[@]}"; do
    [ -d "Fuzzing/corpus/$target" ] || { echo "fuzz: there is no target $target" >&2; exit 2; }
done
TERRARIUM_FUZZING=1 ./Scripts/step.sh "Building the fuzzer" "${SWIFT:-swift}" build --package-path Fuzzing --scratch-path "$scratch" \
    -c release -Xswiftc -enable-testing --sanitize fuzzer
mkdir -p "$scratch/found"
processors=$(getconf _NPROCESSORS_ONLN)
echo "Fuzzing ${#targets[@]} targets for $seconds s each …" >&2
printf '%s\n' "${targets[@]}" | xargs -P "$processors" -I TARGET ./Scripts/fuzz.sh --target TARGET "$seconds"
