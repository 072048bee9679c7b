// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension WITModel {
    /// Reads the interfaces of a component, or a package of WIT that was encoded as one.
    ///
    /// A component does not tell the names of its package and world: they are `root:component` and `root`, as
    /// `wasm-tools component wit` has it. Of interfaces that it imports, it holds only what it uses.
    ///
    ///     let model = try WITModel(of: try Component(decoding: bytes))
    ///     print(model.text())
    /// - Parameter component: The component.
    /// - Throws: ``WITError`` if the component contradicts itself, or if WIT cannot say what it imports or exports.
    package init(of component: Component) throws(WITError) {
        var decoder = ComponentWITDecoder()
        let main: WITPackageName
        if let signatures = try Self.packageSignatures(of: component) {
            main = try decoder.decodePackage(signatures)
        } else {
            main = try decoder.decodeComponent(try Self.types(of: component))
        }
        var packages = try decoder.packages(main: main)
        let documentation = component.customSections.last { $0.name == WITPackageMetadata.sectionName }
        if let documentation, let index = packages.firstIndex(where: { $0.name == main }) {
            let metadata = try WITPackageMetadata(decoding: documentation.content)
            metadata.apply(to: &packages[index])
        }
        self.init(packages: packages, mainPackageName: main)
    }

    /// The types of each interface and world, if a component is a package of WIT: all it has is types of components.
    private static func packageSignatures(of component: Component) throws(WITError) -> ComponentTypes? {
        let exports = component.exports
        let types = component.componentTypeIndices
        guard !exports.isEmpty, component.imports.isEmpty,
            exports.allSatisfy({ $0.item.sort == .type && types.contains($0.item.index) })
        else { return nil }
        // What is imported with a type is known in all its parts; what is exported as a type is not.
        var importing = component
        importing.sections.append(
            Component.Section(
                .imports(
                    exports.map { Component.Import(name: $0.name, type: .component(type: $0.item.index)) }
                )
            )
        )
        do throws(ComponentsError) {
            return try ComponentTypes(of: importing)
        } catch {
            throw WITError(.invalid, "the component's types cannot be read: \(error)")
        }
    }

    private static func types(of component: Component) throws(WITError) -> ComponentTypes {
        do throws(ComponentsError) {
            return try ComponentTypes(of: component)
        } catch {
            throw WITError(.invalid, "the component's types cannot be read: \(error)")
        }
    }
}

extension Component {
    /// The indices of the types of components that are defined in this component.
    fileprivate var componentTypeIndices: Set<UInt32> {
        var indices: Set<UInt32> = []
        var next: UInt32 = 0
        for section in sections {
            switch section.content {
            case .types(let definitions):
                for definition in definitions {
                    if case .component = definition { indices.insert(next) }
                    next += 1
                }
            case .imports(let imports): next += UInt32(imports.count { $0.type.sort == .type })
            case .exports(let exports): next += UInt32(exports.count { $0.item.sort == .type })
            case .aliases(let aliases): next += UInt32(aliases.count { $0.sort == .type })
            default: break
            }
        }
        return indices
    }
}
