// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium build --package`: packages that people would try first, from PyPI by way of a folder, imported and used.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PackageTests {
    private static let packages = [
        "altair", "attrs", "beautifulsoup4", "jinja2", "jsonschema", "more-itertools", "networkx", "pyparsing",
        "pytest", "python-dateutil", "pyyaml", "rich", "sympy", "tabulate", "tqdm",
    ]

    /// Each with what it is used for here: an expression that is true.
    private static let uses = [
        "altair.Chart({'values': [{'a': 1}]}).mark_bar().encode(x='a:Q').to_dict()['mark'] == {'type': 'bar'}",
        "attrs.make_class('Point', ['x'])(x=5) == attrs.make_class('Point', ['x'])(x=5) or attrs.fields",
        "bs4.BeautifulSoup('<p>one<p>two', 'html.parser').find_all('p')[1].text == 'two'",
        "jinja2.Template('{% for x in l %}{{ x|e }}{% endfor %}').render(l='<>') == '&lt;&gt;'",
        "not jsonschema.Draft7Validator({'type': 'object', 'required': ['a']}).is_valid({})",
        "more_itertools.chunked([1, 2, 3], 2).__next__() == [1, 2]",
        "networkx.shortest_path(networkx.path_graph(5), 0, 3) == [0, 1, 2, 3]",
        "pyparsing.common.number.parse_string('42')[0] == 42",
        "dateutil.parser.parse('Sat Oct 11 17:13:46 2003').year == 2003",
        "yaml.safe_load('a: [1, {b: c}]') == {'a': [1, {'b': 'c'}]} and yaml.dump([1]) == '- 1\\n'",
        "'Name' in (lambda c: (c.print(rich.table.Table('Name')), c.file.getvalue())[1])"
            + "(rich.console.Console(file=__import__('io').StringIO()))",
        "sympy.integrate(sympy.Symbol('x') ** 2) == sympy.Symbol('x') ** 3 / 3",
        // It draws from a thread of its own, which waits for a time.
        "'100%' in (lambda c: (list(rich.progress.track(range(3), console=c)), c.file.getvalue())[1])"
            + "(rich.console.Console(file=__import__('io').StringIO(), force_terminal=True))",
        "(lambda f: list(tqdm.tqdm(range(5), file=f)) == [0, 1, 2, 3, 4] and '5/5' in f.getvalue())"
            + "(__import__('io').StringIO())",
        "__import__('importlib.metadata').metadata.version('sympy') == sympy.__version__",
        "tabulate.tabulate([[1, 2]], headers=['a', 'b'], tablefmt='github').startswith('|')",
    ]

    private func build(_ arguments: [String], index: String? = nil) async throws -> Subprocess {
        let folder = try index ?? TestEnvironment.value(of: "TERRARIUM_TEST_PACKAGES")
        return try await TerrariumBinary.run(
            ["build", "--quiet"] + arguments,
            variables: ["PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder, "PIP_NO_CACHE_DIR": "1"]
        )
    }

    @Test("Packages are found with what they need, added, imported ahead, and work")
    func works() async throws {
        let folder = try TemporaryFolder()
        let image = folder.url.appending(path: "packages.terrarium").path
        let result = try await build(Self.packages.flatMap { ["--package", $0] } + ["-o", image])
        #expect(result.errorText == "")
        try #require(result.exitCode == 0)

        let imports =
            "import altair, attrs, bs4, dateutil.parser, jinja2, jsonschema, more_itertools, networkx, pyparsing, "
            + "rich.console, rich.progress, rich.table, sympy, tabulate, tqdm, yaml, sys\nbefore = set(sys.modules)"
        for use in Self.uses {
            let result = try await TerrariumBinary.run(["--image", image, imports, "bool(\(use))"])
            #expect(result.outputText == "result: True\n", "\(use): \(result.outputText)\(result.errorText)")
        }
        // What was imported ahead is there in no time, though its names are nobody's until they are imported.
        let ahead = try await TerrariumBinary.run(
            [
                "--image", image, "import sys",
                "['sympy' in sys.modules, 'sympy' in globals(), __import__('os').environ['HOME']]",
            ]
        )
        #expect(ahead.outputText == "result: [True, False, '/home/user']\n")
    }

    @Test("pytest runs the tests of a folder")
    func testing() async throws {
        let folder = try TemporaryFolder()
        let image = folder.url.appending(path: "pytest.terrarium").path
        let built = try await build(["--package", "pytest", "-o", image])
        try #require(built.exitCode == 0, "\(built.errorText)")
        try folder.write(
            "tests/test_some.py",
            """
            import pytest

            @pytest.mark.parametrize("number", [1, 2, 3])
            def test_numbers(number, tmp_path, capsys):
                (tmp_path / "file").write_text("text")
                print(number)
                assert capsys.readouterr().out == f"{number}\\n"
                assert number < 3
            """
        )
        try folder.write("run.py", "import pytest, sys\nsys.exit(pytest.main(['-q', '/tests']))\n")
        let result = try await TerrariumBinary.run([
            "run", "--image", image, "--time-limit", "60", "--memory-limit", "256MiB",
            "--file", "\(folder.url.appending(path: "tests").path)=/tests", folder.url.appending(path: "run.py").path,
        ])
        #expect(result.exitCode == 1, "\(result.errorText)")
        #expect(result.outputText.contains("1 failed, 2 passed"), "\(result.outputText)")
        #expect(result.outputText.contains("assert 3 < 3"), "\(result.outputText)")
    }

    @Test("--import chooses what is imported ahead")
    func importing() async throws {
        let folder = try TemporaryFolder()
        let image = folder.url.appending(path: "image.terrarium").path
        let result = try await build(["--package", "jinja2", "--import", "jinja2.sandbox", "-o", image])
        #expect(result.exitCode == 0, "\(result.errorText)")
        let value = try await TerrariumBinary.run(
            ["--image", image, "import sys", "[n in sys.modules for n in ('jinja2.sandbox', 'jinja2.nativetypes')]"]
        )
        #expect(value.outputText == "result: [True, False]\n")
        for name in ["nothing", "os; print(1)", "tabulate.nothing"] {
            let result = try await build(["--package", "tabulate", "--import", name, "-o", image])
            #expect(result.exitCode != 0)
            #expect(result.errorText.contains(name), "\(result.errorText)")
        }
    }

    @Test("What cannot be had is refused in a sentence, with nothing written")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let image = folder.url.appending(path: "image.terrarium")
        let native = "fast-1.0-cp314-cp314-manylinux_2_17_x86_64.whl"
        try folder.write("wheels/\(native)", "")
        let wheels = folder.url.appending(path: "wheels").path
        let cases: [(arguments: [String], message: String)] = [
            (["--package", "\(wheels)/\(native)"], "fast 1.0 has native code, for manylinux_2_17_x86_64"),
            (["--package", "no-such-package"], "There is no wheel of no-such-package"),
            (["--requirements", "/nonexistent/file"], "nonexistent"),
        ]
        for (arguments, message) in cases {
            let result = try await build(arguments + ["-o", image.path], index: wheels)
            #expect(result.exitCode == 2)
            #expect(result.errorText.contains(message), "\(result.errorText)")
            #expect(!FileManager.default.fileExists(atPath: image.path))
        }
    }

    @Test("A wheel with native code for the sandbox is linked into a guest of its own")
    func native() async throws {
        // NumPy's own wheel as another build of it, so that it is not the one that the image has.
        let folder = try TemporaryFolder()
        let present = URL(filePath: try HostTools.partsFolder).appending(path: "wheels")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: present.path).first { $0.hasPrefix("numpy-") }
        )
        let other = name.replacing("-cp314-cp314-", with: "-1other-cp314-cp314-")
        try FileManager.default.copyItem(at: present.appending(path: name), to: folder.url.appending(path: other))
        let image = folder.url.appending(path: "native.terrarium").path
        let failed = try await build(
            ["--package", folder.url.appending(path: other).path, "--import", "nothing", "-o", image]
        )
        #expect(failed.exitCode == 1)
        // Neither an image without what it was made for, nor what was made on the way.
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(left == [other])
        let result = try await build(
            ["--package", folder.url.appending(path: other).path, "--package", "tabulate", "-o", image]
        )
        #expect(result.exitCode == 0, "\(result.errorText)")
        let value = try await TerrariumBinary.run(
            ["--image", image, "import numpy, tabulate", "tabulate.tabulate(numpy.eye(1), tablefmt='plain')"]
        )
        #expect(value.outputText == "result: 1\n")
        let onto = try await build(
            ["--from", image, "--package", folder.url.appending(path: other).path, "-o", image]
        )
        #expect(onto.exitCode == 2)
        #expect(onto.errorText.contains("without --from"))
    }
}
