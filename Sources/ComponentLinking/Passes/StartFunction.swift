// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension LinkedModule {
    /// A step of what linked modules do at their instantiation, from the first start function on.
    enum StartStep: Sendable {
        /// Calls a start function.
        case call(UInt32)
        /// Copies an element segment to its table.
        case fillTable(element: Int, table: UInt32, offset: ConstantExpression)
        /// Copies a data segment to the memory.
        case fillMemory(data: Int, memory: UInt32, offset: ConstantExpression)
    }

    /// Adds a function that takes the steps in their order; the segments that it copies become passive.
    mutating func addFunction(taking steps: [StartStep], name: String) -> UInt32 {
        var writer = BinaryWriter()
        writer.size(0)
        for step in steps {
            switch step {
            case .call(let function):
                writer.opcode(.call)
                writer.u32(function)
            case .fillTable(let element, let table, let offset):
                writer.append(offset.bytes.dropLast())
                writer.constant(.i32(0))
                writer.constant(.i32(Int32(truncatingIfNeeded: elements[element].items.count)))
                writer.opcode(.tableInit)
                writer.size(element)
                writer.u32(table)
                writer.opcode(.elemDrop)
                writer.size(element)
                elements[element].mode = .passive
            case .fillMemory(let data, let memory, let offset):
                writer.append(offset.bytes.dropLast())
                writer.constant(.i32(0))
                writer.constant(.i32(Int32(truncatingIfNeeded: self.data[data].bytes.count)))
                writer.opcode(.memoryInit)
                writer.size(data)
                writer.u32(memory)
                writer.opcode(.dataDrop)
                writer.size(data)
                self.data[data].mode = .passive
                declaresDataCount = true
            }
        }
        writer.opcode(.end)
        return addFunction(CoreFunctionType(), body: writer.bytes[...], name: name)
    }
}

extension LinkedComponent {
    /// Makes the start function an export, so that instantiating the component runs none of its code.
    ///
    /// The host that instantiates the component calls the export first, once, at a time and under limits of its choice.
    /// Tables that were filled after a start function are filled before it; code that finds a function where there was none
    /// yet would otherwise have trapped.
    ///
    /// - Parameter name: The name of the export.
    /// - Returns: Whether there was a start function.
    /// - Throws: an error of the code `notLinkable` if the start function can change a table, which a copy of the memory
    ///   would not have.
    package mutating func exportStart(as name: String) throws(ComponentsError) -> Bool {
        guard let start = core.start else { return false }
        var steps: [LinkedModule.StartStep] = []
        for step in core.startSteps {
            if case .fillTable(let element, let table, let offset) = step {
                core.elements[element].mode = .active(table: table, offset: offset)
            } else {
                steps.append(step)
            }
        }
        if core.startSteps.isEmpty { steps = [.call(start)] }
        let function = core.addFunction(taking: steps, name: "start")
        core.start = function
        let reached = try CodeUsage(of: self).starting.functions
        core.start = nil
        core.startSteps = []
        for number in reached {
            guard case .defined(let body) = core.functions[Int(number)].origin else { continue }
            var visitor = TableChanges()
            try InstructionReader.walkBody(body, &visitor)
            guard !visitor.found else {
                throw ComponentsError(
                    .notLinkable,
                    "the start function can change a table (in \(core.functions[Int(number)].name ?? "function \(number)"))"
                )
            }
        }
        try addExport(name, function: function, parameters: [], result: nil)
        return true
    }
}

/// Notices instructions that change a table.
private struct TableChanges: InstructionVisitor {
    private static let changing: Set<Opcode> = [
        .tableSet, .tableInit, .elemDrop, Opcode(prefix: 0xfc, code: 14), Opcode(prefix: 0xfc, code: 15),
        Opcode(prefix: 0xfc, code: 17),
    ]

    var found = false

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        if Self.changing.contains(opcode) { found = true }
    }
}
