#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# check-dependents.sh [SCRATCH]: packages elsewhere that depend on this one, by path and by version, build with no flags
# and run. By version it is the last commit that is looked at, in a clone with a tag. Needs `make setup` before it.
# They are built from nothing, unless there is a folder SCRATCH where something of it was built before.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
version=$(sed -n 's/.*"\([0-9.]*\)".*/\1/p' Sources/Terrarium/Parts/TerrariumVersion.swift)
folder=$(mktemp -d)
scratch=${1:-$folder/build}
trap 'rm -rf "$folder"' EXIT

git clone --quiet . "$folder/published/terrarium"
git -C "$folder/published/terrarium" -c user.name=check -c user.email=check@localhost tag -f -m "$version" "$version"

# dependent NAME REQUIREMENT: makes a package that says no more than it must, builds it and checks what it prints.
dependent() {
    local package=$folder/$1
    mkdir -p "$package/Sources/dependent"
    cat >"$package/Package.swift" <<-MANIFEST
		// swift-tools-version: 6.2
		import PackageDescription

		let package = Package(
		    name: "dependent",
		    platforms: [.macOS(.v15)],
		    dependencies: [.package($2)],
		    targets: [
		        .executableTarget(name: "dependent", dependencies: [.product(name: "Terrarium", package: "terrarium")])
		    ]
		)
	MANIFEST
    cat >"$package/Sources/dependent/main.swift" <<-PROGRAM
		import Terrarium

		print(try await Image.python().evaluate("2 + 2") as Int)
	PROGRAM
    ./Scripts/step.sh "Building a package that depends on this one by $1" \
        "$swift" build --disable-dependency-cache --package-path "$package" --scratch-path "$scratch"
    local printed
    printed=$("$scratch/debug/dependent")
    [ "$printed" = 4 ] || { echo "It printed $printed instead of 4." >&2; exit 1; }
}

dependent path "name: \"terrarium\", path: \"$PWD\""
dependent version "url: \"file://$folder/published/terrarium\", from: \"$version\""
echo "Packages that depend on this one by path and by version build and run."
