// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import TestSupport
import Testing
import Wasmtime

@testable import Terrarium

@Suite(.timeLimit(.minutes(10)))
struct EpochTickerTests {
    private static let endless = """
        (component
            (core module $m (func (export "loop") (loop $again (br $again))))
            (core instance $i (instantiate $m))
            (func (export "loop") (canon lift (core func $i "loop"))))
        """

    private let engine: Engine
    private let library: EngineLibrary

    init() throws {
        library = try EngineLibrary.load(path: TestEnvironment.value(of: "TERRARIUM_ENGINE_LIBRARY"))
        var configuration = Engine.Configuration()
        configuration.epochInterruption = true
        engine = try Engine(library: library, configuration: configuration)
    }

    private struct Stopped: Error {}

    /// Runs an endless program until its epoch deadline has passed a number of times.
    private func run(_ ticker: EpochTicker, epochs: Int) throws {
        let component = try Component(
            engine: engine,
            bytes: Component.binary(fromText: Self.endless, library: library)
        )
        let store = Store(engine: engine)
        let passed = Mutex(0)
        store.onEpochDeadline {
            let count = passed.withLock { count in
                count += 1
                return count
            }
            guard count < epochs else { throw Stopped() }
            return .continue(epochs: 1)
        }
        store.setEpochDeadline(epochs: 1)
        let function = try Linker(engine: engine).instantiate(component, in: store).function("loop")
        #expect(throws: Stopped.self) { try ticker.whileTicking { try function.call() } }
        #expect(passed.withLock(\.self) == epochs)
    }

    @Test("The epoch advances every few milliseconds while a call runs")
    func ticks() throws {
        let ticker = EpochTicker(engine: engine)
        let elapsed = try ContinuousClock().measure { try run(ticker, epochs: 50) }
        #expect(elapsed >= .milliseconds(30))
    }

    @Test("Its thread ends when nothing has run for a while, and a later call starts another")
    func rests() async throws {
        weak var released: EpochTicker?
        do {
            let ticker = EpochTicker(engine: engine)
            released = ticker
            try run(ticker, epochs: 2)
            while ticker.isTicking { await Task.yield() }
            try run(ticker, epochs: 2)
            #expect(ticker.isTicking)
        }
        // The thread holds the ticker for as long as it lives.
        while released != nil { await Task.yield() }
    }

    @Test("An error of the closure is the caller's, and the ticker rests all the same")
    func failure() async throws {
        let ticker = EpochTicker(engine: engine)
        #expect(throws: Stopped.self) { try ticker.whileTicking { throw Stopped() } }
        while ticker.isTicking { await Task.yield() }
    }
}
