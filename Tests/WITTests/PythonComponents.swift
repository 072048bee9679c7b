// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport

/// Components made of Python by componentize-py, built once for all tests that ask.
enum PythonComponents {
    /// A component whose imports and exports have resources, records, variants, enums and flags of their own.
    static let typed = Result {
        try build(
            wit: """
                package test:guest@0.1.0;
                interface types {
                  record point { x: s32, y: s32 }
                  variant shape { nothing, circle(point), polygon(list<point>) }
                  enum color { red, green }
                  flags perms { read, write }
                  type name = string;
                }
                interface host {
                  use types.{point, color as colour};
                  resource counter {
                    constructor(start: u32);
                    increment: func(by: u32) -> u32;
                    zero: static func() -> counter;
                  }
                  log: func(message: string, at: option<point>) -> result<_, string>;
                  paint: func(c: colour, on: borrow<counter>);
                }
                interface guest {
                  use types.{shape, point, perms};
                  use host.{counter};
                  resource canvas {
                    constructor(name: string);
                    draw: func(s: shape) -> result<perms, string>;
                    count: func(c: borrow<counter>) -> u32;
                  }
                  area: func(s: shape) -> f64;
                  take: func(c: counter) -> tuple<u32, list<u8>, option<option<point>>>;
                }
                world app {
                  import host;
                  import note: func(s: string);
                  export guest;
                  export run: func(args: list<string>) -> result<u32, string>;
                }
                """,
            world: "app",
            modules: [
                "app": """
                import wit_world
                from wit_world import exports
                class WitWorld(wit_world.WitWorld):
                    def run(self, args): return len(args)
                class Guest(exports.Guest):
                    def area(self, s): return 1.0
                    def take(self, c): return (1, b"", None)
                """,
                "guest": """
                class Canvas:
                    def __init__(self, name): pass
                    def draw(self, s): return 0
                    def count(self, c): return 0
                """,
            ]
        )
    }

    private static func build(wit: String, world: String, modules: [String: String]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try Data(wit.utf8).write(to: folder.url.appending(path: "world.wit"))
        for (name, text) in modules {
            try Data(text.utf8).write(to: folder.url.appending(path: "\(name).py"))
        }
        try WasmTools().run(
            "componentize-py",
            ["-d", "world.wit", "-w", world, "componentize", "app", "-o", "app.wasm"],
            directory: folder.url
        )
        return [UInt8](try Data(contentsOf: folder.url.appending(path: "app.wasm")))
    }
}
