// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Where the library finds what it needs beside its own code.
struct PartsTests {
    private let folder: TemporaryFolder
    private let executable: URL

    init() throws {
        folder = try TemporaryFolder()
        executable = folder.url.appending(path: "prefix/bin/program")
    }

    private enum Place: CaseIterable {
        case variable, besideExecutable, userCache

        var path: String {
            switch self {
            case .variable: "explicit"
            case .besideExecutable: "prefix/lib/terrarium"
            case .userCache: "cache/terrarium/parts/\(TerrariumVersion.current)"
            }
        }
    }

    private func fill(_ places: Place...) throws {
        for place in places {
            let library = Parts(folder: folder.url.appending(path: place.path)).engineLibrary
            try folder.write(String(library.path.dropFirst(folder.url.path.count + 1)), "")
        }
    }

    private func locate(variable: String? = nil) throws -> String {
        var environment = ["XDG_CACHE_HOME": folder.url.appending(path: "cache").path]
        environment["TERRARIUM_PARTS"] = variable
        return try Parts.locate(environment: environment, executable: executable).folder.standardizedFileURL.path
    }

    private func path(_ place: Place) -> String {
        folder.url.appending(path: place.path).standardizedFileURL.path
    }

    @Test("The environment variable comes first, then the executable's prefix, then the user's cache")
    func order() throws {
        try fill(.userCache)
        #expect(try locate() == path(.userCache))
        try fill(.besideExecutable)
        #expect(try locate() == path(.besideExecutable))
        try fill(.variable)
        #expect(try locate() == path(.besideExecutable))
        #expect(try locate(variable: path(.variable)) == path(.variable))
        #expect(try locate(variable: "") == path(.besideExecutable))
    }

    @Test("A folder that is named explicitly is the only one that is tried")
    func explicitOnly() throws {
        try fill(.besideExecutable, .userCache)
        let error = #expect(throws: SandboxError.self) { try locate(variable: path(.variable)) }
        #expect(error?.code == .partsNotFound)
        #expect(error?.message.contains(path(.variable)) == true)
        #expect(error?.message.contains(path(.userCache)) == false)
    }

    @Test("Where there is nothing, the error lists where it was looked for and says what to do")
    func nothing() throws {
        let error = #expect(throws: SandboxError.self) { try locate() }
        #expect(error?.code == .partsNotFound)
        for place in [path(.besideExecutable), path(.userCache), "make setup", "TERRARIUM_PARTS"] {
            #expect(error?.message.contains(place) == true, "\(place)")
        }
    }

    @Test("Without a home folder and an executable there is nowhere to look, which is the same error")
    func nowhere() throws {
        let error = #expect(throws: SandboxError.self) { try Parts.locate(environment: [:], executable: nil) }
        #expect(error?.code == .partsNotFound)
    }
}
