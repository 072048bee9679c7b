// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium build` with Python source and a world of one's own.
@Suite(.timeLimit(.minutes(10)))
struct BuildCommandTests {
    private static let world = """
        package my:app;
        interface clock {
          record stamp { seconds: u64, zone: string }
          now: func() -> stamp;
        }
        world app {
          import clock;
          import log: func(text: string);
          export describe: func(name: string) -> string;
        }
        """
    private static let guest = """
        import wit_world
        from wit_world.imports import clock

        class WitWorld(wit_world.WitWorld):
            def describe(self, name):
                stamp = clock.now()
                wit_world.log(name)
                return f"{name} at {stamp.seconds} {stamp.zone}"
        """

    private func build(_ arguments: [String], in folder: TemporaryFolder) async throws -> Subprocess {
        try await TerrariumBinary.run(["build", "-q"] + arguments + ["--wit", "\(folder.url.path)/world.wit"])
    }

    @Test("A world with imports becomes a component that runs under wasmtime-py")
    func component() async throws {
        let folder = try TemporaryFolder()
        try folder.write("world.wit", Self.world)
        let guest = try folder.write("guest.py", Self.guest)
        let output = folder.url.appending(path: "guest.wasm").path
        let result = try await build([guest.path, "-o", output], in: folder)
        #expect(result.exitCode == 0, "\(result.errorText)")
        let wit = try await HostTools.run("wasm-tools", ["component", "wit", output], in: folder.url).outputText
        for line in ["import my:app/clock;", "import log: func(text: string);", "export describe: func("] {
            #expect(wit.contains(line), "\(wit)")
        }
        let program = """
            import sys
            from wasmtime import Engine, Store, WasiConfig
            from wasmtime.component import Component, Linker, Record
            engine = Engine()
            store = Store(engine)
            store.set_wasi(WasiConfig())
            linker = Linker(engine)
            linker.add_wasip2()
            def now(store):
                stamp = Record()
                stamp.seconds, stamp.zone = 7, "UTC"
                return stamp
            with linker.root() as root:
                root.add_func("log", lambda store, text: print("logged", text))
                with root.add_instance("my:app/clock") as clock:
                    clock.add_func("now", now)
            instance = linker.instantiate(store, Component(engine, open("\(output)", "rb").read()))
            print(instance.get_func(store, "describe")(store, "it"))
            """
        #expect(try await HostPython.run(program) == "logged it\nit at 7 UTC\n")
    }

    @Test("An image of a world that no sandbox has is refused with what to do instead")
    func image() async throws {
        let folder = try TemporaryFolder()
        try folder.write("world.wit", Self.world)
        let guest = try folder.write("guest.py", Self.guest)
        let output = folder.url.appending(path: "guest.terrarium").path
        let result = try await build([guest.path, "--world", "app", "-o", output], in: folder)
        #expect(result.exitCode == 2)
        let exports = "exec, eval, configure, start, resume, cancel"
        let reasons = "does not export \(exports), and imports my:app/clock, log, which a sandbox cannot provide"
        #expect(result.errorText.contains("\(reasons). Name the output .wasm"), "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: output))
        let component = try await HostTools.assemble("(component)", name: "empty", in: folder)
        let empty = try await TerrariumBinary.run(["build", "--component", component.path, "-o", output])
        #expect(empty.exitCode == 2)
        #expect(empty.errorText.contains("does not export \(exports). Run it with `terrarium run`"))
        let small = try await HostTools.assemble(SmallComponents.sandbox, name: "small", in: folder)
        let plain = try await TerrariumBinary.run(["build", "--component", small.path, "-o", output])
        #expect(plain.exitCode == 2)
        #expect(plain.errorText.contains("does not export configure, start, resume, cancel. Run it as it is"))
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test("A guest that fails while it is imported shows its Python traceback, and nothing is written")
    func traceback() async throws {
        let folder = try TemporaryFolder()
        try folder.write("world.wit", Self.world)
        let guest = try folder.write("broken.py", "def prepare():\n    import nothing_of_the_kind\n\nprepare()\n")
        for name in ["broken.wasm", "broken.terrarium"] {
            let output = folder.url.appending(path: name).path
            let result = try await build([guest.path, "-o", output], in: folder)
            #expect(result.exitCode == 2)
            let lines = [
                "broken.py\", line 4, in <module>", "broken.py\", line 2, in prepare",
                "ModuleNotFoundError: No module named 'nothing_of_the_kind'", "could not build broken.py",
            ]
            for line in lines { #expect(result.errorText.contains(line), "\(result.errorText)") }
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }
}
