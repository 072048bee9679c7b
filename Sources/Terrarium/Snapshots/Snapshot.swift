// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// All of the state of a sandbox at one moment: variables, files, the half-printed line.
///
/// A value that can be kept, sent to another task, restored any number of times, and stored; see ``write(to:)``. It holds
/// what differs from the image in the pages of memory, and shares pages that are the same with other snapshots.
public struct Snapshot: Sendable {
    /// The image that it belongs to.
    public let image: Image

    let pages: MemoryPages

    /// The time on the sandbox's monotonic clock, in nanoseconds.
    var monotonicTime: UInt64

    /// Whether it is of a session, whose host functions and limits the guest knows.
    var isSession = false

    /// Whether a program of the session was suspended.
    public internal(set) var isSuspended = false

    /// The memory that the snapshot takes, in bytes; what it shares with others counts in full.
    public var byteCount: Int { pages.byteCount }
}

extension Sandbox {
    /// Copies the state of the sandbox.
    ///
    /// - Returns: The state between two calls.
    /// - Throws: `SandboxError` with the code `.unsupported` if the image is a plain component.
    public func snapshot() throws -> Snapshot {
        Snapshot(image: image, pages: try currentPages(), monotonicTime: context.monotonicTime)
    }

    /// Creates a sandbox that continues from a snapshot.
    ///
    /// - Parameters:
    ///   - snapshot: The state to continue from; it stays as it is.
    ///   - limits: What the sandbox may use.
    ///   - output: Where what the program prints goes; nowhere by default.
    ///   - sharesRandomness: Whether `random` goes on with the snapshot's sequence, as every other sandbox with the same
    ///     argument will; by default it is seeded afresh.
    public init(
        restoring snapshot: Snapshot,
        limits: Limits = Limits(),
        output: Output = .discard,
        sharesRandomness: Bool = false
    ) {
        self.init(
            snapshot.image,
            pages: snapshot.pages,
            limits: limits,
            output: output,
            needsReseeding: !sharesRandomness
        )
        context.setClock(to: snapshot.monotonicTime)
    }

    /// Creates a second sandbox in the same state; from then on each goes its own way.
    ///
    /// - Parameter sharesRandomness: Whether `random` goes on with the same sequence in both; by default it is seeded
    ///   afresh in the new one.
    /// - Returns: The new sandbox, with the same limits and output.
    /// - Throws: `SandboxError` with the code `.unsupported` if the image is a plain component.
    public func fork(sharesRandomness: Bool = false) throws -> Sandbox {
        Sandbox(restoring: try snapshot(), limits: limits, output: output, sharesRandomness: sharesRandomness)
    }

    /// Puts the sandbox back into a state.
    ///
    /// - Parameter snapshot: A snapshot of a sandbox of the same image.
    /// - Throws: `SandboxError` with the code `.invalidSnapshot` if it belongs to another image.
    public func rollback(to snapshot: Snapshot) throws {
        guard snapshot.image.identity == image.identity else {
            throw SandboxError(.invalidSnapshot, "The snapshot belongs to another image than the sandbox.")
        }
        setPages(snapshot.pages)
        context.advanceClock(to: snapshot.monotonicTime)
    }
}
