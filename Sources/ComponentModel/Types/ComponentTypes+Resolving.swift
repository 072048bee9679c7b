// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension ComponentTypes {
    /// Resolves the types of a component's imports and exports.
    ///
    /// - Throws: an error of the code `invalid` if an index or a name leads nowhere.
    package init(of component: Component) throws(ComponentsError) {
        var resolver = TypeResolver()
        let scope = TypeScope(parent: nil)
        try resolver.resolve(component, in: scope, arguments: nil)
        types = resolver.types
        imports = scope.imports
        exports = scope.exports
    }
}
