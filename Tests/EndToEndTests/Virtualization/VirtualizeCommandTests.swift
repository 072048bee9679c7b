// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium virt`: components that were wrapped, under another runtime.
@Suite(.timeLimit(.minutes(15)))
struct VirtualizeCommandTests {
    private typealias Guests = VirtualizationGuests

    private func dataFolder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("data/hello.txt", "hello\n")
        try folder.write("data/sub/bad", "12345")
        return folder
    }

    /// How a guest gets its world: in its own memory, or from a component beside it.
    enum Way: CaseIterable {
        case linking, composition

        func prepare(_ component: URL, in folder: TemporaryFolder) throws -> URL {
            self == .linking ? component : try Guests.unlinkable(component, in: folder)
        }
    }

    @Test("A component in C reads baked files with no WASI linked, and keeps its own imports", arguments: Way.allCases)
    func guestInC(way: Way) async throws {
        let folder = try dataFolder()
        let mount = ["--mount", "\(folder.url.path)/data=/"]
        let component = try way.prepare(try await Guests.shared.c(), in: folder)
        let wrapped = try await Guests.wrap(component, mount, in: folder)
        #expect(wrapped.imports == ["test:ledgers/store"])
        let entry = try await Guests.call(wrapped.component, ["survey", "\"hello.txt\""])
        #expect(
            entry == """
                {"result": {"name": "hello.txt", "size": 6}, "log": ["new C", "C: hello.txt 6", "drop C"]}

                """
        )
        let refused = try await Guests.call(wrapped.component, ["survey", "\"sub/bad\""])
        #expect(refused.hasPrefix(#"{"result": "sub/bad", "log": ["new C", "C: sub/bad 5","#), "\(refused)")
        let missing = try await Guests.call(wrapped.component, ["survey", "\"nothing\""])
        #expect(missing.contains("no such file"))
    }

    @Test(
        "A component of componentize-py reads baked files with no WASI linked, and keeps its own imports",
        arguments: Way.allCases
    )
    func guestInPython(way: Way) async throws {
        let folder = try dataFolder()
        let options = ["--mount", "\(folder.url.path)/data=/data", "--env", "A=b=c", "--arg", "-x", "--arg", "y"]
        let component = try way.prepare(try await Guests.shared.python(), in: folder)
        let wrapped = try await Guests.wrap(component, options, in: folder)
        #expect(wrapped.imports.filter { $0.contains(":") } == ["test:ledgers/store"])
        let survey = try await Guests.call(wrapped.component, ["survey", #"["/data/hello.txt", "/data/sub/bad"]"#])
        #expect(survey.contains(#""survey: bad 5", "drop survey""#), "\(survey)")
        let facts: [(expression: String, value: String)] = [
            ("open('/data/hello.txt').read()", #"hello\n"#),
            ("open('/data/new', 'w')", "OSError"),
            ("os.environ['A']", "b=c"),
            ("__import__('time').time() // 86400 * 86400", "946684800.0"),
            ("print('nobody listens', flush=True)", "BrokenPipeError"),
            ("os.listdir('/')", "['data']"),
            ("os.listdir('/dat')", "FileNotFoundError"),
        ]
        for fact in facts {
            let answer = try await Guests.call(wrapped.component, ["evaluate", HostPython.quote(fact.expression)])
            #expect(answer == #"{"result": "\#(fact.value)", "log": []}"# + "\n", "\(fact.expression)")
        }
        let random = HostPython.quote("os.urandom(8).hex()")
        let first = try await Guests.call(wrapped.component, ["evaluate", random])
        #expect(try await Guests.call(wrapped.component, ["evaluate", random]) == first)
    }

    @Test("What is allowed goes to the host's WASI, and only that is imported", arguments: Way.allCases)
    func allowed(way: Way) async throws {
        let folder = try dataFolder()
        let input = try folder.write("input.txt", "of the image")
        let options = [
            "--writable", "--stdio", "allow", "--clock", "real", "--random", "real", "--inherit-env", "SEEN",
            "--stdin", input.path, "--preopen", "/work=/deep/inside",
        ]
        let component = try way.prepare(try await Guests.shared.python(), in: folder)
        let wrapped = try await Guests.wrap(component, options, in: folder)
        #expect(
            Set(wrapped.imports.filter { $0.hasPrefix("wasi:") }) == [
                "wasi:io/error@0.2.0", "wasi:io/streams@0.2.0", "wasi:io/poll@0.2.0", "wasi:cli/stdout@0.2.0",
                "wasi:cli/stderr@0.2.0", "wasi:cli/environment@0.2.0", "wasi:clocks/monotonic-clock@0.2.0",
                "wasi:clocks/wall-clock@0.2.0", "wasi:random/random@0.2.0",
            ]
        )
        let expression = """
            (print('printed' * 1000, flush=True), dict(os.environ), __import__('sys').stdin.read(), \
            __import__('time').sleep(0.01), __import__('time').time() > 1.7e9, \
            open('/work/file', 'w').write('abc'), os.listdir('/work'))
            """
        let answer = try await Guests.call(wrapped.component, ["--wasi", "evaluate", HostPython.quote(expression)])
        #expect(answer.hasPrefix(String(repeating: "printed", count: 1000) + "\n"))
        let rest = "(None, {'SEEN': 'yes'}, 'of the image', None, True, 3, ['file'])"
        #expect(answer.contains(rest), "\(answer.suffix(300))")

        // Wrapped again, the allowed is denied.
        let again = try await Guests.wrap(wrapped.component, ["--stdout", "ignore"], in: folder, name: "again")
        #expect(again.imports.filter { $0.hasPrefix("wasi:") }.isEmpty)
        let quiet = try await Guests.call(
            again.component,
            ["evaluate", #""(print(1, flush=True), os.listdir('/work'))""#]
        )
        #expect(quiet == "{\"result\": \"(None, [])\", \"log\": []}\n")
    }

    @Test("With --allow-all and nothing else, everything goes to the host")
    func allowAll() async throws {
        let folder = try TemporaryFolder()
        let component = try await Guests.shared.python()
        let wrapped = try await Guests.wrap(component, ["--allow-all"], in: folder)
        let expression = #""(dict(os.environ)['HIDDEN'], __import__('sys').stdin.read())""#
        let answer = try await Guests.call(wrapped.component, ["--wasi", "evaluate", expression], input: "text")
        #expect(answer.contains("('no', 'text')"))
        let http = ["--http", "allow", "--stdio", "allow", "--clock", "real"]
        let streams = try await Guests.wrap(component, http, in: folder)
        #expect(!streams.imports.contains { $0.hasPrefix("wasi:filesystem") || $0.hasPrefix("wasi:sockets") })
    }

    @Test("A JSON file says the same as options")
    func configurationFile() async throws {
        let folder = try dataFolder()
        let config = try folder.write(
            "virt.json",
            """
            {
                "writable": true,
                "arg": ["-x", "two words"],
                "stdio": "ignore",
                "stderr": "deny",
                "clock": "virtual=2026-01-01T00:00:00Z",
                "random": "seed=7",
                "inherit-env": ["HOME"],
                "exit": "allow",
                "mount": {"\(folder.url.path)/data": "/data"},
                "env": {"GREETING": "h\\u00e9llo \\"you\\""}
            }
            """
        )
        let component = try await Guests.shared.c()
        let file = try await Guests.wrap(component, ["--config", config.path], in: folder, name: "file")
        let options = [
            "--writable", "--arg", "-x", "--arg", "two words", "--stdio", "ignore", "--stderr", "deny", "--clock",
            "virtual=1767225600", "--random", "seed=7", "--inherit-env", "HOME", "--exit", "allow", "--mount",
            "\(folder.url.path)/data=/data", "--env", "GREETING=héllo \"you\"",
        ]
        let line = try await Guests.wrap(component, options, in: folder, name: "line")
        #expect(try Data(contentsOf: file.component) == Data(contentsOf: line.component))
    }

    @Test(
        "A file of options that is wrong is refused with the place",
        arguments: [
            ("", "not JSON"), ("writable = true", "not JSON"), ("[]", "not a JSON object"),
            (#"{"writable": 1}"#, "option writable takes"), (#"{"writable": "yes"}"#, "takes true or false"),
            (#"{"arg": "-x"}"#, "takes an array of strings"), (#"{"arg": [1]}"#, "option arg takes"),
            (#"{"mount": ["/a"]}"#, "takes an object of strings"), (#"{"clock": true}"#, "takes a string"),
            (#"{"colour": "red"}"#, "no option colour"), (#"{"exit": "maybe"}"#, "allow or deny"),
        ]
    )
    func wrongConfigurationFile(text: String, message: String) async throws {
        let folder = try TemporaryFolder()
        let component = try await Guests.shared.c()
        let config = try folder.write("virt.json", text)
        let output = folder.url.appending(path: "out.wasm").path
        let result = try await TerrariumBinary.run(
            ["virt", component.path, "-o", output, "--config", config.path]
        )
        #expect(result.exitCode == 2)
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }

    @Test("A single file is found wherever it is mounted, and the root and all folders on the way can be listed")
    func singleFiles() async throws {
        let folder = try TemporaryFolder()
        let component = try await Guests.shared.python()
        let file = try folder.write("conf.txt", "of the file")
        try folder.write("data/sub/x", "")
        let mounts = ["\(file.path)=/etc/conf.txt", "\(file.path)=/top.txt", "\(folder.url.path)/data=/a/b/data"]
        let wrapped = try await Guests.wrap(component, mounts.flatMap { ["--mount", $0] }, in: folder)
        let facts: [(expression: String, value: String)] = [
            ("open('/etc/conf.txt').read()", "of the file"), ("open('/top.txt').read()", "of the file"),
            ("sorted(os.listdir('/'))", "['a', 'etc', 'top.txt']"), ("os.listdir('/etc')", "['conf.txt']"),
            ("os.listdir('/a')", "['b']"), ("os.listdir('/a/b/data')", "['sub']"),
            ("os.stat('/top.txt').st_size", "11"),
            ("os.path.isdir('/a/b')", "True"), ("open('/etc/conf.txt', 'a')", "OSError"),
            ("os.mkdir('/new')", "OSError"),
        ]
        for fact in facts {
            let answer = try await Guests.call(wrapped.component, ["evaluate", HostPython.quote(fact.expression)])
            #expect(answer == #"{"result": "\#(fact.value)", "log": []}"# + "\n", "\(fact.expression)")
        }
    }

    @Test("A component without a memory is wrapped as any other")
    func withoutMemory() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "numbers.wat",
            """
            (component
              (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
              (core func $get (canon lower (func $random "get-random-u64")))
              (core module $m (import "" "get" (func $get (result i64))) (func (export "f") (result i64) call $get))
              (core instance $i (instantiate $m (with "" (instance (export "get" (func $get))))))
              (func (export "draw") (result u64) (canon lift (core func $i "f"))))
            """
        )
        let component = folder.url.appending(path: "numbers.wasm")
        try await HostTools.run("wasm-tools", ["parse", "numbers.wat", "-o", component.path], in: folder.url)
        var drawn: [String] = []
        for (name, seed) in [("one", "1"), ("again", "1"), ("other", "2")] {
            let wrapped = try await Guests.wrap(component, ["--random", "seed=\(seed)"], in: folder, name: name)
            #expect(wrapped.imports.isEmpty)
            let variables = ["XDG_CACHE_HOME": folder.url.path, "TERRARIUM_PARTS": try HostTools.partsFolder]
            let result = try await TerrariumBinary.run(
                ["run", "-q", "--invoke", "draw()", wrapped.component.path],
                variables: variables
            )
            #expect(UInt64(result.outputText.trimmingCharacters(in: .newlines)) != nil, "\(result.errorText)")
            drawn.append(result.outputText)
        }
        #expect(drawn[0] == drawn[1] && drawn[0] != drawn[2])
    }

    @Test("A file has its date where it is mounted, and one from before 1970 the nearest that a guest can be told")
    func datesOfMountedFiles() async throws {
        let folder = try TemporaryFolder()
        let component = try await Guests.shared.python()
        for (seconds, told) in [(-86_400.0, "0.0"), (1e10, "10000000000.0")] {
            let file = try folder.write("data/dated", "")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: seconds)],
                ofItemAtPath: file.path
            )
            let wrapped = try await Guests.wrap(component, ["--mount", "\(folder.url.path)/data=/data"], in: folder)
            let answer = try await Guests.call(
                wrapped.component,
                ["evaluate", HostPython.quote("os.stat('/data/dated').st_mtime")]
            )
            #expect(answer.contains(#""result": "\#(told)""#), "\(answer)")
        }
    }

    @Test(
        "What cannot be is refused with a sentence",
        arguments: [
            (["--mount", "nowhere=/data"], "nowhere is not there"),
            (["--mount", "nowhere"], "--mount takes two parts"),
            (["--mount", ".=data"], "starts with /"),
            (["--stdio", "maybe"], "allow, ignore or deny"),
            (["--clock", "virtual=noon"], "2026-01-01T00:00:00Z"),
            (["--random", "seed=-1"], "seed=NUMBER"),
            (["--http", "allow"], "--stdio allow"),
            (["--http", "allow", "--stdio", "allow", "--clock", "real", "--writable"], "do not go together"),
            (["--config", "nowhere.json"], "cannot be read"),
            (["--allow-all", "--deny-all"], "exclude each other"),
        ]
    )
    func refusals(options: [String], message: String) async throws {
        let folder = try TemporaryFolder()
        let component = try await Guests.shared.c()
        let output = folder.url.appending(path: "out.wasm").path
        let result = try await TerrariumBinary.run(["virt", component.path, "-o", output] + options)
        #expect(result.exitCode == 2)
        #expect(result.errorText.contains(message), "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test("The original demo's example: NumPy in Python, wrapped with a file")
    func numpy() async throws {
        let folder = try dataFolder()
        let wheels = Guests.fixtures.appending(path: "../../../../Guest/wheels").standardized
        let wheel = try #require(
            try FileManager.default.contentsOfDirectory(atPath: wheels.path).first { $0.hasPrefix("numpy-") }
        )
        let unpack = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])"
        let site = folder.url.appending(path: "site").path
        let unpacked = try await Subprocess.run(
            try HostPython.program,
            ["-c", unpack, wheels.appending(path: wheel).path, site]
        )
        #expect(unpacked.exitCode == 0)
        try folder.write(
            "app.py",
            """
            import numpy
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def evaluate(self, expression):
                    return str(eval(expression))
            """
        )
        try folder.write("app.wit", "package a:b; world app { export evaluate: func(expression: string) -> string; }")
        try await HostTools.run(
            "componentize-py",
            ["-d", "app.wit", "-w", "app", "componentize", "-p", ".", "-p", "site", "app", "-o", "app.wasm"],
            in: folder.url
        )
        let wrapped = try await Guests.wrap(
            folder.url.appending(path: "app.wasm"),
            ["--mount", "\(folder.url.path)/data=/data"],
            in: folder
        )
        #expect(wrapped.imports.isEmpty)
        let expression = HostPython.quote("open('/data/hello.txt').read() + str(numpy.arange(6).reshape(2, 3).sum())")
        let answer = try await Guests.call(wrapped.component, ["evaluate", expression])
        #expect(answer == #"{"result": "hello\n15", "log": []}"# + "\n")
    }
}
