// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

/// A SHA-256 hash, as FIPS 180-4 defines it; it tells whether contents are the same.
struct SHA256 {
    /// The bytes of a hash.
    static let byteCount = 32

    private var state = terrarium_sha256()

    init() {
        unsafe terrarium_sha256_begin(&state)
    }

    /// Adds bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe terrarium_sha256_add(&state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    /// The hash of all bytes that were added, after which there is nothing to add.
    consuming func finalize() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.byteCount) { digest, count in
            guard let start = digest.baseAddress else { return }
            unsafe terrarium_sha256_end(&state, start)
            count = Self.byteCount
        }
    }

    /// The hash of bytes.
    static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        let isAdded: Void? = bytes.withContiguousStorageIfAvailable {
            unsafe hash.update(UnsafeRawBufferPointer($0))
        }
        if isAdded == nil { unsafe Array(bytes).withUnsafeBytes { bytes in unsafe hash.update(bytes) } }
        return hash.finalize()
    }
}
