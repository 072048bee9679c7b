// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Numbers of one type, in rows: a NumPy array where the sandbox has NumPy loaded, else an `array.array` or lists.
///
/// The numbers travel as they lie in memory, so that many of them cost little more than their copy.
public struct NumericArray: Sendable, Hashable, Codable {
    /// The type of the numbers: a letter and the bytes of each, as in `f8`, `i4`, `u1`, `b1`, `c16`.
    public let elementType: String

    /// How many elements there are along each dimension; their product is the number of elements.
    public let shape: [Int]

    /// The elements, row by row, the least significant byte of each first.
    public let bytes: [UInt8]

    /// An array of elements in memory order; `nil` if the bytes are not as many as type and shape say.
    public init?(elementType: String, shape: [Int], bytes: [UInt8]) {
        guard let width = Self.widths[elementType], shape.count <= 64 else { return nil }
        var count = 1
        for length in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflows else { return nil }
            count = product
        }
        let (total, overflows) = count.multipliedReportingOverflow(by: width)
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

    private static let widths = [
        "i1": 1, "i2": 2, "i4": 4, "i8": 8, "u1": 1, "u2": 2, "u4": 4, "u8": 8, "f2": 2, "f4": 4, "f8": 8, "b1": 1,
        "c8": 8, "c16": 16,
    ]

    /// The elements as values, nested in lists as the shape says; `nil` for types that Swift has no numbers for.
    var nested: PythonValue? {
        let flat: [PythonValue]? =
            switch elementType {
            case "f8": elements(of: Double.self)?.map { .float($0) }
            case "f4": elements(of: Float.self)?.map { .float(Double($0)) }
            case "i1": integers(Int8.self)
            case "i2": integers(Int16.self)
            case "i4": integers(Int32.self)
            case "i8": integers(Int64.self)
            case "u1": integers(UInt8.self)
            case "u2": integers(UInt16.self)
            case "u4": integers(UInt32.self)
            case "u8": integers(UInt64.self)
            case "b1": bytes.map { .bool($0 != 0) }
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
        elements(of: type)?.map { .int(digits: String($0)) }
    }
}

/// A number that a ``NumericArray`` can hold; lies in memory as on all of Swift's platforms, little end first.
public protocol NumericArrayElement: BitwiseCopyable, Sendable {
    /// Its letter and number of bytes.
    static var arrayElementType: String { get }
}

extension Int8: NumericArrayElement {
    /// `i1`.
    public static var arrayElementType: String { "i1" }
}

extension Int16: NumericArrayElement {
    /// `i2`.
    public static var arrayElementType: String { "i2" }
}

extension Int32: NumericArrayElement {
    /// `i4`.
    public static var arrayElementType: String { "i4" }
}

extension Int64: NumericArrayElement {
    /// `i8`.
    public static var arrayElementType: String { "i8" }
}

extension Int: NumericArrayElement {
    /// `i8`.
    public static var arrayElementType: String { "i8" }
}

extension UInt8: NumericArrayElement {
    /// `u1`.
    public static var arrayElementType: String { "u1" }
}

extension UInt16: NumericArrayElement {
    /// `u2`.
    public static var arrayElementType: String { "u2" }
}

extension UInt32: NumericArrayElement {
    /// `u4`.
    public static var arrayElementType: String { "u4" }
}

extension UInt64: NumericArrayElement {
    /// `u8`.
    public static var arrayElementType: String { "u8" }
}

extension Float: NumericArrayElement {
    /// `f4`.
    public static var arrayElementType: String { "f4" }
}

extension Double: NumericArrayElement {
    /// `f8`.
    public static var arrayElementType: String { "f8" }
}
