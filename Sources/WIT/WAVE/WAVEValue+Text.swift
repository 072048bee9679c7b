// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WAVEValue: CustomStringConvertible {
    /// The value as WAVE text.
    ///
    /// Fields of a record whose value is `none` are left out; `some` and `ok` are always written.
    package var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .bool(let value): text += value ? "true" : "false"
        case .s8(let value): text += String(value)
        case .s16(let value): text += String(value)
        case .s32(let value): text += String(value)
        case .s64(let value): text += String(value)
        case .u8(let value): text += String(value)
        case .u16(let value): text += String(value)
        case .u32(let value): text += String(value)
        case .u64(let value): text += String(value)
        case .f32(let value): text += value.isNaN ? "nan" : Self.number(value.description)
        case .f64(let value): text += value.isNaN ? "nan" : Self.number(value.description)
        case .char(let scalar):
            text += "'"
            Self.write(scalar, in: "'", to: &text)
            text += "'"
        case .string(let string):
            text += "\""
            for scalar in string.unicodeScalars {
                Self.write(scalar, in: "\"", to: &text)
            }
            text += "\""
        case .list(let elements): Self.write(elements, "[", "]", to: &text)
        case .tuple(let elements): Self.write(elements, "(", ")", to: &text)
        case .record(let fields): Self.write(fields, to: &text)
        case .variant(let name, let payload): Self.write(Self.escaped(name), payload, to: &text)
        case .enum(let name): text += Self.escaped(name)
        case .flags(let names): text += "{\(names.joined(separator: ", "))}"
        case .option(nil): text += "none"
        case .option(let value?): Self.write("some", value, to: &text)
        case .ok(let value): Self.write("ok", value, to: &text)
        case .error(let value): Self.write("err", value, to: &text)
        }
    }

    private static func write(_ elements: [WAVEValue], _ open: String, _ close: String, to text: inout String) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 {
                text += ", "
            }
            element.write(to: &text)
        }
        text += close
    }

    private static func write(_ fields: [Field], to text: inout String) {
        let fields = fields.filter { $0.value != .option(nil) }
        // `{}` is an empty set of flags.
        guard !fields.isEmpty else {
            text += "{:}"
            return
        }
        text += "{"
        for (index, field) in fields.enumerated() {
            text += index > 0 ? ", " : ""
            text += "\(field.name): "
            field.value.write(to: &text)
        }
        text += "}"
    }

    private static func write(_ label: String, _ payload: WAVEValue?, to text: inout String) {
        text += label
        guard let payload else { return }
        text += "("
        payload.write(to: &text)
        text += ")"
    }

    private static func write(_ scalar: Unicode.Scalar, in quote: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\\", quote:
            text += "\\"
            text.unicodeScalars.append(scalar)
        case _ where WITCharacters.isForbidden(scalar) || scalar.properties.generalCategory == .format:
            // What cannot be seen, or changes how the rest is seen.
            text += "\\u{\(String(scalar.value, radix: 16))}"
        default: text.unicodeScalars.append(scalar)
        }
    }

    /// A number without a fraction of zero.
    private static func number(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func escaped(_ label: String) -> String {
        WAVEParser.keywords.contains(label) ? "%\(label)" : label
    }
}
