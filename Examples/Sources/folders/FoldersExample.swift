// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// A folder goes in as a copy, and results come out; nothing else of the file system is there.
@main
struct FoldersExample {
    static func main() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "terrarium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("name,score\nAda,9\nBob,7\n".utf8).write(to: folder.appending(path: "scores.csv"))
        // Links that lead out of the folder are not followed.
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "secrets"),
            withDestinationURL: URL(filePath: "/etc")
        )

        let sandbox = Sandbox(try await Image.python())
        var bounds = CopyLimits()
        bounds.bytes = 1 << 20
        try await sandbox.copy(folder, to: "/data", limits: bounds)
        let run = try await sandbox.run(
            """
            import csv, os
            with open('/data/scores.csv') as file:
                rows = list(csv.DictReader(file))
            os.makedirs('/results')
            with open('/results/best.txt', 'w') as file:
                file.write(max(rows, key=lambda row: int(row['score']))['name'])
            os.remove('/data/scores.csv')
            os.listdir('/data'), os.path.exists('/etc/passwd')
            """
        )
        print("In the sandbox:", run.value ?? run.error?.rendered ?? "")
        try await sandbox.copy("/results", to: folder.appending(path: "results"))
        print("Best:", try String(contentsOf: folder.appending(path: "results/best.txt"), encoding: .utf8))
        print("The original is there:", FileManager.default.fileExists(atPath: folder.path + "/scores.csv"))
    }
}
