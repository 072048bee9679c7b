// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// A program of `Tests/Differential`, whose `programs.py` says how they are written down.
struct DifferentialProgram {
    let title: String
    /// The half before the snapshot, and the one after it.
    private(set) var halves = ["", ""]
    /// What it prints in a sandbox.
    private(set) var expected = ""
    /// What it prints without the passes of Terrarium, under the engine's own WASI.
    private(set) var expectedUnlinked = ""

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Differential").standardizedFileURL

    /// The names of the files with programs.
    static let topics: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "programs").path)
        return (files ?? []).filter { $0.hasSuffix(".py") }.map { String($0.dropLast(3)) }.sorted()
    }()

    static func programs(of topic: String) throws -> [DifferentialProgram] {
        var programs: [DifferentialProgram] = []
        for (heading, text) in try sections(of: "programs/\(topic).py") {
            if heading == "continued" {
                programs[programs.count - 1].halves[1] = text
            } else if heading.hasPrefix("differs") {
                programs[programs.count - 1].halves[0] = text
            } else {
                programs.append(DifferentialProgram(title: heading, halves: [text, ""]))
            }
        }
        var index = -1
        for (heading, text) in try sections(of: "expected/\(topic).txt") {
            switch heading {
            case "on Linux": break
            case "unlinked": programs[index].expectedUnlinked = text
            default:
                index += 1
                programs[index].expected = text
                programs[index].expectedUnlinked = text
            }
        }
        return programs
    }

    private static func sections(of file: String) throws -> [(heading: String, text: String)] {
        var sections: [(heading: String, text: String)] = []
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("#### ") {
                sections.append((String(line.dropFirst(5)), ""))
            } else if !sections.isEmpty {
                sections[sections.count - 1].text += line + "\n"
            }
        }
        return sections
    }
}
