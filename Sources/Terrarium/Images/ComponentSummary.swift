// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The facts about a component that are needed before it is compiled.
struct ComponentSummary {
    /// Bytes in the largest linear memory that any of the component's core modules starts with.
    let initialMemoryBytes: Int

    /// A Boolean value that tells whether a core module has a start function, which runs while it is instantiated.
    let hasStartFunction: Bool

    /// Decodes a component.
    ///
    /// - Throws: `SandboxError` with the code `.invalidComponent` if the bytes are no component.
    init(of bytes: [UInt8], name: String) throws(SandboxError) {
        do {
            self.init(of: try Component(decoding: bytes))
        } catch {
            throw SandboxError(.invalidComponent, "\(name) is not a WebAssembly component: \(error)")
        }
    }

    private init(of component: Component) {
        let own = component.coreModules.flatMap(\.memories).map { min($0.minimum, 65_536) * 65_536 }
        let nested = component.components.map(ComponentSummary.init(of:))
        initialMemoryBytes = max(own.max().map(Int.init) ?? 0, nested.map(\.initialMemoryBytes).max() ?? 0)
        hasStartFunction =
            component.coreModules.contains { $0.start != nil } || nested.contains(where: \.hasStartFunction)
    }
}
