// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Programs that want too much: each limit has a name, and the sandbox goes on.
@main
struct LimitsExample {
    static func main() async throws {
        var limits = Limits()
        limits.memoryBytes = 32 << 20
        limits.time = .milliseconds(300)
        limits.outputBytes = 1_000
        limits.fileBytes = 10_000
        limits.recursionDepth = 200
        limits.hostCalls = 10
        let sandbox = Sandbox(try await Image.python(), functions: [HostFunction("tick") {}], limits: limits)
        let programs = [
            "memory": "bytes(64 << 20)",
            "time": "while True: pass",
            "output": "print('x' * 2_000)",
            "files": "with open('/large', 'wb') as file: file.write(bytes(20_000))",
            "depth": "def f(n): return f(n + 1)\nf(0)",
            "calls": "for _ in range(20): tick()",
        ]
        for (name, program) in programs.sorted(by: { $0.key < $1.key }) {
            let run = try await sandbox.run(Program(program))
            let names = run.breaches.map { "\($0.limit) of \($0.allowed)" }
            print("\(name): \(run.error?.type ?? "no error"), \(names)")
        }
        // A program that does not heed its TimeoutError is stopped, and the sandbox is as it was before.
        do {
            _ = try await sandbox.run("x = 1\nsum(range(10 ** 12))")
        } catch let error as SandboxError {
            print("stopped:", error.code, "by", error.breach?.limit ?? "nothing")
        }
        let run = try await sandbox.run("'x' in globals()")
        print("still there:", run.value ?? "", "host calls:", run.usage.hostCalls, "files:", run.usage.fileCount)
    }
}
