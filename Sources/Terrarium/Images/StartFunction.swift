// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// A memory of an image: its contents, and its size with the zeros that follow.
struct StartedMemory: Equatable {
    var bytes: [UInt8]
    let size: Int
}

/// Runs the start function of a component while its image is built, so that no sandbox runs it.
///
/// The engine would run it while it makes an instance, before a deadline holds. Here it is an export like any other.
enum StartFunction {
    /// The export that the start function is.
    static let export = "terrarium-start"

    /// Runs the start function of an image that was made without; answers the memory afterwards.
    ///
    /// - Throws: `SandboxError` with the code `.invalidComponent` if it traps, takes too long, or draws random numbers:
    ///   all sandboxes of the image would share them.
    static func run(in image: Image, time: Duration, name: String) throws -> StartedMemory {
        var limits = Limits.forSetUp
        limits.time = time
        limits.grace = .zero
        do {
            // With other random numbers and the same clock, the outcome must be the same.
            let start = try image.runtime.component.functionExport([export])
            let outcomes = try [1, 2].map { seed in
                try image.probe(limits: limits, determinism: Determinism(seed: seed)) {
                    try memory(of: $0, after: start)
                }
            }
            guard outcomes[0] == outcomes[1] else {
                throw SandboxError(
                    .invalidComponent,
                    "\(name) cannot be made an image: its start function draws random numbers, which all sandboxes would "
                        + "share."
                )
            }
            return outcomes[0]
        } catch {
            let error = SandboxError.translating(error)
            if let error = error as? SandboxError, error.code == .invalidComponent { throw error }
            throw SandboxError(
                .invalidComponent,
                "\(name) cannot be made an image: its start function failed: \(error)"
            )
        }
    }

    private static func memory(of guest: GuestInstance, after start: FunctionExport) throws -> StartedMemory {
        _ = try guest.call(start, [])
        let memory = guest.memory
        var bytes = try memory.read(at: 0, count: UInt32(clamping: memory.size))
        let end = (bytes.lastIndex { $0 != 0 } ?? -1) + 1
        let pageBytes = ImageMemory.wasmPageBytes
        bytes.removeSubrange(min(bytes.count, (end + pageBytes - 1) / pageBytes * pageBytes)...)
        return StartedMemory(bytes: bytes, size: memory.size)
    }
}
