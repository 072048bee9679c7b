// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Dispatch
import Synchronization
import Wasmtime

/// Advances an engine's epoch every millisecond while calls run, so that each call looks at its deadline that often.
///
/// One thread serves all sandboxes of an engine; it rests while nothing runs. It watches the threads that they run on, too.
final class EpochTicker: Sendable {
    private static let interval = DispatchTimeInterval.milliseconds(1)
    private static let stackBytes = 256 << 10

    private struct State {
        var running = 0
        var isTicking = false
    }

    private let engine: Engine
    private let workers: WorkerPool?
    private let state = Mutex(State())

    init(engine: Engine, workers: WorkerPool? = nil) {
        self.engine = engine
        self.workers = workers
    }

    /// Whether its thread lives.
    var isTicking: Bool { state.withLock { $0.isTicking } }

    /// Runs a closure while the epoch advances.
    func whileTicking<Result>(_ body: () throws -> Result) rethrows -> Result {
        let starts = state.withLock { state in
            state.running += 1
            guard !state.isTicking else { return false }
            state.isTicking = true
            workers?.beginWatch()
            return true
        }
        if starts {
            startThread()
        }
        defer { state.withLock { $0.running -= 1 } }
        return try body()
    }

    private func startThread() {
        let ticker = unsafe Unmanaged.passRetained(self).toOpaque()
        let error = unsafe terrarium_start_thread(
            Self.stackBytes,
            { unsafe Unmanaged<EpochTicker>.fromOpaque($0).takeRetainedValue().tick() },
            ticker
        )
        // Without the ticker no limit would hold, so there is no going on.
        precondition(error == 0, "the thread that keeps time limits cannot be started: \(systemErrorMessage(error))")
    }

    /// Ticks until nothing has run for a while; a new call then starts a new thread.
    private func tick() {
        let pause = DispatchSemaphore(value: 0)
        var idleTicks = 0
        while true {
            _ = pause.wait(timeout: .now() + Self.interval)
            engine.incrementEpoch()
            workers?.watch()
            let isIdle = state.withLock { state in
                idleTicks = state.running == 0 ? idleTicks + 1 : 0
                guard idleTicks >= 1_000 else { return false }
                state.isTicking = false
                workers?.endWatch()
                return true
            }
            if isIdle { return }
        }
    }
}
