// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumBindgen

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a file is that somebody wants to run, by its first bytes.
enum ProgramKind {
    case component
    case coreModule
    case other

    init(of file: String) throws {
        guard file != ScriptFile.standardInput else {
            self = .other
            return
        }
        guard let handle = FileManager.default.contents(atPath: file) else {
            throw CommandFailure.usage("\(file) cannot be read.")
        }
        switch handle.prefix(8) {
        case Data([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]): self = .component
        case let start where WITInput.isWebAssembly(start): self = .coreModule
        default: self = .other
        }
    }
}
