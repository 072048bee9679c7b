// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import WASIVirtualization
import Wasmtime

/// The handful of functions that a virtualized guest imports; all else of WASI is inside of its memory.
///
/// Guest/WASI/ABI.md describes them. Everything that comes in is a number, and where it stands for a place in the guest's
/// memory it is checked there.
enum HostInterface {
    static let name = GuestWASI.hostInterface

    /// Returns the path by which a component exports a control function.
    static func controlPath(_ function: ControlFunction) -> [String] {
        [GuestWASI.controlInterface, function.rawValue]
    }

    enum Answer {
        static let done: UInt32 = 0
        static let closed: UInt32 = 1
        static let full: UInt32 = 2
    }

    /// Defines the interface in the linker of an image; the state is that of the store that calls.
    static func define(in linker: Linker) throws {
        try linker.withInstance(name) { instance in
            try instance.define("output") { caller, arguments in
                let numbers = try Self.numbers(arguments, 3)
                return .u32(try Self.context(caller).write(stream: numbers[0], address: numbers[1], count: numbers[2]))
            }
            try instance.define("input") { caller, arguments in
                let numbers = try Self.numbers(arguments, 2)
                return .u32(try Self.context(caller).read(address: numbers[0], capacity: numbers[1]))
            }
            try instance.define("clock") { caller, arguments in
                let isWallClock = try Self.numbers(arguments, 1)[0] == 1
                return .u64(try Self.context(caller).sandbox.clock.time(isWallClock: isWallClock))
            }
            try instance.define("random-u64") { caller, _ in
                .u64(try Self.context(caller).sandbox.clock.random())
            }
            try instance.define("random-bytes") { caller, arguments in
                let numbers = try Self.numbers(arguments, 2)
                try Self.context(caller).fillRandomly(address: numbers[0], count: numbers[1])
                return nil
            }
            try instance.define("sleep") { caller, arguments in
                guard case .u64(let nanoseconds)? = arguments.first else { throw malformed }
                return .u32(try Self.context(caller).sleep(nanoseconds: nanoseconds))
            }
            try instance.define("exit") { _, arguments in
                throw GuestExit(status: Int32(truncatingIfNeeded: try Self.numbers(arguments, 1)[0]))
            }
        }
        try definePrograms(in: linker)
    }

    /// Defines the functions with which a program asks and tells its host; Guest/PROTOCOL.md describes them.
    private static func definePrograms(in linker: Linker) throws {
        try linker.withRoot { root in
            try root.define("call-host") { caller, arguments in
                guard case .string(let request)? = arguments.first else { throw malformed }
                return .string(try Self.context(caller).answer(request))
            }
            try root.define("emit") { caller, arguments in
                guard case .string(let event)? = arguments.first else { throw malformed }
                try Self.context(caller).take(event)
                return nil
            }
        }
    }

    private static let malformed = SandboxError(.engine, "The guest's imports are not of the types expected.")

    private static func context(_ caller: borrowing Caller) throws -> InstanceContext {
        guard let context = caller.state(as: InstanceContext.self) else { throw malformed }
        return context
    }

    private static func numbers(_ arguments: [ComponentValue], _ count: Int) throws -> [UInt32] {
        let numbers = arguments.compactMap { argument -> UInt32? in
            guard case .u32(let number) = argument else { return nil }
            return number
        }
        guard numbers.count == count else { throw malformed }
        return numbers
    }
}
