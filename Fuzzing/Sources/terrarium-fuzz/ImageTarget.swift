// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

@testable import Terrarium

/// The folder of an image.
///
/// An input is its manifest, a zero byte, and its component.
struct ImageTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        do throws(SandboxError) {
            _ = try ComponentSummary(of: Array(parts.count > 1 ? parts[1] : []), name: "The component")
        } catch {
            require(error.code == .invalidComponent, "\(error)")
        }
        let decoder = JSONDecoder()
        let data = Data(parts[0])
        guard ImageManifest.format(of: { try decoder.decode($0, from: data) }) != nil,
            let manifest = try? decoder.decode(ImageManifest.self, from: data)
        else { return }
        do throws(SandboxError) {
            try ImageManifest.check(
                initialMemoryBytes: manifest.initialMemoryBytes,
                contentBytes: 1 << 16,
                name: "The image"
            )
            require(manifest.initialMemoryBytes <= (1 << 16) + ImageManifest.maxZeroBytes, "a manifest lifts limits")
        } catch {
            require(error.code == .invalidImage, "\(error)")
        }
    }
}
