// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// Which rule or limit stopped the guest.
///
/// The numbers are those of [`wasmtime_trap_code_t`](https://docs.wasmtime.dev/c-api/trap_8h.html).
public struct TrapCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The engine's number.
    public let rawValue: UInt8

    /// A code from the engine's number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    private init(_ value: Int) { rawValue = UInt8(value) }

    /// The stack was used up.
    public static let stackOverflow = TrapCode(WASMTIME_TRAP_CODE_STACK_OVERFLOW)
    /// An address was outside of the memory.
    public static let memoryOutOfBounds = TrapCode(WASMTIME_TRAP_CODE_MEMORY_OUT_OF_BOUNDS)
    /// An index was outside of a table.
    public static let tableOutOfBounds = TrapCode(WASMTIME_TRAP_CODE_TABLE_OUT_OF_BOUNDS)
    /// An indirect call met an empty table element.
    public static let indirectCallToNull = TrapCode(WASMTIME_TRAP_CODE_INDIRECT_CALL_TO_NULL)
    /// An indirect call met a function of another type.
    public static let badSignature = TrapCode(WASMTIME_TRAP_CODE_BAD_SIGNATURE)
    /// An integer operation overflowed.
    public static let integerOverflow = TrapCode(WASMTIME_TRAP_CODE_INTEGER_OVERFLOW)
    /// An integer was divided by zero.
    public static let integerDivisionByZero = TrapCode(WASMTIME_TRAP_CODE_INTEGER_DIVISION_BY_ZERO)
    /// A float that has no integer value was converted.
    public static let badConversionToInteger = TrapCode(WASMTIME_TRAP_CODE_BAD_CONVERSION_TO_INTEGER)
    /// The guest executed `unreachable`.
    public static let unreachable = TrapCode(WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED)
    /// The epoch deadline passed.
    public static let interrupt = TrapCode(WASMTIME_TRAP_CODE_INTERRUPT)
    /// The instance may not be entered: it trapped before, or is running.
    public static let cannotEnterComponent = TrapCode(WASMTIME_TRAP_CODE_CANNOT_ENTER_COMPONENT)
    /// The instance may not call an import at this point.
    public static let cannotLeaveComponent = TrapCode(WASMTIME_TRAP_CODE_CANNOT_LEAVE_COMPONENT)
    /// A character was not a Unicode scalar value.
    public static let invalidCharacter = TrapCode(WASMTIME_TRAP_CODE_INVALID_CHAR)
    /// A string was outside of the memory.
    public static let stringOutOfBounds = TrapCode(WASMTIME_TRAP_CODE_STRING_OUT_OF_BOUNDS)
    /// A list was outside of the memory.
    public static let listOutOfBounds = TrapCode(WASMTIME_TRAP_CODE_LIST_OUT_OF_BOUNDS)
    /// A variant had a case that its type does not have.
    public static let invalidDiscriminant = TrapCode(WASMTIME_TRAP_CODE_INVALID_DISCRIMINANT)
    /// A pointer was not aligned.
    public static let unalignedPointer = TrapCode(WASMTIME_TRAP_CODE_UNALIGNED_POINTER)

    /// The engine's sentence for the code.
    public var description: String {
        Self.sentences.first { $0.code == self }?.sentence ?? "trap \(rawValue)"
    }

    /// Finds the code from the engine's sentence, the only place where component errors carry it.
    init?(sentence: some StringProtocol) {
        guard let match = Self.sentences.first(where: { $0.sentence == sentence }) else { return nil }
        self = match.code
    }

    /// Every code with its sentence; none before the library is open.
    private static var sentences: [(code: TrapCode, sentence: String)] {
        EngineLibrary.isOpen ? wordedByLibrary : []
    }

    /// Every code with its sentence, as the library itself words it.
    private static let wordedByLibrary: [(code: TrapCode, sentence: String)] = {
        (0...UInt8(WASMTIME_TRAP_LIFT_DROPPED_STREAM)).compactMap { number in
            guard let trap = unsafe wasmtime_trap_new_code(number) else { return nil }
            defer { unsafe wasm_trap_delete(trap) }
            // The C API ends a trap's message with a zero byte.
            let sentence = unsafe takeText { unsafe wasm_trap_message(trap, $0) }.filter { $0 != "\0" }
            return (TrapCode(rawValue: number), sentence)
        }
    }()
}
