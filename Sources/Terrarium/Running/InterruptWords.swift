// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The places in an image's memory where an exception is raised from outside: what `PyThreadState_SetAsyncExc` writes.
///
/// Both words belong to the state of CPython's only thread. They were found when the image was built, by calling that
/// function and seeing what changed. The interpreter looks at them between two bytecodes.
struct InterruptWords: Sendable, Hashable, Codable {
    /// The exceptions that can be raised.
    enum Exception: Sendable {
        /// A `TimeoutError`, at the end of the program's time.
        case timeout
        /// A `KeyboardInterrupt`, because the host asked for it.
        case keyboardInterrupt
    }

    /// The address of the pointer to the pending exception.
    let exceptionAddress: UInt32
    /// The address of the type object `TimeoutError`, which is never freed.
    let timeoutError: UInt32
    /// The address of the type object `KeyboardInterrupt`, which is never freed.
    let keyboardInterrupt: UInt32
    /// The address of the word whose bits say that something is to be looked at.
    let breakerAddress: UInt32
    /// The bit for a pending exception.
    let breakerBit: UInt32

    /// The address of the type of an exception.
    func type(of exception: Exception) -> UInt32 { exception == .timeout ? timeoutError : keyboardInterrupt }

    /// Raises an exception in the program that runs in a memory; answers whether that is possible.
    func raise(_ exception: Exception, in memory: GuestMemory?) -> Bool {
        guard let memory, let breaker = try? memory.load(UInt32.self, at: breakerAddress) else { return false }
        do {
            try memory.store(type(of: exception), at: exceptionAddress)
            try memory.store(breaker | breakerBit, at: breakerAddress)
            return true
        } catch {
            return false
        }
    }

    /// Takes an exception back that the interpreter has not looked at yet; answers which it was.
    func takeBack(in memory: GuestMemory) -> Exception? {
        guard let type = try? memory.load(UInt32.self, at: exceptionAddress), type != 0,
            let exception = [Exception.keyboardInterrupt, .timeout].first(where: { self.type(of: $0) == type }),
            (try? memory.store(UInt32(0), at: exceptionAddress)) != nil
        else { return nil }
        return exception
    }
}
