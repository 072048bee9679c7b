// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What a sandbox may use.
public struct Limits: Sendable, Hashable {
    /// Memory that the program may allocate on top of what the image itself has, in bytes; default 64 MiB.
    ///
    /// A program that wants more gets a `MemoryError` and can go on.
    public var memoryBytes: Int = 64 << 20

    /// How long one call may take, waiting included; default 5 seconds, `nil` for no limit.
    public var time: Duration? = .seconds(5)

    /// The default limits.
    public init() {}
}
