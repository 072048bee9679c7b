# shellcheck shell=bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The steps that recipes have in common, for `source`. A recipe sets `name`, `version`, `sha256` (of its sdist) and `date`
# (that of the release, in seconds), calls begin_recipe, and has afterwards: `here`, `out`, `work` (OUT/NAME), `jobs`,
# `toolchain`, `tag`, and the compilers in PATH. It may set `backend`, the module that builds its sdist if that is not Meson's.

# The wheel's tag: the guest's own sysconfig.get_platform(), see README.md.
tag=cp314-cp314-wasi_0_0_0_wasm32

# begin_recipe OUT: prepares the folders, the environment and the toolchain.
begin_recipe() {
    begin_pure_recipe "$1"
    export WASI_BUILD_ROOT=$work
    unset CFLAGS CXXFLAGS LDFLAGS CPPFLAGS
    "$here/../toolchain/prepare.sh" "$out/toolchain"
    toolchain=$out/toolchain
    export PATH=$toolchain/bin:$toolchain/venv/bin:$PATH
    export ZIG_GLOBAL_CACHE_DIR=$toolchain/zig-cache ZIG_LOCAL_CACHE_DIR=$toolchain/zig-cache
}

# use_exceptions: has the compilers compile C++ exceptions and setjmp, and link what they need.
use_exceptions() {
    "$here/../toolchain/exceptions.sh" "$toolchain"
    export WASI_EXCEPTIONS=1
}

# begin_pure_recipe OUT: the same without a toolchain, for a package of which only the Python is taken.
begin_pure_recipe() {
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$1"
    out=$(cd "$1" && pwd)
    work=$out/$name
    jobs=${JOBS:-2}
    # Of every entry in the wheel.
    export SOURCE_DATE_EPOCH=$date
    export LC_ALL=C TZ=UTC PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
    unset PYTHONPATH
    mkdir -p "$work"
}

# unpack_sdist: fetches the sdist from PyPI, checks its hash, unpacks it to WORK/source and applies the patches.
unpack_sdist() {
    local sdist=$work/$name-$version.tar.gz patch
    if [ ! -f "$sdist" ]; then
        echo "$name: source from PyPI"
        stand_in_backend "${backend:-mesonpy}"
        echo "$name==$version --hash=sha256:$sha256" > "$work/requirements.txt"
        PYTHONPATH=$work/backend python3 -m pip download --quiet --disable-pip-version-check --require-hashes \
            --no-deps --no-binary "$name" --no-build-isolation --ignore-requires-python \
            -r "$work/requirements.txt" -d "$work"
    fi
    echo "$sha256  $sdist" | sha256sum --check --quiet
    echo "$name: patches"
    rm -rf "$work"/{source,build,installed,site}
    mkdir "$work/source"
    tar xf "$sdist" -C "$work/source" --strip-components=1
    for patch in "$here"/patches/*.patch; do
        [ -e "$patch" ] || continue  # there are no patches
        patch --quiet --no-backup-if-mismatch -p1 -d "$work/source" < "$patch"
    done
}

# Lines for the list of inputs, of the wheels that fetch_wheel has fetched.
wheels=()

# fetch_wheel NAME VERSION SHA256: fetches a pure wheel from PyPI, such as one with headers, checks its hash and unpacks it to
# WORK/NAME.
fetch_wheel() {
    local wheel
    echo "$1==$2 --hash=sha256:$3" > "$work/requirements-$1.txt"
    python3 -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
        -r "$work/requirements-$1.txt" -d "$work"
    wheel=$(find "$work" -maxdepth 1 -name "$1-$2-*.whl")
    rm -rf "${work:?}/$1"
    python3 -m zipfile -e "$wheel" "$work/$1"
    wheels+=("| $(basename "$wheel") | $2 | \`$3\` |")
}

# fetch_pybind11: fetches pybind11's headers and mends them for this NumPy; sets `pybind11`, the compiler's flags for it,
# `pybind11_version` and `pybind11_licence`.
#
# Modules share what pybind11 keeps, unless they were built for different systems by its reckoning. They would call each
# other's functions, and catch each other's exceptions, which have tags of their own: so each counts as a system of its own.
fetch_pybind11() {
    local patch
    pybind11_version=3.0.1
    fetch_wheel pybind11 "$pybind11_version" aa8f0aa6e0a94d3b64adfc38f560f33f15e589be2175e103c0a33c6bce55ee89
    for patch in "$here"/../toolchain/pybind11/*.patch; do
        patch --quiet --no-backup-if-mismatch -p1 -d "$work/pybind11" < "$patch"
    done
    pybind11_licence=$work/pybind11/pybind11-$pybind11_version.dist-info/licenses/LICENSE
    pybind11="-I$work/pybind11/pybind11/include -DPYBIND11_BUILD_ABI=\"_$name\""
}

# stand_in_backend MODULE: writes WORK/backend, where Python finds metadata_backend.py by that name.
stand_in_backend() {
    local folder=$work/backend module=$1
    mkdir -p "$folder"
    while [[ $module = *.* ]]; do
        folder=$folder/${module%%.*} module=${module#*.}
        mkdir -p "$folder"
        touch "$folder/__init__.py"
    done
    cp "$here/../toolchain/metadata_backend.py" "$folder/$module.py"
}

# write_cross_file: writes WORK/cross.ini for Meson. Compilers by name, not by path: NumPy keeps them in
# numpy.show_config().
write_cross_file() {
    cat > "$work/cross.ini" <<X
[binaries]
c = 'wasi-cc'
cpp = 'wasi-c++'
ar = ['$toolchain/zig/zig', 'ar']
ranlib = ['$toolchain/zig/zig', 'ranlib']
strip = '/bin/true'
python = '$toolchain/bin/target-python'
cython = 'cython'
pkg-config = '/bin/false'
[host_machine]
system = 'wasi'
cpu_family = 'wasm32'
cpu = 'wasm32'
endian = 'little'
[properties]
needs_exe_wrapper = true
skip_sanity_check = true
longdouble_format = 'IEEE_QUAD_LE'
X
}

# build_with_meson "MESON COMMAND" TAGS [OPTION ...]: builds WORK/source, installs what has the tags into WORK/site, all of
# it if TAGS is empty.
build_with_meson() {
    local meson tags=$2
    read -ra meson <<< "$1"
    shift 2
    write_cross_file
    echo "$name: configure"
    (cd "$work/source" && "${meson[@]}" setup "$work/build" --cross-file "$work/cross.ini" --buildtype=release \
        -Ddebug=false "$@" --prefix=/ --python.platlibdir=/site --python.purelibdir=/site \
        --python.bytecompile=-1) > "$work/configure.log" || { tail -20 "$work/configure.log" >&2; exit 1; }
    echo "$name: compile"
    ninja -C "$work/build" -j "$jobs" > "$work/compile.log" || { tail -40 "$work/compile.log" >&2; exit 1; }
    echo "$name: install"
    (cd "$work/source" && "${meson[@]}" install -C "$work/build" --no-rebuild --destdir "$work/installed" \
        ${tags:+--tags "$tags"}) > "$work/install.log"
    mv "$work/installed/site" "$work/site"
    rm -rf "$work/installed"
    find "$work/site" -name __pycache__ -prune -exec rm -rf {} +
}

# compile_extension PLACE FLAGS SOURCE ...: compiles C++ and links it to the extension module of that place in WORK/site, for
# packages whose own build systems ask more of a machine than they need.
compile_extension() {
    local place=$1 flags=$2 source objects=$work/build/$1
    shift 2
    echo "$name: compile"
    rm -rf "$objects"
    mkdir -p "$objects"
    # Flags are words, and none of them has a space.
    # shellcheck disable=SC2086
    for source in "$@"; do printf '%s\0' "$source"; done | xargs -0 -P "$jobs" -I {} sh -c \
        'wasi-c++ "$@" -c "$0" -o "'"$objects"'/$(basename "$0").o"' {} $flags "-I$toolchain/include/python3.14"
    echo "$name: link"
    wasi-c++ -shared -o "$work/site/$place.cpython-314-wasm32-wasi.so" "$objects"/*.o
}

# pack [OPTION ...]: packs WORK/site into a wheel in OUT, without tests and what only compilers and editors read, with
# this project's licence and those of what is compiled in: compiler-rt (Zig's) and templates of libc++; with exceptions,
# libc++abi, libunwind and wasi-libc's longjmp.
pack() {
    local licences=()
    if [ "${WASI_EXCEPTIONS:-}" = 1 ]; then
        licences+=(--license "libcxxabi/LICENSE.txt=$toolchain/zig/lib/libcxxabi/LICENSE.TXT"
            --license "libunwind/LICENSE.txt=$toolchain/zig/lib/libunwind/LICENSE.TXT"
            --license "wasi-libc/LICENSE.txt=$toolchain/zig/lib/libc/wasi/LICENSE")
    fi
    echo "$name: wheel"
    python3 "$here/../toolchain/pack_wheel.py" --site "$work/site" --metadata "$work/source" --tag "$tag" --out "$out" \
        --exclude '*/tests' --exclude '*/conftest.py' --exclude '*.pyi' --exclude '*.pxd' --exclude '*/py.typed' \
        --license "terrarium/LICENSE.txt=$here/../../../LICENSE.txt" \
        --license "compiler-rt/LICENSE.txt=$toolchain/zig/LICENSE" \
        --license "libcxx/LICENSE.txt=$toolchain/zig/lib/libcxx/LICENSE.TXT" "${licences[@]}" "$@"
}

# finish_recipe [LINE ...]: writes the list of inputs, with further ones, and checks that no path is in the result.
finish_recipe() {
    { [ -z "${toolchain:-}" ] || cat "$toolchain/inputs"; echo "| $name-$version.tar.gz | $version | \`$sha256\` |"; printf '%s\n' "$@"; } |
        sed '/^$/d' > "$work/inputs"
    if grep -rqF "$out" "$work/site"; then
        echo "the build folder's path is in the result:" >&2
        grep -rlF "$out" "$work/site" >&2
        exit 1
    fi
}

# numpy_headers: makes WORK/headers, where Python and Cython find the C interface of this NumPy, from its own build.
numpy_headers() {
    local site=$out/numpy/site headers=$work/headers/numpy
    [ -d "$site" ] || "$here/../numpy/build.sh" "$out"
    rm -rf "$work/headers"
    mkdir -p "$headers/_core"
    (cd "$site/numpy" && find . -name '*.pxd' -exec cp --parents {} "$headers" \;)
    cp -r "$site/numpy/_core/include" "$headers/_core/"
    printf 'def get_include():\n    return __path__[0] + "/_core/include"\n' > "$headers/__init__.py"
    export PYTHONPATH=$work/headers
}
