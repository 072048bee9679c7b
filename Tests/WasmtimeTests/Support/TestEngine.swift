// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing
import Wasmtime

/// What most tests start from.
enum TestEngine {
    /// The path of the engine library that `make test` provides.
    static var libraryPath: String {
        get throws {
            try #require(
                ProcessInfo.processInfo.environment["TERRARIUM_ENGINE_LIBRARY"],
                "TERRARIUM_ENGINE_LIBRARY must name the engine library: run the tests with `make test`"
            )
        }
    }

    static var library: EngineLibrary {
        get throws { try EngineLibrary.load(path: libraryPath) }
    }

    /// An engine for small components.
    static func make(_ configure: (inout Engine.Configuration) -> Void = { _ in }) throws -> Engine {
        var configuration = Engine.Configuration()
        configuration.parallelCompilation = false
        configure(&configuration)
        return try Engine(library: library, configuration: configuration)
    }

    /// A component from its text.
    static func component(_ text: String, _ engine: Engine) throws -> Component {
        try Component(engine: engine, bytes: Component.binary(fromText: text, library: library))
    }

    /// An instance of a component that imports what the linker is given.
    static func instance(
        _ text: String,
        _ engine: Engine? = nil,
        limits: Store.Limits = .init(),
        define: (Linker) throws -> Void = { _ in }
    ) throws -> Instance {
        let engine = try engine ?? make()
        let linker = Linker(engine: engine)
        try define(linker)
        let store = Store(engine: engine, limits: limits)
        return try linker.instantiate(component(text, engine), in: store)
    }
}
