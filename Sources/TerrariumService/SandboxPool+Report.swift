// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

public import Logging
public import Metrics
public import Terrarium

extension SandboxPool {
    /// Starts reporting to the log and metrics.
    ///
    /// | Metric | Kind | What |
    /// |---|---|---|
    /// | `LABEL.runs` | counter, by `outcome`: `succeeded`, `failed` | requests that had a sandbox |
    /// | `LABEL.refused` | counter | requests that were refused |
    /// | `LABEL.duration` | timer | how long a request had its sandbox |
    /// | `LABEL.wait` | timer | how long it waited for one |
    /// | `LABEL.running`, `LABEL.waiting`, `LABEL.warm` | gauges | requests that have a sandbox and that wait, sandboxes ready |
    ///
    /// The log has each run at the level `debug`, refusals as a `warning`, and the shutdown as a `notice`. Neither has
    /// anything of a program or its tenant, who may well be hostile.
    ///
    /// - Parameters:
    ///   - logger: Where the log goes.
    ///   - label: What the names of the metrics begin with; default `terrarium.pool`.
    ///   - factory: Makes the metrics; default the system that the application has set up.
    public func report(
        to logger: Logger,
        label: String = "terrarium.pool",
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        let metrics = PoolMetrics(label: label, factory: factory)
        observe { event, statistics in
            metrics.record(event, statistics)
            logger.record(event, statistics)
        }
    }
}

/// The metrics of a pool.
private struct PoolMetrics: Sendable {
    private let succeeded, failed, refused: Counter
    private let duration, wait: Timer
    private let running, waiting, warm: Gauge

    init(label: String, factory: any MetricsFactory) {
        succeeded = Counter(label: "\(label).runs", dimensions: [("outcome", "succeeded")], factory: factory)
        failed = Counter(label: "\(label).runs", dimensions: [("outcome", "failed")], factory: factory)
        refused = Counter(label: "\(label).refused", dimensions: [], factory: factory)
        duration = Timer(label: "\(label).duration", dimensions: [], factory: factory)
        wait = Timer(label: "\(label).wait", dimensions: [], factory: factory)
        running = Gauge(label: "\(label).running", dimensions: [], factory: factory)
        waiting = Gauge(label: "\(label).waiting", dimensions: [], factory: factory)
        warm = Gauge(label: "\(label).warm", dimensions: [], factory: factory)
    }

    func record(_ event: SandboxPool.Event, _ statistics: SandboxPool.Statistics) {
        switch event {
        case .started(let waited): wait.record(duration: waited)
        case .ended(let time, let error):
            (error == nil ? succeeded : failed).increment()
            duration.record(duration: time)
        case .refused: refused.increment()
        case .prepared, .shutDownBegan, .shutDownEnded: break
        }
        running.record(statistics.running)
        waiting.record(statistics.waiting)
        warm.record(statistics.warm)
    }
}

extension Logger {
    fileprivate func record(_ event: SandboxPool.Event, _ statistics: SandboxPool.Statistics) {
        switch event {
        case .ended(let time, let error):
            // Of an error only what this library says of it: others may quote the program.
            let outcome = error.map { ($0 as? SandboxError)?.code.description ?? "failed" } ?? "succeeded"
            debug("A run ended.", metadata: ["outcome": "\(outcome)", "duration": "\(time)"])
        case .refused:
            let state: Metadata = ["running": "\(statistics.running)", "waiting": "\(statistics.waiting)"]
            warning("A run was refused.", metadata: state)
        case .shutDownBegan:
            let state: Metadata = ["running": "\(statistics.running)", "waiting": "\(statistics.waiting)"]
            notice("The pool is shutting down.", metadata: state)
        case .shutDownEnded:
            let counts: Metadata = ["succeeded": "\(statistics.succeeded)", "failed": "\(statistics.failed)"]
            notice("The pool was shut down.", metadata: counts)
        case .started, .prepared: break
        }
    }
}
