// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Numbers of one type, in rows: a NumPy array where the sandbox has NumPy loaded, else an `array.array` or lists.
///
/// The numbers travel as they lie in memory, so that many of them cost little more than their copy.
public struct NumericArray: Sendable, Hashable {
    /// The type of the numbers in an array; more may come.
    public struct ElementType: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case i1, i2, i4, i8, u1, u2, u4, u8, f2, f4, f8, b1, c8, c16
        }

        private let kind: Kind

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// The type with a name such as `f8`, as ``description`` has it; `nil` if there is none.
        public init?(_ name: String) {
            guard let kind = Kind(rawValue: name) else { return nil }
            self.kind = kind
        }

        /// Integers of 8 bits.
        public static let int8 = ElementType(.i1)
        /// Integers of 16 bits.
        public static let int16 = ElementType(.i2)
        /// Integers of 32 bits.
        public static let int32 = ElementType(.i4)
        /// Integers of 64 bits.
        public static let int64 = ElementType(.i8)
        /// Unsigned integers of 8 bits.
        public static let uint8 = ElementType(.u1)
        /// Unsigned integers of 16 bits.
        public static let uint16 = ElementType(.u2)
        /// Unsigned integers of 32 bits.
        public static let uint32 = ElementType(.u4)
        /// Unsigned integers of 64 bits.
        public static let uint64 = ElementType(.u8)
        /// Floating-point numbers of 16 bits.
        public static let float16 = ElementType(.f2)
        /// Floating-point numbers of 32 bits.
        public static let float32 = ElementType(.f4)
        /// Floating-point numbers of 64 bits.
        public static let float64 = ElementType(.f8)
        /// Truth values of 8 bits.
        public static let bool = ElementType(.b1)
        /// Complex numbers of two times 32 bits.
        public static let complex64 = ElementType(.c8)
        /// Complex numbers of two times 64 bits.
        public static let complex128 = ElementType(.c16)

        /// A letter and the number of bytes, as NumPy writes it: `f8`, `i4`, `u1`, `b1`, `c16`.
        public var description: String { kind.rawValue }

        /// The number of bytes of each element.
        public var byteCount: Int {
            switch kind {
            case .i1, .u1, .b1: 1
            case .i2, .u2, .f2: 2
            case .i4, .u4, .f4: 4
            case .i8, .u8, .f8, .c8: 8
            case .c16: 16
            }
        }
    }

    /// The type of the numbers.
    public let elementType: ElementType

    /// The number of elements along each dimension; the product is the number of all elements.
    public let shape: [Int]

    /// The elements, row by row, the least significant byte of each first.
    public let bytes: [UInt8]

    /// An array of elements in memory order; `nil` if the bytes are not as many as type and shape say.
    public init?(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
        guard shape.count <= 64 else { return nil }
        var count = 1
        for length in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflows else { return nil }
            count = product
        }
        let (total, overflows) = count.multipliedReportingOverflow(by: elementType.byteCount)
        guard !overflows, total == bytes.count else { return nil }
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    /// An array of one dimension.
    public init<Element: NumericArrayElement>(_ elements: [Element]) {
        elementType = Element.arrayElementType
        shape = [elements.count]
        bytes = unsafe elements.withUnsafeBytes { unsafe Array($0) }
    }

    /// An array of several dimensions; `nil` if the elements are not as many as the shape says.
    public init?<Element: NumericArrayElement>(_ elements: [Element], shape: [Int]) {
        let flat = NumericArray(elements)
        self.init(elementType: flat.elementType, shape: shape, bytes: flat.bytes)
    }

    /// The elements row by row, if they are of exactly that type.
    public func elements<Element: NumericArrayElement>(of type: Element.Type = Element.self) -> [Element]? {
        guard elementType == Element.arrayElementType else { return nil }
        let count = bytes.count / MemoryLayout<Element>.stride
        return unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
            initialized = count
        }
    }

    /// The elements as values, nested in lists as the shape says; `nil` for types that Swift has no numbers for.
    var nested: PythonValue? {
        let flat: [PythonValue]? =
            switch elementType {
            case .float64: elements(of: Double.self)?.map { .float($0) }
            case .float32: elements(of: Float.self)?.map { .float(Double($0)) }
            case .int8: integers(Int8.self)
            case .int16: integers(Int16.self)
            case .int32: integers(Int32.self)
            case .int64: integers(Int64.self)
            case .uint8: integers(UInt8.self)
            case .uint16: integers(UInt16.self)
            case .uint32: integers(UInt32.self)
            case .uint64: integers(UInt64.self)
            case .bool: bytes.map { .bool($0 != 0) }
            default: nil
            }
        guard var level = flat else { return nil }
        guard !shape.isEmpty else { return level.first }
        for length in shape.dropFirst().reversed() {
            guard length > 0 else { return .list([]) }
            level = stride(from: 0, to: level.count, by: length).map { .list(Array(level[$0..<($0 + length)])) }
        }
        return .list(level)
    }

    private func integers<Element: NumericArrayElement & FixedWidthInteger>(_ type: Element.Type) -> [PythonValue]? {
        elements(of: type)?.map { PythonValue($0) }
    }
}

extension NumericArray: Codable {
    /// Reads an array as ``PythonValue`` writes it.
    public init(from decoder: any Decoder) throws {
        guard case .array(let array) = try PythonValue(from: decoder) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected an array")
            )
        }
        self = array
    }

    /// Writes the array as ``PythonValue`` does.
    public func encode(to encoder: any Encoder) throws { try PythonValue.array(self).encode(to: encoder) }
}

/// A number that a ``NumericArray`` can hold; lies in memory as on all of Swift's platforms, little end first.
public protocol NumericArrayElement: BitwiseCopyable, Sendable {
    /// The type of element that it is.
    static var arrayElementType: NumericArray.ElementType { get }
}

extension Int8: NumericArrayElement {
    /// ``NumericArray/ElementType/int8``.
    public static var arrayElementType: NumericArray.ElementType { .int8 }
}

extension Int16: NumericArrayElement {
    /// ``NumericArray/ElementType/int16``.
    public static var arrayElementType: NumericArray.ElementType { .int16 }
}

extension Int32: NumericArrayElement {
    /// ``NumericArray/ElementType/int32``.
    public static var arrayElementType: NumericArray.ElementType { .int32 }
}

extension Int64: NumericArrayElement {
    /// ``NumericArray/ElementType/int64``.
    public static var arrayElementType: NumericArray.ElementType { .int64 }
}

extension Int: NumericArrayElement {
    /// ``NumericArray/ElementType/int64``.
    public static var arrayElementType: NumericArray.ElementType { .int64 }
}

extension UInt8: NumericArrayElement {
    /// ``NumericArray/ElementType/uint8``.
    public static var arrayElementType: NumericArray.ElementType { .uint8 }
}

extension UInt16: NumericArrayElement {
    /// ``NumericArray/ElementType/uint16``.
    public static var arrayElementType: NumericArray.ElementType { .uint16 }
}

extension UInt32: NumericArrayElement {
    /// ``NumericArray/ElementType/uint32``.
    public static var arrayElementType: NumericArray.ElementType { .uint32 }
}

extension UInt64: NumericArrayElement {
    /// ``NumericArray/ElementType/uint64``.
    public static var arrayElementType: NumericArray.ElementType { .uint64 }
}

extension Float: NumericArrayElement {
    /// ``NumericArray/ElementType/float32``.
    public static var arrayElementType: NumericArray.ElementType { .float32 }
}

extension Double: NumericArrayElement {
    /// ``NumericArray/ElementType/float64``.
    public static var arrayElementType: NumericArray.ElementType { .float64 }
}
