// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The rules by which names of WIT become names of Swift.
///
/// Names of WIT are words joined by hyphens, each in lower or upper case.
enum SwiftNaming {
    /// The name of a type: `stream-error` becomes `StreamError`.
    static func typeName(_ name: String) -> String {
        let joined = words(name).map(capitalized).joined()
        // `X.Type` and `X.Protocol` are types of types, `Self` is the type itself, and the modules must be reachable.
        return reservedTypeNames.contains(joined) ? joined + "_" : joined
    }

    /// The name of something that belongs to a type: `prefix` of the type `stream-error` becomes `prefixStreamError`.
    static func memberName(_ prefix: String, of type: String) -> String { prefix + typeName(type) }

    /// The name of a property, case, function or parameter: `stream-error` becomes `streamError`.
    ///
    /// The name is without backticks, so that names can be compared; ``escaped(_:)`` adds them.
    static func memberName(_ name: String) -> String {
        let words = words(name)
        let joined = (words.first?.lowercased() ?? "") + words.dropFirst().map(capitalized).joined()
        return reservedMemberNames.contains(joined) ? joined + "_" : joined
    }

    /// A name as it is written in source: in backticks if it is a keyword.
    static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    /// A name as it is written before an argument, where one keyword needs backticks and others must not have them.
    static func label(_ name: String) -> String {
        name == "inout" ? "`inout`" : name
    }

    /// Returns whether a name cannot be that of a member.
    static func isReservedMember(_ name: String) -> Bool { reservedMemberNames.contains(name) }

    private static func words(_ name: String) -> [String] {
        // Packages within packages are named with colons and slashes too.
        name.split { $0 == "-" || $0 == ":" || $0 == "/" }.map(String.init)
    }

    private static func capitalized(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }

    private static let reservedTypeNames: Set<String> = ["Any", "Protocol", "Self", "Swift", "Type", "Wasmtime"]

    /// The names that cannot be those of members, even in backticks.
    ///
    /// `x.self` is `x`, and the others are members of every value's type.
    private static let reservedMemberNames: Set<String> = [
        "allCases", "hashValue", "init", "rawValue", "self",
    ]

    private static let keywords: Set<String> = [
        "Any", "Self", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default",
        "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func",
        "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "open", "operator",
        "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct",
        "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}

/// Names of one scope, none of which comes twice.
struct UniqueNames {
    private var taken: Set<String>

    init(taken: Set<String> = []) {
        self.taken = taken
    }

    /// Takes a name, or if it is taken, one with a number.
    mutating func take(_ name: String) -> String {
        var candidate = name
        var number = 1
        while !taken.insert(candidate).inserted {
            number += 1
            candidate = "\(name)_\(number)"
        }
        return candidate
    }

    /// Takes the Swift names of members in order.
    static func members(_ names: [String]) -> [String] {
        var scope = UniqueNames()
        return names.map { scope.take(SwiftNaming.memberName($0)) }
    }
}
