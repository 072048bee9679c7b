// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Output, displays, progress and questions, as they happen.
@main
struct StreamsExample {
    static func main() async throws {
        let sandbox = Sandbox(
            try await Image.python(),
            input: { request in
                print("(asked: \(request.prompt))")
                return "Ada"
            }
        )
        let program: Program = """
            import terrarium
            print('Hello', input('Your name? '))
            class Table:
                def _repr_html_(self): return '<table><tr><td>1</td></tr></table>'
                def __repr__(self): return 'a table'
            display(Table())
            sum(x for x in terrarium.progress(range(1_000), label='adding'))
            """
        for try await event in sandbox.stream(program) {
            switch event {
            case .output(let chunk): print(chunk.text, terminator: "")
            case .display(let display): print(display.text ?? "", "or", display.text(as: "text/html") ?? "")
            case .progress(let report): print("\(report.label ?? ""): \(report.done) of \(report.total ?? 0)")
            case .call(let function, let arguments): print("called \(function)\(arguments)")
            case .finished(let run): print("value:", run.value ?? "", "after", run.usage.outputBytes, "bytes of output")
            @unknown default: break
            }
        }
    }
}
