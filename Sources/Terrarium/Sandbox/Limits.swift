// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The limits on the resources that a sandbox may use.
public struct Limits: Sendable, Hashable {
    /// Memory that the program may allocate on top of what the image itself has, in bytes; default 64 MiB.
    ///
    /// A program that wants more gets a `MemoryError` and can go on.
    public var memoryBytes: Int = 64 << 20

    /// The longest time that one call may take, waiting included; default 5 seconds, `nil` for no limit.
    ///
    /// Then a `TimeoutError` is raised in the program, which can clean up and end in its own way within ``grace``.
    public var time: Duration? = .seconds(5)

    /// The longest processor time that one call may take; default `nil` for no limit.
    ///
    /// Then the same happens as with ``time``.
    public var processorTime: Duration?

    /// The longest time for which a program may go on after its time is over; default half a second.
    ///
    /// Then it is stopped wherever it is, and the sandbox goes back to the state before the call.
    public var grace: Duration = .milliseconds(500)

    /// The most that one run may print to both streams together, in bytes; default 16 MiB.
    ///
    /// If a program prints more, `OSError` is raised in it.
    public var outputBytes: Int = 16 << 20

    /// The maximum size of the contents of all files of a sandbox together, in bytes; default 256 MiB.
    ///
    /// They count to ``memoryBytes`` as well. A program that writes more gets an `OSError` that says that no space is left.
    public var fileBytes: Int = 256 << 20

    /// The maximum number of files and folders that a sandbox may have; default 100,000.
    public var fileCount: Int = 100_000

    /// The maximum depth to which calls of Python functions may nest; default 1,000, as in CPython.
    ///
    /// Deeper ones raise `RecursionError`. A program may change the depth with `sys.setrecursionlimit`. What bounds its
    /// stack whatever it does is the engine, at 64 MiB: before that CPython raises `RecursionError` where it can, and
    /// where it cannot the program is stopped and the session as it was before.
    public var recursionDepth: Int = 1_000

    /// The maximum size of the JSON of a run's value, and that of all its buffers together, in bytes; default 16 MiB.
    public var valueBytes: Int = 16 << 20

    /// The maximum size of all displays of one run together, in bytes; default 64 MiB.
    ///
    /// Those beyond are dropped.
    public var displayBytes: Int = 64 << 20

    /// The maximum number of calls of host functions that one run may make; default 10,000.
    ///
    /// Those beyond raise `RuntimeError` in the program.
    public var hostCalls: Int = 10_000

    /// The maximum number of calls of async host functions that may be under way at once; default 100.
    ///
    /// Those beyond raise `RuntimeError` in the program.
    public var concurrentHostCalls: Int = 100

    /// The maximum size of the arguments of one call of a host function, and that of its result, in bytes of JSON;
    /// default 16 MiB.
    public var hostCallBytes: Int = 16 << 20

    /// The longest time that one call of an async host function may take; default `nil`, which leaves only ``time``.
    ///
    /// Then the closure's task is cancelled, and the program gets a `TimeoutError`.
    public var hostCallTime: Duration?

    /// The default limits.
    public init() {}
}
