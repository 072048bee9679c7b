// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An object in a message from a sandbox, with what its members should be.
struct MessageReader {
    private let members: [PythonValue.Item]

    /// Reads a message.
    ///
    /// - Throws: `MalformedMessage` if it is not an object, or longer than any that the limits allow.
    init(_ text: String, maxBytes: Int) throws {
        guard text.utf8.count <= maxBytes else { throw MalformedMessage("a message of \(text.utf8.count) bytes") }
        do {
            try self.init(PythonValue(json: text))
        } catch is MalformedJSON {
            throw MalformedMessage("a message")
        }
    }

    init(_ value: PythonValue?) throws {
        guard case .dict(let members)? = value else { throw MalformedMessage("a message") }
        self.members = members
    }

    subscript(key: String) -> PythonValue? {
        members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    func text(_ key: String) throws -> String {
        guard case .string(let text)? = self[key] else { throw MalformedMessage(key) }
        return text.text
    }

    func optionalText(_ key: String) throws -> String? {
        switch self[key] {
        case nil, PythonValue.null?: nil
        default: try text(key)
        }
    }

    /// A number; those beyond a machine's word, which only a made-up message has, are clamped.
    func number(_ key: String) throws -> Int {
        guard let number = try optionalNumber(key) else { throw MalformedMessage(key) }
        return number
    }

    func optionalNumber(_ key: String) throws -> Int? {
        switch self[key] {
        case nil, PythonValue.null?: return nil
        case .int(let number)?: return number.int ?? (number.isNegative ? .min : .max)
        default: throw MalformedMessage(key)
        }
    }

    func flag(_ key: String) -> Bool { self[key] == .bool(true) }

    /// The elements of a list; none if there is no such member.
    func list(_ key: String) throws -> [PythonValue] {
        switch self[key] {
        case nil: return []
        case .list(let elements)?: return elements
        default: throw MalformedMessage(key)
        }
    }
}
