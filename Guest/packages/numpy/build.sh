#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build NumPy for the CPython that componentize-py bundles (WASI 0.2, 128-bit SIMD).
#
#     build.sh OUT
#
# Leaves in OUT:
#
#     numpy-2.4.6-cp314-cp314-wasi_0_0_0_wasm32.whl   what a sandbox needs, with the licences of all that is in it
#     numpy/site/                                     everything installed, with NumPy's tests and their C modules
#     numpy/inputs                                    name, version and hash of every input, as table lines
#
# The same inputs give the same bytes: see ../README.md. About two minutes on two cores. JOBS sets the parallel jobs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$out/numpy
jobs=${JOBS:-2}

version=2.4.6
sha256=f3a3570c4a2a16746ac2c31a7c7c7b0c186b95ce902e33db6f28094ed7387dda
tag=cp314-cp314-wasi_0_0_0_wasm32

# The date of the release: of every entry in the wheel.
export SOURCE_DATE_EPOCH=1779062400
export LC_ALL=C TZ=UTC PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
unset CFLAGS CXXFLAGS LDFLAGS CPPFLAGS PYTHONPATH

"$here/../toolchain/prepare.sh" "$out/toolchain"
toolchain=$out/toolchain
export PATH=$toolchain/bin:$toolchain/venv/bin:$PATH
export ZIG_GLOBAL_CACHE_DIR=$toolchain/zig-cache ZIG_LOCAL_CACHE_DIR=$toolchain/zig-cache

mkdir -p "$work"
sdist=$work/numpy-$version.tar.gz
if [ ! -f "$sdist" ]; then
    echo "numpy: source from PyPI"
    mkdir -p "$work/backend"
    cp "$here/../toolchain/metadata_backend.py" "$work/backend/mesonpy.py"
    echo "numpy==$version --hash=sha256:$sha256" > "$work/requirements.txt"
    PYTHONPATH=$work/backend python3 -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
        --no-binary numpy --no-build-isolation --ignore-requires-python -r "$work/requirements.txt" -d "$work"
fi
echo "$sha256  $sdist" | sha256sum --check --quiet

echo "numpy: patches"
rm -rf "$work"/{source,build,installed,site}
mkdir "$work/source"
tar xf "$sdist" -C "$work/source" --strip-components=1
for patch in "$here"/patches/*.patch; do
    patch --quiet --no-backup-if-mismatch -p1 -d "$work/source" < "$patch"
done
mkdir "$work/source/numpy/_core/src/wasi_blas"
cp "$here"/blas/*.[ch] "$work/source/numpy/_core/src/wasi_blas/"
cp "$here"/support/*.h* "$work/source/numpy/_core/src/common/"
cp "$here"/support/_wasi_mmap.py "$work/source/numpy/_core/"

echo "numpy: configure"
# Compilers by name, not by path: NumPy keeps them in numpy.show_config().
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
# Four vectors per turn of a loop: its back edge carries the check that lets the host interrupt a script, which costs as
# much as a vector.
export WASI_CFLAGS="-msimd128 -mllvm -force-vector-interleave=4" WASI_BUILD_ROOT=$work
meson=(python3 "$work/source/vendored-meson/meson/meson.py")
# NumPy's own SIMD layer knows no WebAssembly ("disable-optimization"); clang vectorizes the plain loops instead.
(cd "$work/source" && "${meson[@]}" setup "$work/build" --cross-file "$work/cross.ini" --buildtype=release \
    -Ddebug=false -Dblas=none -Dlapack=none -Dallow-noblas=true -Ddisable-optimization=true -Ddisable-svml=true \
    -Ddisable-highway=true -Ddisable-intel-sort=true -Ddisable-threading=true \
    --prefix=/ --python.platlibdir=/site --python.purelibdir=/site --python.bytecompile=-1) > "$work/configure.log"

echo "numpy: compile"
ninja -C "$work/build" -j "$jobs" > "$work/compile.log" || { tail -40 "$work/compile.log" >&2; exit 1; }

echo "numpy: install"
(cd "$work/source" && "${meson[@]}" install -C "$work/build" --no-rebuild --destdir "$work/installed" \
    --tags runtime,python-runtime,tests) > "$work/install.log"
mv "$work/installed/site" "$work/site"
rm -rf "$work/installed"
find "$work/site" -name __pycache__ -prune -exec rm -rf {} +
sed -i "s|$out/|/build/|g; s|\"cpu\": \"$(uname -m)\"|\"cpu\": \"any\"|; s|\"family\": \"$(uname -m)\"|\"family\": \"any\"|" \
    "$work/site/numpy/__config__.py"

echo "numpy: wheel"
# Licences: NumPy's own, this project's, and those of what is compiled in: compiler-rt (Zig's) and templates of libc++.
# Left out: tests and their C modules; type stubs; f2py, which needs compilers; what only building extensions needs.
python3 "$here/../toolchain/pack_wheel.py" --site "$work/site" --metadata "$work/source" --tag "$tag" --out "$out" \
    --exclude '*/tests' --exclude '*_tests.cpython-*' --exclude '*/_simd.cpython-*' --exclude '*/conftest.py' \
    --exclude '*.pyi' --exclude '*.pxd' --exclude '*/py.typed' --exclude numpy/f2py --exclude numpy/_pyinstaller \
    --exclude numpy/_core/include --exclude numpy/_core/lib --exclude numpy/random/lib \
    --exclude numpy/random/_examples --exclude numpy/distutils --exclude '*.a' \
    --license "terrarium/LICENSE.txt=$here/../../../LICENSE.txt" \
    --license "compiler-rt/LICENSE.txt=$toolchain/zig/LICENSE" \
    --license "libcxx/LICENSE.txt=$toolchain/zig/lib/libcxx/LICENSE.TXT" \
    --entry-points $'[array_api]\nnumpy = numpy\n'

{ cat "$toolchain/inputs"; echo "| numpy-$version.tar.gz | $version | \`$sha256\` |"; } > "$work/inputs"
if grep -rqF "$out" "$work/site"; then
    echo "the build folder's path is in the result:" >&2
    grep -rlF "$out" "$work/site" >&2
    exit 1
fi
