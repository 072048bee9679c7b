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

    /// The default limits.
    public init() {}
}
