// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

@testable import ComponentLinking
@testable import ComponentModel
@testable import WIT

/// Modules and components: decoding, types, WIT, linking and the passes over memory.
struct ComponentTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        do throws(ComponentsError) {
            if Component.isComponent(bytes) {
                try read(component: bytes)
            } else {
                let module = try CoreModule(decoding: bytes)
                let encoded = module.encoded()
                require(try CoreModule(decoding: encoded).encoded() == encoded, "a module is encoded in two ways")
                try walk(module)
            }
        } catch {
            require(!error.message.isEmpty, "an error without a message")
        }
    }

    private func read(component bytes: [UInt8]) throws(ComponentsError) {
        let component = try Component(decoding: bytes)
        let encoded = component.encoded()
        require(try Component(decoding: encoded).encoded() == encoded, "a component is encoded in two ways")
        for module in component.coreModules { try walk(module) }
        _ = try? WITModel(of: component)
        _ = try ComponentTypes(of: component)
        var linked = try LinkedComponent(linking: component)
        _ = try linked.component().encoded()
        try linked.moveGlobalsToMemory()
        try linked.removeUnusedImports()
        _ = try linked.component().encoded()
        _ = try linked.extractMemory(maximumSize: 1 << 24)
    }

    private func walk(_ module: CoreModule) throws(ComponentsError) {
        _ = NameSection(of: module)
        for body in module.bodies {
            var visitor = NullVisitor()
            try InstructionReader.walkBody(body, &visitor)
        }
    }
}
