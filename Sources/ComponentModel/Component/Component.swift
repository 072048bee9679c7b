// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A WebAssembly component: an ordered list of sections, each of which may refer to what the ones before it define.
///
/// Every section remembers the bytes it was decoded from and ``encoded()`` writes those again unless the section was
/// changed, so a component that was only looked at comes out byte for byte as it went in.
///
/// See [Binary.md](https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md).
package struct Component: Sendable {
    /// The sections in order.
    package var sections: [Section]

    /// Creates an empty component.
    package init() {
        sections = []
    }

    /// A section of a component.
    package struct Section: Sendable {
        /// The content of the section.
        package var content: Content { didSet { encoded = nil } }
        /// The section as it was in the file; nil once it is changed.
        private(set) var encoded: ArraySlice<UInt8>?

        /// Creates a section.
        package init(_ content: Content) {
            self.content = content
        }

        init(_ content: Content, encoded: ArraySlice<UInt8>) {
            self.content = content
            self.encoded = encoded
        }
    }

    /// The content of a section of a component.
    package enum Content: Sendable {
        /// Data for tools, which engines ignore.
        case custom(CustomSection)
        /// A core module.
        case coreModule(CoreModule)
        /// Core instances.
        case coreInstances([CoreInstance])
        /// Core types.
        case coreTypes([CoreType])
        /// A nested component.
        case component(Component)
        /// Instances of components.
        case instances([Instance])
        /// Aliases.
        case aliases([Alias])
        /// Types.
        case types([TypeDefinition])
        /// Functions that cross the border between core modules and components.
        case canonicals([Canonical])
        /// A function to call at instantiation.
        case start(Start)
        /// Imports.
        case imports([Import])
        /// Exports.
        case exports([Export])
        /// Values.
        case values([Value])
    }

    /// The core modules directly in this component, in the order of the file.
    package var coreModules: [CoreModule] {
        sections.compactMap { if case .coreModule(let module) = $0.content { module } else { nil } }
    }

    /// The components directly in this component, in the order of the file.
    package var components: [Component] {
        sections.compactMap { if case .component(let component) = $0.content { component } else { nil } }
    }

    /// The imports in the order of the file.
    package var imports: [Import] {
        sections.flatMap { if case .imports(let imports) = $0.content { imports } else { [Import]() } }
    }

    /// The exports in the order of the file.
    package var exports: [Export] {
        sections.flatMap { if case .exports(let exports) = $0.content { exports } else { [Export]() } }
    }

    /// The custom sections in the order of the file.
    package var customSections: [CustomSection] {
        sections.compactMap { if case .custom(let section) = $0.content { section } else { nil } }
    }

    /// Forgets the bytes of all sections, so that everything is encoded anew.
    mutating func forgetEncodings() {
        for index in sections.indices {
            switch sections[index].content {
            case .coreModule(var module):
                module.forgetEncodings()
                sections[index].content = .coreModule(module)
            case .component(var component):
                component.forgetEncodings()
                sections[index].content = .component(component)
            case let content: sections[index].content = content
            }
        }
    }
}
