// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The index spaces of a component, component type or instance type while its definitions are resolved.
final class TypeScope {
    /// The type that a type index stands for.
    enum Entry {
        case value(ComponentTypes.TypeID)
        case function(ComponentTypes.Function)
        case instance(Template)
        case component(Template)
    }

    /// Definitions that are resolved anew at each use, because each use makes fresh resource types.
    struct Template {
        enum Body {
            case component(Component)
            case declarations([Component.Declaration])
        }

        let body: Body
        let scope: TypeScope
    }

    let parent: TypeScope?
    var types: [Entry] = []
    var functions: [ComponentTypes.Function] = []
    var instances: [ComponentTypes.Instance] = []
    var components: [Template?] = []
    var values: [ComponentTypes.ValueType?] = []
    var imports: [ComponentTypes.NamedItem] = []
    var exports: [ComponentTypes.NamedItem] = []

    init(parent: TypeScope?) {
        self.parent = parent
    }

    /// The scope so many levels further out.
    func outer(_ count: UInt32) throws(ComponentsError) -> TypeScope {
        var scope = self
        for _ in 0..<count {
            guard let parent = scope.parent else {
                throw ComponentsError(.invalid, "an alias points \(count) scopes out, beyond the outermost")
            }
            scope = parent
        }
        return scope
    }

    static func find<Element>(
        _ index: UInt32,
        in space: [Element],
        _ what: StaticString
    ) throws(ComponentsError) -> Element {
        guard Int(index) < space.count else { throw ComponentsError(.invalid, "there is no \(what) \(index)") }
        return space[Int(index)]
    }

    func valueType(_ type: Component.ValueType) throws(ComponentsError) -> ComponentTypes.ValueType {
        switch type {
        case .primitive(let primitive): return .primitive(primitive)
        case .index(let index): return .defined(try typeID(index))
        }
    }

    func valueType(_ type: Component.ValueType?) throws(ComponentsError) -> ComponentTypes.ValueType? {
        guard let type else { return nil }
        return try valueType(type)
    }

    func typeID(_ index: UInt32) throws(ComponentsError) -> ComponentTypes.TypeID {
        guard case .value(let id) = try Self.find(index, in: types, "type") else {
            throw ComponentsError(.invalid, "type \(index) is not a type of values")
        }
        return id
    }

    func functionType(_ index: UInt32) throws(ComponentsError) -> ComponentTypes.Function {
        guard case .function(let function) = try Self.find(index, in: types, "type") else {
            throw ComponentsError(.invalid, "type \(index) is not a type of functions")
        }
        return function
    }
}
