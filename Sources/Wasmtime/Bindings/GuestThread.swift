// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread with a stack that is large enough for a guest, as the executor of one actor.
///
/// It starts with the first job, and ends when the executor goes.
final class GuestThread: SerialExecutor {
    private let queue = Queue()
    private let stackBytes: Int

    fileprivate final class Queue: Sendable {
        struct State {
            var jobs: [@Sendable () -> Void] = []
            var isStarted = false
            var isClosed = false
        }

        let state = Mutex(State())
        let signal = DispatchSemaphore(value: 0)

        /// Runs jobs until there will be no more.
        func run() {
            while true {
                signal.wait()
                let next: (@Sendable () -> Void)?? = state.withLock { state in
                    if !state.jobs.isEmpty { return .some(state.jobs.removeFirst()) }
                    return state.isClosed ? .none : .some(nil)
                }
                guard let next else { return }
                next?()
            }
        }
    }

    init(stackBytes: Int) {
        self.stackBytes = stackBytes
    }

    deinit {
        queue.state.withLock { $0.isClosed = true }
        queue.signal.signal()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustStart = queue.state.withLock { state in
            // The job holds the executor, so that the thread never runs one for an executor that has gone.
            state.jobs.append { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if mustStart { startThread() }
        queue.signal.signal()
    }

    private func startThread() {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let context = unsafe Unmanaged.passRetained(queue).toOpaque()
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let error = unsafe pthread_create(&thread, &attributes, runGuestThread, context)
        precondition(error == 0, "a thread for a component cannot be started: error \(error)")
    }
}

#if canImport(Darwin)
private typealias ThreadArgument = UnsafeMutableRawPointer
#else
private typealias ThreadArgument = UnsafeMutableRawPointer?
#endif

private func runGuestThread(_ context: ThreadArgument) -> UnsafeMutableRawPointer? {
    let argument: UnsafeMutableRawPointer? = unsafe context
    if let queue = unsafe argument {
        unsafe Unmanaged<GuestThread.Queue>.fromOpaque(queue).takeRetainedValue().run()
    }
    return nil
}
