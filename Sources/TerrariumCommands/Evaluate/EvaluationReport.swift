// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The value of an expression, as it is reported.
struct EvaluationReport {
    /// The value; `nil` if it is larger than the limits allow.
    let value: PythonValue?
    /// The text that `print` shows of it.
    let text: String

    /// Makes a report of a program's outcome; `nil` if the program does not end with an expression.
    init?(_ run: Run) {
        value = run.value
        switch run.value {
        case .string?, .null?, .bool?, .int?, .float?:
            // Scalars of NumPy, which are sent as plain numbers, print as these.
            text = run.value?.description ?? ""
        case let value?:
            // The guest cuts a very long text; Terrarium's own form of the value is whole.
            let isWhole = run.text.map { $0.unicodeScalars.count < Self.maxTextLength } ?? false
            text = isWhole ? run.text ?? "" : value.representation
        case nil:
            guard let cut = run.text else { return nil }
            text = cut
        }
    }

    /// Makes a report of a value.
    init(_ value: PythonValue) {
        self.value = value
        text = value.description
    }

    /// The length at which the guest cuts a text, in characters.
    private static let maxTextLength = 1 << 20
}

extension NumericArray {
    /// The name that NumPy has for the type of the elements.
    var typeName: String {
        let (letter, bits) = (elementType.description.prefix(1), 8 * elementType.byteCount)
        return switch letter {
        case "b": "bool"
        case "i": "int\(bits)"
        case "u": "uint\(bits)"
        case "f": "float\(bits)"
        default: "complex\(bits)"
        }
    }

    /// The contents of a file that `numpy.load` reads, in
    /// [version 1.0](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) of its format.
    var fileContents: [UInt8] {
        let order = elementType.byteCount == 1 ? "|" : "<"
        let lengths = shape.map { "\($0)," }.joined(separator: " ")
        var header = "{'descr': '\(order)\(elementType)', 'fortran_order': False, 'shape': (\(lengths)), }"
        // The elements begin at a multiple of 64.
        let prefixBytes = 10
        header += String(repeating: " ", count: 63 - (prefixBytes + header.utf8.count) % 64) + "\n"
        let count = header.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(header.utf8)
            + bytes
    }
}
