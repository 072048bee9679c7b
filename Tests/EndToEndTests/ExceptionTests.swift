// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// C++ exceptions in extension modules: kiwisolver, which catches its own, and ContourPy, whose exceptions pybind11
/// translates.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ExceptionTests {
    /// The folder with the image of both packages, which takes a minute to make.
    private static let folder = Task {
        let folder = try TemporaryFolder()
        let built = try await TerrariumBinary.run(
            ["build", "--quiet", "--package", "kiwisolver", "--package", "contourpy", "-o", image(in: folder)],
            variables: ["PIP_NO_INDEX": "1", "PIP_NO_CACHE_DIR": "1"]
        )
        try #require(built.exitCode == 0, "\(built.errorText)")
        return folder
    }

    private static func image(in folder: TemporaryFolder) -> String {
        folder.url.appending(path: "exceptions.terrarium").path
    }

    @Test("A C++ exception becomes a Python exception, and the sandbox goes on")
    func exceptions() async throws {
        let folder = try await Self.folder.value
        let image = Self.image(in: folder)
        try folder.write(
            "main.py",
            """
            import contourpy, kiwisolver, numpy

            x = kiwisolver.Variable("x")
            solver = kiwisolver.Solver()
            solver.addConstraint(x == 1)

            def name(call, *arguments, **options):
                try:
                    call(*arguments, **options)
                except Exception as error:
                    return type(error).__name__

            # Thrown in several frames of C++ beneath the function that catches it.
            print(name(solver.addConstraint, (x == 2) | "required"))
            print(name(solver.removeConstraint, x >= 3))
            print(name(solver.suggestValue, x, 1))
            try:
                contourpy.contour_generator(z=[[1, 2], [3, 4]], chunk_size=-1)
            except ValueError as error:
                print(error)
            print(name(contourpy.contour_generator(z=[[1, 2], [3, 4]]).lines, "a"))
            # Each takes a reference of the engine's, which have to be collected.
            print({name(solver.addConstraint, (x == 2) | "required") for _ in range(20_000)})

            solver.updateVariables()
            print(x.value())
            lines = contourpy.contour_generator(z=numpy.arange(9.0).reshape(3, 3)).lines(3.5)
            print(lines[0].round(3).tolist(), lines[0].dtype)
            """
        )
        let result = try await TerrariumBinary.run([
            "run", "--image", image, folder.url.appending(path: "main.py").path,
        ])
        #expect(result.errorText == "")
        #expect(result.exitCode == 0)
        #expect(
            result.outputText == """
                UnsatisfiableConstraint
                UnknownConstraint
                UnknownEditVariable
                chunk_size cannot be negative
                TypeError
                {'UnsatisfiableConstraint'}
                1.0
                [[0.0, 1.167], [0.5, 1.0], [1.0, 0.833], [2.0, 0.5]] float64

                """
        )
    }

    @Test("C++ that finds no room for its result raises MemoryError, and the sandbox goes on")
    func memory() async throws {
        let image = Self.image(in: try await Self.folder.value)
        let result = try await TerrariumBinary.run([
            "--image", image, "--memory-limit", "128MiB",
            """
            import contourpy, numpy
            y, x = numpy.ogrid[:2000, :2000]
            z = (x + y) % 2.0
            generator = contourpy.contour_generator(z=z, line_type="ChunkCombinedOffset")
            try:
                generator.lines(0.5)
                print("there was room")
            except MemoryError:
                print("no room")
            """,
            "contourpy.contour_generator(z=[[1, 2], [3, 4]]).lines(2.5)[0].shape",
        ])
        #expect(result.errorText == "")
        #expect(result.outputText == "no room\nresult: (2, 2)\n")
    }
}
