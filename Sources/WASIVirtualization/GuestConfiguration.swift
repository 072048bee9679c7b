// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// The surroundings of a virtualized guest: the things that it finds at its start, its quotas, and the sources of its
/// time and randomness.
///
/// It can be part of a component (``Virtualization/configuration``), and a host can apply it to a sandbox with the
/// function `configure` of ``GuestWASI/controlInterface``. What is nil or empty there stays as it is.
/// The encoding is described in `Guest/WASI/ABI.md`.
package struct GuestConfiguration: Sendable {
    /// Environment variables.
    package var environment: [String: String]
    /// Command-line arguments.
    package var arguments: [String]
    /// The initial working directory.
    package var workingDirectory: String?
    /// The directories that the guest finds open, by absolute path; they are made if they are not there.
    package var preopens: [String]
    /// Directories that the guest finds open under names other than their paths: paths by names.
    package var namedPreopens: [String: String]
    /// The files that are part of the image; only for ``Virtualization``.
    package var files: GuestFiles
    /// The limits on the resources that the guest may use up.
    package var quotas: Quotas?
    /// The source of time.
    package var clock: Clock?
    /// The source of randomness.
    package var randomness: Randomness?

    /// Creates a configuration that changes nothing.
    package init(
        environment: [String: String] = [:],
        arguments: [String] = [],
        workingDirectory: String? = nil,
        preopens: [String] = [],
        namedPreopens: [String: String] = [:],
        files: GuestFiles = GuestFiles(),
        quotas: Quotas? = nil,
        clock: Clock? = nil,
        randomness: Randomness? = nil
    ) {
        self.environment = environment
        self.arguments = arguments
        self.workingDirectory = workingDirectory
        self.preopens = preopens
        self.namedPreopens = namedPreopens
        self.files = files
        self.quotas = quotas
        self.clock = clock
        self.randomness = randomness
    }

    /// The limits on the resources that a guest may use up.
    ///
    /// Beyond them, operations fail as on a full disk.
    package struct Quotas: Hashable, Sendable {
        /// Bytes of memory for contents of files; unchanged files of the image do not count.
        package var maxFileBytes: UInt64
        /// Files, directories and links that were made at run time.
        package var maxFiles: UInt32
        /// Open files, streams, directory listings and timers.
        package var maxHandles: UInt32

        /// Creates quotas: 256 MiB, 100,000 files and 4,096 handles unless given.
        package init(maxFileBytes: UInt64 = 256 << 20, maxFiles: UInt32 = 100_000, maxHandles: UInt32 = 4096) {
            self.maxFileBytes = maxFileBytes
            self.maxFiles = maxFiles
            self.maxHandles = maxHandles
        }
    }

    /// The source of a guest's time.
    package struct Clock: Hashable, Sendable {
        fileprivate enum Source: Hashable {
            case host
            case virtual(start: UInt64, tick: UInt64)
        }

        fileprivate let source: Source

        /// A Boolean value that tells whether time is the same in every run.
        var isVirtual: Bool { source != .host }

        /// The host's clocks.
        package static let host = Clock(source: .host)

        /// Time that is the same in every run: it starts at `start` (nanoseconds since 1970), moves on by `tick`
        /// nanoseconds whenever it is read, and by the whole time when the guest sleeps, which then takes none.
        package static func virtual(start: UInt64, tick: UInt64 = 1000) -> Clock {
            Clock(source: .virtual(start: start, tick: tick))
        }
    }

    /// The source of a guest's randomness.
    package struct Randomness: Hashable, Sendable {
        let seed: UInt64?

        /// The host, at every request, so that copies of a sandbox differ.
        package static let host = Randomness(seed: nil)

        /// A generator whose results are the same in every run.
        package static func seeded(_ seed: UInt64) -> Randomness { Randomness(seed: seed) }
    }
}

// MARK: - Encoding

extension GuestConfiguration {
    /// The records that GuestWASI reads.
    package func encoded() -> [UInt8] {
        var records = Records()
        // What the image holds comes first, because directories of it can be preopened.
        if !files.isEmpty { records.add(8, files.encoded()) }
        for (key, value) in environment.sorted(by: { $0.key < $1.key }) {
            var payload = LittleEndianWriter()
            payload.u32(UInt32(key.utf8.count))
            payload.append(Array(key.utf8))
            payload.append(Array(value.utf8))
            records.add(1, payload.bytes)
        }
        for argument in arguments { records.add(2, Array(argument.utf8)) }
        if let workingDirectory { records.add(3, Array(workingDirectory.utf8)) }
        if let quotas {
            var payload = LittleEndianWriter()
            payload.u64(quotas.maxFileBytes)
            payload.u32(quotas.maxFiles)
            payload.u32(quotas.maxHandles)
            records.add(5, payload.bytes)
        }
        if let clock {
            var payload = LittleEndianWriter()
            switch clock.source {
            case .host: for value: UInt64 in [0, 0, 0] { payload.u64(value) }
            case .virtual(let start, let tick): for value in [1, start, tick] { payload.u64(value) }
            }
            records.add(6, payload.bytes)
        }
        if let randomness {
            var payload = LittleEndianWriter()
            payload.u64(randomness.seed == nil ? 0 : 1)
            payload.u64(randomness.seed ?? 0)
            records.add(7, payload.bytes)
        }
        for path in preopens { records.add(4, Array(path.utf8)) }
        for (name, path) in namedPreopens.sorted(by: { $0.key < $1.key }) {
            var payload = LittleEndianWriter()
            payload.u32(UInt32(name.utf8.count))
            payload.append(Array(name.utf8) + Array(path.utf8))
            records.add(10, payload.bytes)
        }
        return records.writer.bytes
    }

    private struct Records {
        var writer = LittleEndianWriter()

        mutating func add(_ tag: UInt32, _ payload: [UInt8]) {
            writer.u32(tag)
            writer.u32(UInt32(payload.count))
            writer.append(payload)
            writer.align(to: 8)
        }
    }
}

/// Appends numbers of fixed size.
struct LittleEndianWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ content: [UInt8]) { bytes += content }

    mutating func u8(_ value: UInt8) { bytes.append(value) }

    mutating func u16(_ value: UInt16) { number(value) }

    mutating func u32(_ value: UInt32) { number(value) }

    mutating func u64(_ value: UInt64) { number(value) }

    mutating func align(to alignment: Int) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }

    private mutating func number<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }
}
