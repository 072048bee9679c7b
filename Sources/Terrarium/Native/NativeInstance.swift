// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Synchronization
import Wasmtime

/// An instance of a guest's optimised code.
///
/// Such code does not look at the time: the ticker does, and stops it from outside.
// @unchecked: the thread that runs the guest uses it; the ticker's only calls `look()`, which uses what takes locks.
@safe
final class NativeInstance: EngineInstance, Watched, @unchecked Sendable {
    let memory: GuestMemory

    private let runtime: NativeRuntime
    private let pointer: OpaquePointer
    private let context: InstanceContext

    /// The error that a host function threw, until the guest was left.
    private var failure: (any Error)?

    private struct Requests {
        /// The reason for which the call under way is stopped.
        var reason: (any Error)?
        /// The exception that is to be raised, until the interpreter has taken it.
        var exception: InterruptWords.Exception?
    }

    private let requests = Mutex(Requests())

    /// Set when the ticker found the guest in a host function, whose thread then looks at the deadline at its end.
    private let isLookDue = Atomic(false)

    /// Makes an instance whose memory is as `base` has it, with `size` bytes.
    init(
        _ runtime: NativeRuntime,
        memory base: ImageMemory,
        initialSize: Int,
        size: Int,
        maxMemoryBytes: Int,
        context: InstanceContext
    ) throws {
        self.runtime = runtime
        self.context = context
        let made = try unsafe base.withPointer { image in
            unsafe terrarium_native_create(runtime.code.pointer, image, initialSize, size, maxMemoryBytes)
        }
        guard let made = unsafe made else {
            throw SandboxError(.engine, "No memory can be made for a sandbox: there is no address space for it.")
        }
        unsafe pointer = made
        memory = unsafe GuestMemory(slot: terrarium_native_slot(made), image: base)
        // The C side does not hold the instance, which destroys it.
        unsafe terrarium_native_set_import(made, Self.callHost, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        unsafe terrarium_native_destroy(pointer)
    }

    // MARK: - Calls

    var watched: (any Watched)? { self }

    func call(_ function: FunctionExport, _ arguments: [ComponentValue]) throws -> ComponentValue? {
        defer { takeBackUnanswered() }
        let target = try runtime.function(function)
        var values: [UInt64] = []
        values.reserveCapacity(max(1, 2 * arguments.count))
        for argument in arguments { try lower(argument, to: &values) }
        if values.isEmpty { values.append(0) }
        try call(target.number, &values)
        let flat = values[0]
        let result = try target.result.map { try CanonicalReader(memory: memory).value(of: $0, flat: flat) }
        if let postReturn = target.postReturn {
            values = [flat]
            try call(postReturn, &values)
        }
        return result
    }

    /// Calls an export of the code with numbers.
    private func call(_ number: UInt32, _ values: inout [UInt64]) throws {
        let outcome = unsafe values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return Int32(TERRARIUM_NATIVE_TRAP_UNREACHABLE) }
            return unsafe terrarium_native_call(pointer, number, start)
        }
        switch UInt32(outcome) {
        case TERRARIUM_NATIVE_RETURNED.rawValue: return
        case TERRARIUM_NATIVE_FAILED.rawValue:
            defer { failure = nil }
            throw failure ?? SandboxError(.engine, "A host function failed without a reason.")
        case TERRARIUM_NATIVE_STOPPED.rawValue:
            throw requests.withLock { $0.reason } ?? CancellationError()
        default: throw Trap(native: outcome)
        }
    }

    private func lower(_ value: ComponentValue, to values: inout [UInt64]) throws {
        switch value {
        case .u32(let number): values.append(UInt64(number))
        case .u64(let number): values.append(number)
        case .s32(let number): values.append(UInt64(UInt32(bitPattern: number)))
        case .bool(let isTrue): values.append(isTrue ? 1 : 0)
        case .string(let text): try values += lower(text)
        default: throw SandboxError(.engine, "An argument is of a type that no function of a guest takes.")
        }
    }

    /// Puts a text into memory that the guest allocates for it; answers its address and length.
    func lower(_ text: String) throws -> [UInt64] {
        var text = text
        return try text.withUTF8 { bytes in
            guard let reallocate = runtime.code.reallocate, let count = UInt32(exactly: bytes.count) else {
                throw SandboxError(.engine, "The guest takes no text of \(bytes.count) bytes.")
            }
            var values: [UInt64] = [0, 0, 1, UInt64(count)]
            if count > 0 { try call(reallocate, &values) }
            let address = UInt32(truncatingIfNeeded: values[0])
            try unsafe memory.write(bytes, at: address)
            return [UInt64(address), UInt64(count)]
        }
    }

    // MARK: - Host functions

    private static let callHost: terrarium_native_import = { context, number, values in
        let instance = unsafe Unmanaged<NativeInstance>.fromOpaque(context).takeUnretainedValue()
        do {
            let function = instance.runtime.imports[Int(number)]
            // C makes room for one number at least.
            let count = function.parameterCount
            let arguments = unsafe NativeImport.Arguments(
                first: values[0],
                second: count > 1 ? values[1] : 0,
                third: count > 2 ? values[2] : 0
            )
            unsafe values[0] = try function.call(instance.context, instance, arguments)
            if instance.isLookDue.load(ordering: .relaxed) {
                instance.isLookDue.store(false, ordering: .relaxed)
                _ = try instance.context.checkDeadline()
            }
            return true
        } catch {
            instance.failure = error
            return false
        }
    }

    // MARK: - Stopping

    func look() {
        unsafe terrarium_native_ask_again(pointer)
        var progress = terrarium_native_progress()
        guard unsafe terrarium_native_find_progress(pointer, &progress) else {
            isLookDue.store(true, ordering: .relaxed)
            return
        }
        let (isStopping, unanswered) = requests.withLock { ($0.reason != nil, $0.exception) }
        guard !isStopping else { return }
        // The interpreter may have written to the word at the same time, and what was written for it is lost.
        if let unanswered, let words = context.words {
            if isPending(unanswered, words) {
                raise(unanswered, words, progress.call)
            } else {
                requests.withLock { $0.exception = nil }
            }
        }
        do {
            _ = try context.sandbox.deadline.check(processorTime: progress.processor_time) { exception in
                guard let words = context.words else { return false }
                requests.withLock { $0.exception = exception }
                raise(exception, words, progress.call)
                return true
            }
        } catch {
            requests.withLock { $0.reason = error }
            unsafe terrarium_native_stop(pointer, progress.call)
        }
    }

    private func isPending(_ exception: InterruptWords.Exception, _ words: InterruptWords) -> Bool {
        (try? memory.load(UInt32.self, at: words.exceptionAddress)) == words.type(of: exception)
    }

    /// Asks for the interrupt again if the call ended before the interpreter had taken it.
    ///
    /// In the next call, it might reach another program.
    private func takeBackUnanswered() {
        let exception = requests.withLock { requests in
            defer { requests.exception = nil }
            return requests.exception
        }
        context.takeBackUnanswered()
        if let exception, unsafe terrarium_native_has_dropped_words(pointer) {
            context.sandbox.deadline.askAgain(exception)
        }
    }

    private func raise(_ exception: InterruptWords.Exception, _ words: InterruptWords, _ call: UInt64) {
        let raw = terrarium_native_words(
            exception_address: words.exceptionAddress,
            exception: words.type(of: exception),
            breaker_address: words.breakerAddress,
            breaker_bit: words.breakerBit
        )
        unsafe terrarium_native_raise(pointer, call, raw)
    }
}

extension Trap {
    /// The trap of optimised code with a number.
    init(native number: Int32) {
        let code: TrapCode =
            switch Int(number) {
            case Int(TERRARIUM_NATIVE_TRAP_MEMORY): .memoryOutOfBounds
            case Int(TERRARIUM_NATIVE_TRAP_OVERFLOW): .integerOverflow
            case Int(TERRARIUM_NATIVE_TRAP_DIVISION): .integerDivisionByZero
            case Int(TERRARIUM_NATIVE_TRAP_CONVERSION): .badConversionToInteger
            case Int(TERRARIUM_NATIVE_TRAP_CALL): .badSignature
            case Int(TERRARIUM_NATIVE_TRAP_STACK): .stackOverflow
            default: .unreachable
            }
        self.init(code: code, message: code.description)
    }
}
