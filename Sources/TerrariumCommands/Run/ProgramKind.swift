// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumBindgen

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The kind of a file that somebody wants to run.
enum ProgramKind {
    case component
    case coreModule
    case other

    /// The kind of a file with these bytes at its beginning.
    init(of contents: [UInt8]) {
        switch Data(contents.prefix(8)) {
        case Data([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]): self = .component
        case let start where WITInput.isWebAssembly(start): self = .coreModule
        default: self = .other
        }
    }
}
