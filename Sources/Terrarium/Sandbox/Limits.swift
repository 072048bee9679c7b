// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What a sandbox may use.
public struct Limits: Sendable, Hashable {
    /// Memory that the program may allocate on top of what the image itself has, in bytes; default 64 MiB.
    ///
    /// A program that wants more gets a `MemoryError` and can go on.
    public var memoryBytes: Int = 64 << 20

    /// How long one call may take, waiting included; default 5 seconds, `nil` for no limit.
    ///
    /// Then a `TimeoutError` is raised in the program, which can clean up and end in its own way within ``grace``.
    public var time: Duration? = .seconds(5)

    /// How much processor time one call may take; default `nil` for no limit.
    ///
    /// Then the same happens as with ``time``.
    public var processorTime: Duration?

    /// How long a program may go on after its time is over; default half a second.
    ///
    /// Then it is stopped wherever it is, and the sandbox goes back to the state before the call.
    public var grace: Duration = .milliseconds(500)

    /// How much one run in a session may print to both streams together, in bytes; default 16 MiB.
    ///
    /// What is printed beyond that is an `OSError` in the program.
    public var outputBytes: Int = 16 << 20

    /// How much the contents of a session's files may take together, in bytes; default 256 MiB.
    ///
    /// They count to ``memoryBytes`` as well. A program that writes more gets an `OSError` that says that no space is left.
    public var fileBytes: Int = 256 << 20

    /// How many files and folders a session may have; default 100,000.
    public var fileCount: Int = 100_000

    /// How deep calls of Python functions in a session may be nested; default 1,000, as CPython has it.
    ///
    /// Deeper ones raise `RecursionError`. A program may change the depth with `sys.setrecursionlimit`. What bounds its
    /// stack whatever it does is the engine, at 64 MiB: before that CPython raises `RecursionError` where it can, and
    /// where it cannot the program is stopped and the session as it was before.
    public var recursionDepth: Int = 1_000

    /// How large the value of a run may be, in bytes of JSON, and each of its buffers together; default 16 MiB.
    public var valueBytes: Int = 16 << 20

    /// How large the displays of one run may be together, in bytes; default 64 MiB.
    ///
    /// Those beyond are dropped.
    public var displayBytes: Int = 64 << 20

    /// How many calls of host functions one run may make; default 10,000.
    ///
    /// Those beyond raise `RuntimeError` in the program.
    public var hostCalls: Int = 10_000

    /// How many calls of async host functions may be under way at once; default 100.
    ///
    /// Those beyond raise `RuntimeError` in the program.
    public var concurrentHostCalls: Int = 100

    /// How large the arguments of one call of a host function may be, in bytes of JSON, and so its result; default 16
    /// MiB.
    public var hostCallBytes: Int = 16 << 20

    /// How long one call of an async host function may take; default `nil` for no other limit than ``time``.
    ///
    /// Then the closure's task is cancelled, and the program gets a `TimeoutError`.
    public var hostCallTime: Duration?

    /// The default limits.
    public init() {}
}
