// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

extension SandboxError {
    /// A failure of the engine that nothing in particular is known about.
    init(_ error: WasmtimeError) {
        self.init(error.code == .libraryMissing ? .partsNotFound : .engine, "The engine failed: \(error.message)")
    }

    /// Returns the error that a sandbox throws for an error of the engine.
    static func translating(_ error: any Error) -> any Error {
        switch error {
        case let trap as Trap:
            if let name = trap.message.firstMatch(of: /unknown import: `([^`]*)`/)?.1 {
                return SandboxError(.trap, "The component called \(name), which it was not granted.")
            }
            let place = trap.frames.first?.functionName.map { " in \($0)" } ?? ""
            return SandboxError(.trap, "The program crashed its interpreter\(place): \(trap.message)")
        case let exit as GuestExit:
            return SandboxError(.exited, "The program ended its interpreter, with status \(exit.status).")
        case let error as WasmtimeError: return SandboxError(error)
        case is GuestMemory.OutOfBounds:
            return SandboxError(.trap, "The program passed on an address that is not in its memory.")
        case let malformed as MalformedMessage:
            return SandboxError(
                .tampered,
                "The program tampered with the part of its sandbox that speaks with the host: \(malformed.reason) is "
                    + "not as it should be."
            )
        default: return error
        }
    }
}
