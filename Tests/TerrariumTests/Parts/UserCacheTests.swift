// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

struct UserCacheTests {
    #if os(macOS)
    private static let home = "Library/Caches/terrarium"
    #else
    private static let home = ".cache/terrarium"
    #endif

    @Test(
        "XDG_CACHE_HOME comes before the home folder, and an empty variable is none",
        arguments: [
            (["XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/terrarium"),
            (["XDG_CACHE_HOME": "", "HOME": "/h"], "/h/\(home)"),
            (["HOME": "/h"], "/h/\(home)"),
            (["XDG_CACHE_HOME": "/x"], "/x/terrarium"),
            (["HOME": ""], nil),
            ([:], nil),
        ]
    )
    func folder(environment: [String: String], expected: String?) {
        #expect(UserCache.folder(environment: environment)?.path == expected)
    }

    @Test("Set-up puts the parts where the library looks for them", arguments: ["XDG_CACHE_HOME", "HOME"])
    func agreesWithSetup(variable: String) async throws {
        let folder = try TemporaryFolder()
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let environment = [variable: folder.url.path]
        let setup = try await Subprocess.run(
            HostPython.program,
            [root.appending(path: "Scripts/setup.py").path, "parts"],
            environment: environment
        )
        let cache = try #require(UserCache.folder(environment: environment))
        #expect(setup.outputText == cache.appending(path: "parts/\(TerrariumVersion.current)").path + "\n")
    }
}
