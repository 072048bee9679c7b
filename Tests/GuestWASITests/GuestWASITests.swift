// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

/// Runs the tests of `GuestWASI.wasm`, which are Python programs that drive it with Wasmtime's Python package.
struct GuestWASITests {
    @Test("Files, directories and streams behave like those of an operating system")
    func files() async throws { try await Harness.runTests("test_files") }

    @Test("Clocks, randomness, surroundings, quotas and the functions for the host do what the ABI says")
    func system() async throws { try await Harness.runTests("test_system") }

    @Test("Hostile guests end at most themselves")
    func hostile() async throws { try await Harness.runTests("test_hostile") }

    @Test("Random operations give the same results and errors as on a real file system", arguments: 1...4)
    func model(seed: Int) async throws {
        try await Harness.run(HostPython.program, ["model.py", "\(seed)", "4000"])
    }

    @Test("The committed module is what its sources give")
    func rebuild() async throws {
        try await Harness.run("/bin/sh", ["../../../Guest/WASI/build.sh", "--check"])
    }
}
