// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

extension WITWorld {
    /// The world without the interfaces of WASI 0.2 that nothing else in it uses: the engine provides those.
    func withoutWASI(_ model: WITModel) -> WITWorld {
        var needed: Set<WITInterfaceID> = []
        var pending = (imports + exports).compactMap(\.interface).filter { !$0.isWASI }
        pending += types.usedInterfaceIDs
        while let id = pending.popLast() {
            guard needed.insert(id).inserted, let interface = model.interface(id) else { continue }
            pending += interface.dependencies
        }
        var copy = self
        copy.imports.removeAll { $0.interface.map { $0.isWASI && !needed.contains($0) } ?? false }
        copy.exports.removeAll { $0.interface.map { $0.isWASI && !needed.contains($0) } ?? false }
        return copy
    }
}

extension [WITTypeDefinition] {
    /// The interfaces that types are taken over from.
    fileprivate var usedInterfaceIDs: [WITInterfaceID] {
        compactMap { definition in
            guard case .use(let target) = definition.kind, case .interface(let id) = target.owner else { return nil }
            return id
        }
    }
}

extension WITInterfaceID {
    /// A Boolean value that tells whether this is an interface of WASI 0.2.
    var isWASI: Bool {
        package.namespace == "wasi" && (package.version?.description.hasPrefix("0.2") ?? false)
    }
}
