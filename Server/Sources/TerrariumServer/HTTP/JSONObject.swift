// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// An object that a client sent: each member is read once, and a member that nobody read is a mistake of the client.
struct JSONObject {
    private let pointer: String
    private var items: [PythonValue.Item]
    private(set) var faults: [ProblemDetails.Fault] = []

    /// - Returns: `nil` for a value that is no object.
    init?(_ value: PythonValue, pointer: String) {
        guard case .dict(let items) = value else { return nil }
        self.items = items
        self.pointer = pointer
    }

    /// Takes a member.
    ///
    /// - Returns: Its value; `nil` if it is not there, or null.
    mutating func take(_ name: String) -> PythonValue? {
        guard let index = items.firstIndex(where: { $0.key.text == name }) else { return nil }
        let value = items.remove(at: index).value
        // A value can be written as `nil` itself, so that a conditional expression would be one.
        if value == .null { return nil }
        return value
    }

    mutating func fault(_ name: String, _ detail: String) {
        faults.append(.init(pointer: Self.pointer(pointer, name), detail: detail))
    }

    mutating func text(_ name: String, maxBytes: Int = .max) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.string else {
            fault(name, "It must be a string.")
            return nil
        }
        guard text.utf8.count <= maxBytes else {
            fault(name, "It may have \(maxBytes) bytes.")
            return nil
        }
        return text
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .bool(let flag) = value else {
            fault(name, "It must be true or false.")
            return nil
        }
        return flag
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = take(name) else { return nil }
        guard let number = value.int, range.contains(number) else {
            fault(name, "It must be an integer from \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return number
    }

    /// Takes a member that is a time in seconds, more than none.
    mutating func seconds(_ name: String, upTo maximum: Double) -> Double? {
        guard let value = take(name) else { return nil }
        guard let number = value.double, number > 0, number <= maximum else {
            fault(name, "It must be a number of seconds, more than 0 and at most \(maximum).")
            return nil
        }
        return number
    }

    /// Takes a member that is text or bytes.
    mutating func bytes(_ name: String) -> [UInt8]? {
        guard let value = take(name) else { return nil }
        guard let bytes = Self.bytes(value) else {
            fault(name, "It must be a string, or {\"$bytes\": \"base64\"}.")
            return nil
        }
        return bytes
    }

    mutating func texts(_ name: String, maxCount: Int) -> [String]? {
        guard let value = take(name) else { return nil }
        guard let texts = value.array?.compactMap(\.string), texts.count == value.array?.count, texts.count <= maxCount
        else {
            fault(name, "It must be a list of at most \(maxCount) strings.")
            return nil
        }
        return texts
    }

    /// Takes a member that is an object.
    mutating func object(_ name: String) -> JSONObject? {
        guard let value = take(name) else { return nil }
        guard let object = JSONObject(value, pointer: Self.pointer(pointer, name)) else {
            fault(name, "It must be an object.")
            return nil
        }
        return object
    }

    /// Takes a member that is a list of objects.
    mutating func objects(_ name: String, maxCount: Int) -> [JSONObject]? {
        guard let value = take(name) else { return nil }
        let path = Self.pointer(pointer, name)
        let objects = value.array?.enumerated().compactMap { index, element in
            JSONObject(element, pointer: "\(path)/\(index)")
        }
        guard let objects, objects.count == value.array?.count, objects.count <= maxCount else {
            fault(name, "It must be a list of at most \(maxCount) objects.")
            return nil
        }
        return objects
    }

    /// Takes a member that is an object with any names, such as those of variables.
    mutating func members(_ name: String, maxCount: Int) -> [(name: String, value: PythonValue)]? {
        guard let value = take(name) else { return nil }
        guard case .dict(let items) = value, items.count <= maxCount else {
            fault(name, "It must be an object of at most \(maxCount) members.")
            return nil
        }
        return items.map { ($0.key.text, $0.value) }
    }

    /// Takes a member that is an object with any names, all of whose values are strings.
    mutating func textMembers(_ name: String, maxCount: Int) -> [(name: String, value: String)]? {
        guard let members = members(name, maxCount: maxCount) else { return nil }
        let texts = members.compactMap { member in member.value.string.map { (name: member.name, value: $0) } }
        guard texts.count == members.count else {
            fault(name, "It must be an object of strings.")
            return nil
        }
        return texts
    }

    /// Takes over the faults of an object within this one.
    mutating func add(_ other: JSONObject) {
        var other = other
        other.finish()
        faults += other.faults
    }

    /// Refuses members that nobody asked for.
    private mutating func finish() {
        for item in items.prefix(8) { fault(item.key.text, "There is no such member.") }
        items = []
    }

    /// Ends the reading.
    ///
    /// - Throws: ``ProblemDetails`` if anything was not as it should be.
    consuming func end() throws {
        finish()
        if !faults.isEmpty { throw ProblemDetails.invalidRequest(faults: faults) }
    }

    static func bytes(_ value: PythonValue) -> [UInt8]? {
        switch value {
        case .string(let text): Array(text.text.utf8)
        case .bytes(let bytes): bytes
        default: nil
        }
    }

    static func pointer(_ base: String, _ name: String) -> String {
        var pointer = base + "/"
        for character in name.unicodeScalars.prefix(100) {
            switch character {
            case "~": pointer += "~0"
            case "/": pointer += "~1"
            default: pointer.unicodeScalars.append(character)
            }
        }
        return pointer
    }
}
