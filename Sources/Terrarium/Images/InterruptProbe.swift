// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel
import Wasmtime

/// Finds an image's `InterruptWords` by having CPython raise an exception asynchronously and looking what it wrote.
///
/// See [`PyThreadState_SetAsyncExc`](https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc).
enum InterruptProbe {
    /// The number of bytes of the thread's state that are compared.
    private static let stateBytes: UInt32 = 1_024

    private static let attachExport = "python-attach-thread"
    private static let stateExport = "python-thread-state"
    private static let identifierExport = "python-thread-identifier"
    private static let raiseExport = "python-raise"

    /// Exports what the probe calls, if the component is CPython.
    static func addExports(to linked: inout LinkedComponent) throws(ComponentsError) {
        guard let attach = linked.core.functions(exportedAs: "PyGILState_Ensure").first,
            let state = linked.core.functions(exportedAs: "PyThreadState_Get").first,
            let identifier = linked.core.functions(exportedAs: "PyThread_get_thread_ident").first,
            let raise = linked.core.functions(exportedAs: "PyThreadState_SetAsyncExc").first
        else { return }
        try linked.addExport(attachExport, function: attach, parameters: [], result: .u32)
        try linked.addExport(stateExport, function: state, parameters: [], result: .u32)
        try linked.addExport(identifierExport, function: identifier, parameters: [], result: .u32)
        try linked.addExport(
            raiseExport,
            function: raise,
            parameters: [.init("thread", .u32), .init("exception", .u32)],
            result: .u32
        )
    }

    /// Finds the words, or nothing if the image has no CPython of the expected kind.
    static func find(in image: Image) throws -> InterruptWords? {
        let component = image.runtime.component
        guard let attach = try? component.functionExport([attachExport]),
            let state = try? component.functionExport([stateExport]),
            let identifier = try? component.functionExport([identifierExport]),
            let raise = try? component.functionExport([raiseExport])
        else { return nil }
        return try image.probe { guest in
            // A guest of somebody else's may evaluate another language than Python, or crash at what it does not know.
            try? find(in: guest, attach: attach, state: state, identifier: identifier, raise: raise)
        }
    }

    private static func find(
        in guest: GuestInstance,
        attach: FunctionExport,
        state: FunctionExport,
        identifier: FunctionExport,
        raise: FunctionExport
    ) throws -> InterruptWords? {
        guard let timeoutError = try address(of: "TimeoutError", in: guest),
            let keyboardInterrupt = try address(of: "KeyboardInterrupt", in: guest),
            // Between calls no thread is attached to the interpreter; the guest is thrown away with this one attached.
            try guest.call(attach, []) != nil,
            case .u32(let address)? = try guest.call(state, []),
            case .u32(let thread)? = try guest.call(identifier, [])
        else { return nil }
        let memory = guest.memory
        let before = try memory.read(at: address, count: stateBytes)
        _ = try guest.call(raise, [.u32(thread), .u32(timeoutError)])
        let after = try memory.read(at: address, count: stateBytes)

        var exceptionAddress: UInt32?
        var breaker: (address: UInt32, bit: UInt32)?
        for offset in stride(from: 0, to: stateBytes, by: 4) {
            let (old, new) = (before.word(at: offset), after.word(at: offset))
            if old == new { continue }
            if new == timeoutError {
                exceptionAddress = address + offset
            } else if (old ^ new).nonzeroBitCount == 1, new & (old ^ new) != 0 {
                breaker = (address + offset, old ^ new)
            }
        }
        guard let exceptionAddress, let breaker else { return nil }
        return InterruptWords(
            exceptionAddress: exceptionAddress,
            timeoutError: timeoutError,
            keyboardInterrupt: keyboardInterrupt,
            breakerAddress: breaker.address,
            breakerBit: breaker.bit
        )
    }

    /// The address of a built-in type object.
    private static func address(of type: String, in guest: GuestInstance) throws -> UInt32? {
        UInt32(try guest.evaluate("id(\(type))").description)
    }
}
