// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import WASIVirtualization
import Wasmtime

/// A host function in the form in which optimised code calls it: with numbers, which it has to check.
///
/// The functions do the same as for the engine; see `HostInterface`.
struct NativeImport: Sendable {
    /// The arguments; no function has more.
    struct Arguments {
        let first: UInt64
        let second: UInt64
        let third: UInt64

        /// The arguments as numbers of 32 bits, which most are.
        var words: (UInt32, UInt32, UInt32) {
            (
                UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: third)
            )
        }
    }

    typealias Body = @Sendable (InstanceContext, NativeInstance, Arguments) throws -> UInt64

    /// The letters of its core type.
    let type: String

    /// Calls it; answers its result, or 0 if it has none.
    let call: Body

    private init(_ type: String, _ call: @escaping Body) {
        self.type = type
        self.call = call
    }

    /// The number of its parameters.
    var parameterCount: Int { type.prefix { $0 != ":" }.count }

    /// All functions, by interface and name.
    static let all: [String: NativeImport] = {
        let sandbox = HostInterface.name
        return [
            "\(sandbox)/output": NativeImport("iii:i") { context, _, arguments in
                let (stream, address, count) = arguments.words
                return UInt64(try context.write(stream: stream, address: address, count: count))
            },
            "\(sandbox)/input": NativeImport("ii:i") { context, _, arguments in
                let (address, capacity, _) = arguments.words
                return UInt64(try context.read(address: address, capacity: capacity))
            },
            "\(sandbox)/clock": NativeImport("i:l") { context, _, arguments in
                context.sandbox.clock.time(isWallClock: arguments.words.0 == 1)
            },
            "\(sandbox)/random-u64": NativeImport(":l") { context, _, _ in
                context.sandbox.clock.random()
            },
            "\(sandbox)/random-bytes": NativeImport("ii:") { context, _, arguments in
                let (address, count, _) = arguments.words
                try context.fillRandomly(address: address, count: count)
                return 0
            },
            "\(sandbox)/sleep": NativeImport("l:i") { context, _, arguments in
                UInt64(try context.sleep(nanoseconds: arguments.first))
            },
            "\(sandbox)/exit": NativeImport("i:") { _, _, arguments in
                throw GuestExit(status: Int32(bitPattern: arguments.words.0))
            },
            "call-host": NativeImport("iii:") { context, instance, arguments in
                let (address, count, result) = arguments.words
                let request = try CanonicalReader(memory: instance.memory).text(at: address, count: count)
                let answer = try instance.lower(context.answer(request))
                // An address and a length, side by side.
                try instance.memory.store(answer[1] << 32 | answer[0], at: result)
                return 0
            },
            "emit": NativeImport("ii:") { context, instance, arguments in
                let (address, count, _) = arguments.words
                try context.take(CanonicalReader(memory: instance.memory).text(at: address, count: count))
                return 0
            },
        ]
    }()
}
