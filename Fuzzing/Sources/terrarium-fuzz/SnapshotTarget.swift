// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization

@testable import Terrarium

/// Encoded snapshots.
///
/// An input is what stands behind the image's identity; the digest is made for it.
struct SnapshotTarget: FuzzTarget {
    private let image: Image
    private let header: [UInt8]

    init() throws {
        image = try Image.loadedForFuzzing()
        let identity = Array(image.identity.utf8)
        header = Array("TERRSNAP".utf8) + Self.bytes(3) + Self.bytes(UInt32(identity.count)) + identity
    }

    func read(_ bytes: [UInt8]) {
        let content = header + bytes
        do {
            let snapshot = try Snapshot(decoding: content + SHA256.hash(content), image: image)
            require(
                try Snapshot(decoding: snapshot.encoded(), image: image).encoded() == snapshot.encoded(),
                "a snapshot is encoded in two ways"
            )
        } catch {
            require(error.code == .invalidSnapshot, "\(error)")
        }
    }

    private static func bytes(_ integer: UInt32) -> [UInt8] { withUnsafeBytes(of: integer.littleEndian, Array.init) }
}

extension Image {
    /// Loads the Python image before the first input, on a thread that may block.
    static func loadedForFuzzing() throws -> Image {
        let result = Mutex<Result<Image, any Error>?>(nil)
        let isLoaded = DispatchSemaphore(value: 0)
        Task {
            let loaded: Result<Image, any Error>
            do { loaded = .success(try await Image.python()) } catch { loaded = .failure(error) }
            result.withLock { $0 = loaded }
            isLoaded.signal()
        }
        isLoaded.wait()
        guard let image = try result.withLock({ try $0?.get() }) else { fatalError("no image") }
        return image
    }
}
