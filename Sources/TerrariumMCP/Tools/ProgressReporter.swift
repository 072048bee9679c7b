// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// Tells the client of a request that it goes on, if the client asked for that.
final class ProgressReporter: Sendable {
    private struct State {
        /// The progress that was told last, which must grow.
        var last = 0.0
        /// The loop that is told of: the first one.
        var loop: Int?
        var lastTime: ContinuousClock.Instant
    }

    private static let minInterval = Duration.milliseconds(100)
    private static let beatInterval = Duration.seconds(5)

    private let token: PythonValue?
    private let revision: MCPRevision
    private let notify: @Sendable (PythonValue) async -> Void
    private let started = ContinuousClock.now
    private let state: Mutex<State>

    init(
        token: PythonValue?,
        revision: MCPRevision,
        notify: @escaping @Sendable (PythonValue) async -> Void
    ) {
        self.token = token
        self.revision = revision
        self.notify = notify
        state = Mutex(State(lastTime: .now - Self.minInterval))
    }

    /// Tells how far a loop of the program got.
    func report(_ report: ProgressReport) async {
        let progress: Double? = state.withLock { state in
            let now = ContinuousClock.now
            let loop = state.loop ?? report.id
            state.loop = loop
            let done = Double(report.done)
            guard report.id == loop, done > state.last else { return nil }
            guard report.isFinished || now - state.lastTime >= Self.minInterval else { return nil }
            state.last = done
            state.lastTime = now
            return done
        }
        guard let progress else { return }
        await send(progress, total: report.total, report.label.map { PlainText.name($0) })
    }

    /// Says every five seconds that the program still runs.
    func beat() async {
        guard token != nil else { return }
        while true {
            do { try await Task.sleep(for: Self.beatInterval) } catch { return }
            let progress = state.withLock { state in
                // Less than an item of a loop, since it must grow.
                state.last += 0.001
                return state.last
            }
            let seconds = Int((ContinuousClock.now - started) / .seconds(1))
            await send(progress, total: nil, "The program has been running for \(seconds) s.")
        }
    }

    private func send(_ progress: Double, total: Int?, _ message: String?) async {
        guard let token else { return }
        var parameters: [PythonValue.Item] = [
            .init(key: "progressToken", value: token), .init(key: "progress", value: .float(progress)),
        ]
        if let total, total >= 0 { parameters.append(.init(key: "total", value: PythonValue(total))) }
        if let message, !message.isEmpty, revision.hasProgressMessages {
            parameters.append(.init(key: "message", value: PythonValue(message)))
        }
        await notify(
            ["jsonrpc": "2.0", "method": "notifications/progress", "params": .dict(parameters)]
        )
    }
}
