// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// JSON as RFC 8259 has it, so that any program can read it.
package enum JSONText {
    /// The value; `nil` if there is a part that has no JSON form.
    ///
    /// A number that is none is null.
    package static func value(_ value: PythonValue) -> String? {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let number): number.description
        case .float(let number): number.isFinite ? PythonValue.float(number).representation : "null"
        case .string(let value): string(value.text)
        case .list(let elements), .tuple(let elements): list(elements.map(JSONText.value))
        case .array(let array): array.elementValues.flatMap { nested($0[...], shape: array.shape[...]) }
        case .dict(let items):
            all(items.map { item in JSONText.value(item.value).map { (item.key.text, $0) } }).map(object)
        default: nil
        }
    }

    package static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\(string($0)): \($1)" }.joined(separator: ", ") + "}"
    }

    /// An object whose members stand in the order of their names; null stands for those that have no JSON form.
    package static func object(_ members: [String: PythonValue]) -> String {
        object(members.sorted { $0.key < $1.key }.map { ($0.key, value($0.value) ?? "null") })
    }

    package static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case "\0"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }

    private static func list(_ elements: [String?]) -> String? {
        all(elements).map { "[" + $0.joined(separator: ", ") + "]" }
    }

    /// Elements of an array, in lists as its shape says.
    private static func nested(_ elements: ArraySlice<PythonValue>, shape: ArraySlice<Int>) -> String? {
        guard let length = shape.first else { return elements.first.flatMap(value) }
        let stride = length == 0 ? 0 : elements.count / length
        return list(
            (0..<length).map { index in
                let start = elements.startIndex + index * stride
                return nested(elements[start..<start + stride], shape: shape.dropFirst())
            }
        )
    }

    private static func all<Element>(_ elements: [Element?]) -> [Element]? {
        let present = elements.compactMap(\.self)
        return present.count == elements.count ? present : nil
    }
}

extension NumericArray {
    /// The elements as values, row by row; `nil` for complex numbers, which JSON does not have.
    fileprivate var elementValues: [PythonValue]? {
        switch elementType {
        case .float64: elements(of: Double.self)?.map { .float($0) }
        case .float32: elements(of: Float.self)?.map { .float(Double($0)) }
        case .float16: halves.map { .float($0) }
        case .int8: elements(of: Int8.self)?.map { PythonValue($0) }
        case .int16: elements(of: Int16.self)?.map { PythonValue($0) }
        case .int32: elements(of: Int32.self)?.map { PythonValue($0) }
        case .int64: elements(of: Int64.self)?.map { PythonValue($0) }
        case .uint8: bytes.map { PythonValue($0) }
        case .uint16: elements(of: UInt16.self)?.map { PythonValue($0) }
        case .uint32: elements(of: UInt32.self)?.map { PythonValue($0) }
        case .uint64: elements(of: UInt64.self)?.map { PythonValue($0) }
        case .bool: bytes.map { .bool($0 != 0) }
        default: nil
        }
    }

    /// Floating-point numbers of 16 bits, for which not every platform has a type.
    private var halves: [Double] {
        stride(from: 0, to: bytes.count, by: 2).map { index in
            let bits = UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
            let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
            let magnitude: Double =
                switch exponent {
                case 0: Double(sign: .plus, exponent: -24, significand: fraction)
                case 0x1F: fraction == 0 ? .infinity : .nan
                default: Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1_024)
                }
            return bits >> 15 == 0 ? magnitude : -magnitude
        }
    }
}
