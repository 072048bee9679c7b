// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// The options with which ``LinkedComponent/virtualize(_:)`` makes a component independent of WASI.
package struct Virtualization: Sendable {
    /// The surroundings that the guest finds.
    ///
    /// They become part of the component.
    package var configuration: GuestConfiguration
    /// Interfaces or packages of WASI whose imports stay, such as `wasi:http` or `wasi:http/outgoing-handler`.
    package var keptImports: Set<String>
    /// The form in which output reaches the host.
    ///
    /// If a component gets ``grants``, this has no meaning.
    package var output: Output
    /// The parts of its host's WASI that the component may use, so that it runs on any runtime.
    ///
    /// If this is nil, as by default, the component is for hosts that know it: it imports ``GuestWASI/hostInterface`` and
    /// exports ``GuestWASI/controlInterface``.
    package var grants: WASIGrants?
    /// Memory for files and handles that is there from the start, in bytes, 2 MiB by default.
    ///
    /// More is added when it is needed. What is not used is only address space; half a MiB of it is kept back for when
    /// the memory cannot grow.
    package var arenaBytes: UInt32

    /// Creates options; by default the guest finds an empty directory `/` and nothing else.
    package init(
        configuration: GuestConfiguration = GuestConfiguration(preopens: ["/"]),
        keptImports: Set<String> = [],
        output: Output = .address,
        grants: WASIGrants? = nil,
        arenaBytes: UInt32 = 2 << 20
    ) {
        self.configuration = configuration
        self.keptImports = keptImports
        self.output = output
        self.grants = grants
        self.arenaBytes = arenaBytes
    }

    /// The form in which output reaches the host.
    package struct Output: Hashable, Sendable {
        fileprivate enum Kind { case address, list }

        fileprivate let kind: Kind

        /// As an address and a length, for hosts that can read the guest's memory themselves.
        package static let address = Output(kind: .address)
        /// As `list<u8>`, for any host.
        package static let list = Output(kind: .list)

        var isList: Bool { kind == .list }
    }

    /// Returns whether imports of an interface stay.
    func keeps(_ interface: String) -> Bool {
        let package = interface.split(separator: "/", maxSplits: 1).first.map(String.init) ?? interface
        return keptImports.contains(interface) || keptImports.contains(package)
    }
}

/// The outcome of virtualization for the imports of a component.
package struct VirtualizationReport: Sendable {
    /// Functions that GuestWASI implements now, as `wasi:io/streams#[method]output-stream.write`.
    package internal(set) var implemented: [String] = []
    /// Functions that answer with an error of their type, or with nothing.
    package internal(set) var refused: [String] = []
    /// Functions that trap when they are called, because their types leave no other way to refuse.
    package internal(set) var trapping: [String] = []
    /// Imports that the component still has, other than of types.
    package internal(set) var remainingImports: [String] = []
    /// Why the component was left as it is and got a provider of WASI beside it; nil if it was linked into one module.
    package internal(set) var compositionReason: String?
    /// The range of memory in which GuestWASI lives: its own data, then the configuration's.
    package internal(set) var addresses: Range<UInt64> = 0..<0
}
