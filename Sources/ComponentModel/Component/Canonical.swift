// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Component {
    /// A function that crosses the border between core modules and components.
    ///
    /// See [canonical definitions](https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md).
    package enum Canonical: Hashable, Sendable {
        /// Makes a component function of a core function.
        case lift(function: UInt32, options: [CanonicalOption], type: UInt32)
        /// Makes a core function of a component function.
        case lower(function: UInt32, options: [CanonicalOption])
        /// Makes a core function of an operation that the engine provides.
        case builtin(CanonicalBuiltin, [CanonicalOperand])
    }

    /// An option for the way in which values cross the border.
    package enum CanonicalOption: Hashable, Sendable {
        /// Strings are UTF-8, as they are by default.
        case utf8
        /// Strings are UTF-16.
        case utf16
        /// Strings are Latin-1 or UTF-16.
        case latin1OrUTF16
        /// The core memory that values are in.
        case memory(UInt32)
        /// The core function that allocates memory.
        case realloc(UInt32)
        /// The core function that is called once the results were read.
        case postReturn(UInt32)
        /// Calls do not block.
        case async
        /// The core function that is told of events.
        case callback(UInt32)
        /// The core type to lower to.
        case coreType(UInt32)
        /// Values are references instead of bytes in memory.
        case garbageCollected
    }

    /// An operation that the engine provides to core modules, by its number in the binary format.
    package enum CanonicalBuiltin: UInt8, Hashable, Sendable, CaseIterable {
        /// Makes a handle.
        case resourceNew = 0x02
        /// Drops a handle.
        case resourceDrop = 0x03
        /// Returns what a handle stands for.
        case resourceRep = 0x04
        /// Confirms that the task was cancelled.
        case taskCancel = 0x05
        /// Cancels a call.
        case subtaskCancel = 0x06
        /// Returns the results of the task.
        case taskReturn = 0x09
        /// Reads the task's own storage.
        case contextGet = 0x0a
        /// Writes the task's own storage.
        case contextSet = 0x0b
        /// Lets others run.
        case threadYield = 0x0c
        /// Drops a call.
        case subtaskDrop = 0x0d
        /// Makes a stream.
        case streamNew = 0x0e
        /// Reads from a stream.
        case streamRead = 0x0f
        /// Writes to a stream.
        case streamWrite = 0x10
        /// Cancels a read.
        case streamCancelRead = 0x11
        /// Cancels a write.
        case streamCancelWrite = 0x12
        /// Drops the readable end.
        case streamDropReadable = 0x13
        /// Drops the writable end.
        case streamDropWritable = 0x14
        /// Makes a future.
        case futureNew = 0x15
        /// Reads from a future.
        case futureRead = 0x16
        /// Writes to a future.
        case futureWrite = 0x17
        /// Cancels a read.
        case futureCancelRead = 0x18
        /// Cancels a write.
        case futureCancelWrite = 0x19
        /// Drops the readable end.
        case futureDropReadable = 0x1a
        /// Drops the writable end.
        case futureDropWritable = 0x1b
        /// Makes an error context.
        case errorContextNew = 0x1c
        /// Returns the message of an error context.
        case errorContextDebugMessage = 0x1d
        /// Drops an error context.
        case errorContextDrop = 0x1e
        /// Makes a set of things to wait for.
        case waitableSetNew = 0x1f
        /// Waits for an event.
        case waitableSetWait = 0x20
        /// Looks for an event.
        case waitableSetPoll = 0x21
        /// Drops a set.
        case waitableSetDrop = 0x22
        /// Puts something into a set.
        case waitableJoin = 0x23
        /// Refuses one more call for now.
        case backpressureIncrement = 0x24
        /// Refuses one call less.
        case backpressureDecrement = 0x25
        /// Returns the number of the current thread.
        case threadIndex = 0x26
        /// Makes a thread.
        case threadNewIndirect = 0x27
        /// Lets a thread run later.
        case threadResumeLater = 0x28
        /// Stops the thread until it is resumed.
        case threadSuspend = 0x29
        /// Stops the thread and resumes another.
        case threadSuspendThenResume = 0x2a
        /// Lets another thread run.
        case threadYieldThenResume = 0x2b
        /// Stops the thread and promotes another.
        case threadSuspendThenPromote = 0x2c
        /// Lets a promoted thread run.
        case threadYieldThenPromote = 0x2d
        /// Starts a shared thread by reference.
        case threadSpawnRef = 0x40
        /// Starts a shared thread by table index.
        case threadSpawnIndirect = 0x41
        /// Returns how many threads can run at once.
        case threadAvailableParallelism = 0x42

        var operands: [CanonicalOperand.Kind] {
            switch self {
            case .resourceNew, .resourceDrop, .resourceRep, .streamNew, .streamDropReadable, .streamDropWritable,
                .futureNew, .futureDropReadable, .futureDropWritable:
                [.type]
            case .streamRead, .streamWrite, .futureRead, .futureWrite: [.type, .options]
            case .streamCancelRead, .streamCancelWrite, .futureCancelRead, .futureCancelWrite: [.type, .flag]
            case .taskReturn: [.result, .options]
            case .contextGet, .contextSet: [.coreValueType, .number]
            case .subtaskCancel, .threadYield, .threadSuspend, .threadSuspendThenResume, .threadYieldThenResume,
                .threadSuspendThenPromote, .threadYieldThenPromote:
                [.flag]
            case .errorContextNew, .errorContextDebugMessage: [.options]
            case .waitableSetWait, .waitableSetPoll: [.flag, .memory]
            case .threadNewIndirect: [.coreType, .table]
            case .threadSpawnRef: [.flag, .coreType]
            case .threadSpawnIndirect: [.flag, .coreType, .table]
            case .threadAvailableParallelism: [.flag]
            case .taskCancel, .subtaskDrop, .errorContextDrop, .waitableSetNew, .waitableSetDrop, .waitableJoin,
                .backpressureIncrement, .backpressureDecrement, .threadIndex, .threadResumeLater:
                []
            }
        }
    }

    /// An operand of an operation of the engine.
    package enum CanonicalOperand: Hashable, Sendable {
        /// A type.
        case type(UInt32)
        /// A core type.
        case coreType(UInt32)
        /// A memory.
        case memory(UInt32)
        /// A table.
        case table(UInt32)
        /// A type of a core value.
        case coreValueType(CoreValueType)
        /// A number.
        case number(UInt32)
        /// A Boolean value that tells whether the operation is async, can be cancelled or is shared.
        case flag(Bool)
        /// The type of a result.
        case result(ValueType?)
        /// Options.
        case options([CanonicalOption])

        enum Kind {
            case type, coreType, memory, table, coreValueType, number, flag, result, options
        }
    }
}

extension BinaryReader {
    private mutating func canonicalOptions() throws(ComponentsError) -> [Component.CanonicalOption] {
        try vector(of: "options", limit: 10) { r throws(ComponentsError) -> Component.CanonicalOption in
            switch try r.byte() {
            case 0: return .utf8
            case 1: return .utf16
            case 2: return .latin1OrUTF16
            case 3: return .memory(try r.u32())
            case 4: return .realloc(try r.u32())
            case 5: return .postReturn(try r.u32())
            case 6: return .async
            case 7: return .callback(try r.u32())
            case 8: return .coreType(try r.u32())
            case 9: return .garbageCollected
            case let other: throw r.malformed("0x\(hex: other) is no canonical option", at: r.position - 1)
            }
        }
    }

    mutating func canonical() throws(ComponentsError) -> Component.Canonical {
        let code = try byte()
        switch code {
        case 0:
            guard try byte() == 0 else { throw malformed("only functions can be lifted", at: position - 1) }
            return .lift(function: try u32(), options: try canonicalOptions(), type: try u32())
        case 1:
            guard try byte() == 0 else { throw malformed("only functions can be lowered", at: position - 1) }
            return .lower(function: try u32(), options: try canonicalOptions())
        default:
            guard let builtin = Component.CanonicalBuiltin(rawValue: code) else {
                throw malformed("0x\(hex: code) is no canonical function", at: position - 1)
            }
            var operands: [Component.CanonicalOperand] = []
            for kind in builtin.operands { operands.append(try canonicalOperand(kind)) }
            return .builtin(builtin, operands)
        }
    }

    private mutating func canonicalOperand(
        _ kind: Component.CanonicalOperand.Kind
    ) throws(ComponentsError) -> Component.CanonicalOperand {
        switch kind {
        case .type: .type(try u32())
        case .coreType: .coreType(try u32())
        case .memory: .memory(try u32())
        case .table: .table(try u32())
        case .coreValueType: .coreValueType(try coreValueType())
        case .number: .number(try u32())
        case .flag: .flag(try flag("flag"))
        case .result: .result(try resultList())
        case .options: .options(try canonicalOptions())
        }
    }
}

extension BinaryWriter {
    private mutating func canonicalOptions(_ options: [Component.CanonicalOption]) {
        vector(options) { writer, option in
            switch option {
            case .utf8: writer.byte(0)
            case .utf16: writer.byte(1)
            case .latin1OrUTF16: writer.byte(2)
            case .memory(let index): writer.option(3, index)
            case .realloc(let index): writer.option(4, index)
            case .postReturn(let index): writer.option(5, index)
            case .async: writer.byte(6)
            case .callback(let index): writer.option(7, index)
            case .coreType(let index): writer.option(8, index)
            case .garbageCollected: writer.byte(9)
            }
        }
    }

    private mutating func option(_ code: UInt8, _ index: UInt32) {
        byte(code)
        u32(index)
    }

    mutating func canonical(_ canonical: Component.Canonical) {
        switch canonical {
        case .lift(let function, let options, let type):
            append([0, 0])
            u32(function)
            canonicalOptions(options)
            u32(type)
        case .lower(let function, let options):
            append([1, 0])
            u32(function)
            canonicalOptions(options)
        case .builtin(let builtin, let operands):
            byte(builtin.rawValue)
            for operand in operands { canonicalOperand(operand) }
        }
    }

    private mutating func canonicalOperand(_ operand: Component.CanonicalOperand) {
        switch operand {
        case .type(let index), .coreType(let index), .memory(let index), .table(let index), .number(let index):
            u32(index)
        case .coreValueType(let type): coreValueType(type)
        case .flag(let flag): byte(flag ? 1 : 0)
        case .result(let type): resultList(type)
        case .options(let options): canonicalOptions(options)
        }
    }
}
