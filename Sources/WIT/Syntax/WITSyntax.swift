// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The syntax tree of WIT text, as written: names are not resolved, and the order of items is kept.
///
/// Two trees are equal if they say the same; where in which file it stands is not compared. See the component model's
/// WIT.md for the grammar.
package enum WITSyntax {
    /// A name, without the `%` it may be written with.
    package struct Identifier: Hashable, Sendable {
        var text: String
        var range: WITSourceRange = .none
    }

    /// The comments and gates before an item.
    package struct Attributes: Hashable, Sendable {
        var docs: String?
        var stability = WITStability.ungated
        var externalID: String?
        /// The source range of the gates.
        var range: WITSourceRange = .none
    }

    /// A file.
    package struct Document: Hashable, Sendable {
        /// The `package a:b;` that a file may begin with.
        var package: PackageDeclaration?
        var items: [Item]
    }

    /// `package a:b@1.0.0`.
    package struct PackageDeclaration: Hashable, Sendable {
        var docs: String?
        var name: WITPackageName
        var range: WITSourceRange = .none
    }

    /// An item of a package.
    package enum Item: Hashable, Sendable {
        case interface(Interface)
        case world(World)
        case use(TopLevelUse)
        case package(NestedPackage)
    }

    /// `package a:b { … }`.
    package struct NestedPackage: Hashable, Sendable {
        var declaration: PackageDeclaration
        var items: [Item]
    }

    /// `use a:b/c as d;` outside of interfaces and worlds.
    package struct TopLevelUse: Hashable, Sendable {
        var attributes = Attributes()
        var path: Path
        var alias: Identifier?
    }

    /// The name of an interface or a world: `c`, or `a:b/c@1.0.0`.
    package struct Path: Hashable, Sendable {
        var package: WITPackageName?
        var name: Identifier
        /// The source range of the whole path.
        var range: WITSourceRange = .none
    }

    /// `interface a { … }`.
    package struct Interface: Hashable, Sendable {
        var attributes = Attributes()
        var name: Identifier
        var items: [InterfaceItem]
    }

    /// An item of an interface.
    package enum InterfaceItem: Hashable, Sendable {
        case use(Use)
        case type(TypeDefinition)
        case function(Function)
    }

    /// `world a { … }`.
    package struct World: Hashable, Sendable {
        var attributes = Attributes()
        var name: Identifier
        var items: [WorldItem]
    }

    /// An item of a world.
    package enum WorldItem: Hashable, Sendable {
        case use(Use)
        case type(TypeDefinition)
        case include(Include)
        case `import`(Extern)
        case export(Extern)
    }

    /// The part of an item that follows `import` or `export`.
    package struct Extern: Hashable, Sendable {
        /// The forms of an import.
        package enum Kind: Hashable, Sendable {
            /// `a:b/c`.
            case path(Path)
            /// `a: b:c/d`.
            case named(Identifier, Path)
            /// `a: interface { … }`.
            case interface(Identifier, [InterfaceItem])
            /// `a: func()`. The function has no attributes of its own.
            case function(Function)
        }
        var attributes = Attributes()
        var kind: Kind
    }

    /// `use a.{b, c as d};` within an interface or a world.
    package struct Use: Hashable, Sendable {
        /// `b as c`.
        package struct Name: Hashable, Sendable {
            var name: Identifier
            var alias: Identifier?

            /// The name in the scope that uses it.
            var local: Identifier { alias ?? name }
        }
        var attributes = Attributes()
        var path: Path
        var names: [Name]
    }

    /// `include a with { b as c }`.
    package struct Include: Hashable, Sendable {
        /// `b as c`.
        package struct Renaming: Hashable, Sendable {
            var name: Identifier
            var alias: Identifier
        }
        var attributes = Attributes()
        var path: Path
        var renamings: [Renaming]
    }

    /// The definition of a type with a name.
    package struct TypeDefinition: Hashable, Sendable {
        /// The forms of a definition.
        package enum Kind: Hashable, Sendable {
            case alias(TypeExpression)
            case record([Field])
            case variant([Case])
            case `enum`([Label])
            case flags([Label])
            case resource([Function])
        }
        var attributes = Attributes()
        var name: Identifier
        var kind: Kind
    }

    /// A field of a record.
    package struct Field: Hashable, Sendable {
        var docs: String?
        var name: Identifier
        var type: TypeExpression
    }

    /// A case of a variant.
    package struct Case: Hashable, Sendable {
        var docs: String?
        var name: Identifier
        var type: TypeExpression?
    }

    /// A case of an enum, or a flag.
    package struct Label: Hashable, Sendable {
        var docs: String?
        var name: Identifier
    }

    /// A function.
    package struct Function: Hashable, Sendable {
        /// The relation of a function to a resource.
        package enum Kind: Hashable, Sendable {
            /// In an interface or a world: freestanding. In a resource: a method.
            case plain
            case `static`
            case constructor
        }
        var attributes = Attributes()
        var name: Identifier
        var kind = Kind.plain
        var isAsync = false
        var parameters: [Parameter]
        var result: TypeExpression?
    }

    /// A parameter of a function.
    package struct Parameter: Hashable, Sendable {
        var name: Identifier
        var type: TypeExpression
    }

    /// A type where it is used.
    package indirect enum TypeExpression: Hashable, Sendable {
        case primitive(WITPrimitiveType)
        case name(Identifier)
        case own(Identifier)
        case borrow(Identifier)
        case list(TypeExpression)
        case fixedLengthList(TypeExpression, length: UInt32)
        case map(key: TypeExpression, value: TypeExpression, range: WITSourceRange)
        case tuple([TypeExpression])
        case option(TypeExpression)
        case result(ok: TypeExpression?, error: TypeExpression?)
        case stream(TypeExpression?)
        case future(TypeExpression?)
    }
}
