// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// The one core module of a ``LinkedComponent``, in a form that can be edited.
///
/// Functions are known by numbers that never change: their positions in ``functions``. Code, element segments, exports
/// and the start function refer to those numbers. Only ``encodable()`` puts imports first and renumbers what has to be,
/// in a single pass over the code, so any number of edits costs one rewrite.
/// All other things - types, tables, memories, globals, tags and segments - are defined here, never imported.
package struct LinkedModule: Sendable {
    /// The defined types.
    package var types: [CoreRecursionGroup] = []
    /// The functions, imported and defined.
    package var functions: [Function] = []
    /// The tables.
    package var tables: [CoreModule.Table] = []
    /// The memories; a linked component has at most one.
    package var memories: [CoreLimits] = []
    /// The globals.
    package var globals: [Global] = []
    /// The types of the exception tags.
    package var tags: [UInt32] = []
    /// The element segments.
    package var elements: [CoreModule.ElementSegment] = []
    /// The data segments.
    package var data: [CoreModule.DataSegment] = []
    /// The function to run at instantiation.
    package var start: UInt32?
    /// The steps that ``start`` takes, where it was put together of several.
    var startSteps: [StartStep] = []
    /// The symbols that the original modules exported to each other.
    ///
    /// Their functions can be found by these names.
    package var symbols: [Symbol] = []
    /// Functions of which the code takes references.
    var referencedFunctions: Set<UInt32> = []
    var declaresDataCount = false
    /// The index of the first type of each group, by the group with its inner references made relative.
    var typePositions: [CoreRecursionGroup: UInt32] = [:]
    /// The types of all groups by index.
    private(set) var flatTypes: [CoreSubType] = []

    /// Creates an empty module.
    package init() {}

    /// A function of the module.
    package struct Function: Sendable {
        /// The origin of a function.
        package enum Origin: Sendable {
            /// The component provides it.
            case host(HostFunction)
            /// The module defines it; the locals and instructions follow.
            case defined(ArraySlice<UInt8>)
            /// Another function takes its place wherever it was used.
            case replaced(by: UInt32)
            /// It is gone; nothing refers to it.
            case removed
        }

        /// The index of its type.
        package var type: UInt32
        /// Its origin.
        package var origin: Origin
        /// Its name in backtraces.
        package var name: String?
    }

    /// A function that the component provides to the module.
    package struct HostFunction: Sendable {
        /// The name of the interface, such as `wasi:io/streams@0.2.9`; nil for functions of the world itself and for
        /// operations of the engine.
        package var interface: String?
        /// The name of the function, such as `[method]output-stream.write`, `[resource-drop]pollable` or `task.return`.
        package var name: String
        /// The canonical definition of which the engine makes it.
        ///
        /// Indices of functions, memories and tables refer to this module.
        package var canonical: Component.Canonical

        package init(interface: String? = nil, name: String, canonical: Component.Canonical) {
            self.interface = interface
            self.name = name
            self.canonical = canonical
        }
    }

    /// A global of the module.
    package struct Global: Hashable, Sendable {
        /// Its type.
        package var type: CoreGlobalType
        /// Its first value.
        package var initializer: ConstantExpression
        /// Its name, if one is known.
        package var name: String?

        /// Creates a global.
        package init(type: CoreGlobalType, initializer: ConstantExpression, name: String? = nil) {
            self.type = type
            self.initializer = initializer
            self.name = name
        }
    }

    /// Something that one of the original modules exported.
    package struct Symbol: Hashable, Sendable {
        /// The number of the core instance that exported it, counting instances of modules only.
        package var instance: Int
        /// The name it was exported with.
        package var name: String
        /// Its kind.
        package var kind: CoreExternKind
        /// The number of the function, or the index of another thing.
        package var index: UInt32
    }

    // MARK: - Queries

    /// The numbers of the functions that the original modules exported with a name, in the order of instantiation.
    package func functions(exportedAs name: String) -> [UInt32] {
        symbols.compactMap { $0.kind == .function && $0.name == name ? resolved($0.index) : nil }
    }

    /// The function that is used where a number stands, after replacements.
    package func resolved(_ function: UInt32) -> UInt32 {
        var current = function
        // Replacements are checked not to form a circle when they are made.
        while case .replaced(let next) = functions[Int(current)].origin { current = next }
        return current
    }

    /// The type of a function.
    package func functionType(_ function: UInt32) -> CoreFunctionType {
        functionType(at: functions[Int(function)].type) ?? CoreFunctionType()
    }

    /// The function type with an index; nil if the index is that of another type.
    func functionType(at index: UInt32) -> CoreFunctionType? {
        guard Int(index) < flatTypes.count, case .function(let type) = flatTypes[Int(index)].composite else {
            return nil
        }
        return type
    }

    /// The functions that the component has to provide, by number.
    package var hostFunctions: [(number: UInt32, function: HostFunction)] {
        functions.enumerated().compactMap { number, function in
            guard case .host(let host) = function.origin else { return nil }
            return (UInt32(number), host)
        }
    }

    // MARK: - Editing

    /// Adds a function of the host's; `name` is what backtraces call it, by default its interface and name.
    ///
    /// - Returns: Its index.
    package mutating func addHostFunction(_ host: HostFunction, type: CoreFunctionType, name: String? = nil) -> UInt32 {
        let number = UInt32(functions.count)
        let ownName = host.interface.map { "\($0)#\(host.name)" } ?? host.name
        functions.append(Function(type: index(of: type), origin: .host(host), name: name ?? ownName))
        return number
    }

    /// The index of a function type, which is added if it is new.
    package mutating func index(of type: CoreFunctionType) -> UInt32 {
        index(of: CoreRecursionGroup(type))
    }

    /// The index of the first type of a group, which is added if it is new.
    ///
    /// References to other types are indices of this module, references into the group count from ``relativeBase``.
    mutating func index(of group: CoreRecursionGroup) -> UInt32 {
        var group = group
        group.isExplicit = group.types.count != 1
        if let index = typePositions[group] { return index }
        let first = UInt32(flatTypes.count)
        typePositions[group] = first
        let absolute = try? group.mapped { index throws(ComponentsError) in
            index >= Self.relativeBase ? index - Self.relativeBase + first : index
        }
        types.append(absolute ?? group)
        flatTypes += (absolute ?? group).types
        return first
    }

    static let relativeBase: UInt32 = 0x8000_0000

    /// Adds a function with its locals and instructions, and returns its number.
    ///
    /// In the instructions, functions go by their numbers in this module.
    package mutating func addFunction(_ type: CoreFunctionType, body: ArraySlice<UInt8>, name: String?) -> UInt32 {
        functions.append(Function(type: index(of: type), origin: .defined(body), name: name))
        return UInt32(functions.count - 1)
    }

    /// Makes the users of a function use another one of the same type.
    ///
    /// A host function that is replaced is no longer imported.
    /// - Throws: an error of the code `invalid` if the types differ or the other function is replaced by this one.
    package mutating func replace(_ function: UInt32, by other: UInt32) throws(ComponentsError) {
        guard Int(function) < functions.count, Int(other) < functions.count else {
            throw ComponentsError(.invalid, "there is no function \(max(function, other))")
        }
        guard functions[Int(function)].type == functions[Int(other)].type else {
            throw ComponentsError(
                .invalid,
                """
                function \(functions[Int(function)].name ?? "\(function)") cannot be replaced by \
                \(functions[Int(other)].name ?? "\(other)"): its type is \(functionType(function)), \
                the other's \(functionType(other))
                """
            )
        }
        guard resolved(other) != function else {
            throw ComponentsError(.invalid, "function \(function) would be replaced by itself")
        }
        functions[Int(function)].origin = .replaced(by: other)
    }
}
