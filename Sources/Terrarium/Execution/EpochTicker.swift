// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Dispatch
import Synchronization
import Wasmtime

/// Something that the ticker looks at while it runs.
protocol Watched: AnyObject, Sendable {
    /// Looks whether it is to be stopped; called every millisecond on the ticker's thread.
    func look()
}

/// Advances an engine's epoch every millisecond while calls run, so that each call looks at its deadline that often.
///
/// One thread serves all sandboxes of an engine; it rests while nothing runs. It also looks at guests whose code does not
/// look itself.
final class EpochTicker: Sendable {
    private static let interval = DispatchTimeInterval.milliseconds(1)
    private static let stackBytes = 256 << 10

    private struct State {
        var running = 0
        var isTicking = false
        var watched: [ObjectIdentifier: any Watched] = [:]
    }

    private let engine: Engine
    private let state = Mutex(State())

    init(engine: Engine) {
        self.engine = engine
    }

    /// A Boolean value that tells whether its thread lives.
    var isTicking: Bool { state.withLock { $0.isTicking } }

    /// Runs a closure while the epoch advances.
    ///
    /// - Throws: What the closure throws; `SandboxError` with the code `.engine` if the system has no thread left, since
    ///   without the ticker no limit would hold.
    func whileTicking<Result>(watching watched: (any Watched)? = nil, _ body: () throws -> Result) throws -> Result {
        try state.withLock { state in
            // Under the lock: whoever finds that it ticks relies on it.
            if !state.isTicking { try startThread() }
            state.isTicking = true
            state.running += 1
            if let watched { state.watched[ObjectIdentifier(watched)] = watched }
        }
        defer {
            state.withLock { state in
                state.running -= 1
                if let watched { state.watched[ObjectIdentifier(watched)] = nil }
            }
        }
        return try body()
    }

    private func startThread() throws(SandboxError) {
        let ticker = unsafe Unmanaged.passRetained(self).toOpaque()
        let error = unsafe terrarium_start_thread(
            Self.stackBytes,
            { unsafe Unmanaged<EpochTicker>.fromOpaque($0).takeRetainedValue().tick() },
            ticker
        )
        guard error != 0 else { return }
        unsafe Unmanaged<EpochTicker>.fromOpaque(ticker).release()
        throw SandboxError(.engine, "No thread that keeps time limits can be started: \(systemErrorMessage(error)).")
    }

    /// Ticks until nothing has run for a while; a new call then starts a new thread.
    private func tick() {
        let pause = DispatchSemaphore(value: 0)
        var idleTicks = 0
        while true {
            _ = pause.wait(timeout: .now() + Self.interval)
            engine.incrementEpoch()
            for watched in state.withLock({ Array($0.watched.values) }) { watched.look() }
            let isIdle = state.withLock { state in
                idleTicks = state.running == 0 ? idleTicks + 1 : 0
                guard idleTicks >= 1_000 else { return false }
                state.isTicking = false
                return true
            }
            if isIdle { return }
        }
    }
}
