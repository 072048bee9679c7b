// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension LinkedModule {
    /// Replaces reads of globals that never change by constants, where their values are numbers.
    mutating func foldConstantGlobals() throws(ComponentsError) {
        var values: [UInt32: CoreConstant] = [:]
        for (index, global) in globals.enumerated() where !global.type.isMutable {
            values[UInt32(index)] = constant(ofGlobal: UInt32(index))
        }
        for index in functions.indices {
            guard case .defined(let body) = functions[index].origin else { continue }
            var folder = ConstantFolder(source: body, values: values)
            try InstructionReader.walkBody(body, &folder)
            functions[index].origin = .defined(folder.finished())
        }
    }
}

/// Replaces reads of globals by constants in one function.
private struct ConstantFolder: InstructionVisitor {
    private let source: ArraySlice<UInt8>
    private let values: [UInt32: CoreConstant]
    private var writer = BinaryWriter()
    private var copied: Int
    private var start = 0
    private var isReading = false

    init(source: ArraySlice<UInt8>, values: [UInt32: CoreConstant]) {
        self.source = source
        self.values = values
        copied = source.startIndex
    }

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        start = offset
        isReading = opcode == .globalGet
    }

    mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError) {
        guard space == .global, isReading, let value = values[index] else { return }
        writer.append(source[copied..<start])
        writer.constant(value)
        copied = range.upperBound
    }

    mutating func finished() -> ArraySlice<UInt8> {
        guard copied > source.startIndex else { return source }
        writer.append(source[copied...])
        return writer.bytes[...]
    }
}
