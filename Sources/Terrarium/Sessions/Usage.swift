// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What a run used.
public struct Usage: Sendable, Hashable {
    /// How long it took, waiting included.
    public internal(set) var time: Duration = .zero
    /// The processor time that the program itself took; host functions that are not async count as well.
    public internal(set) var processorTime: Duration = .zero
    /// The memory that the program has on top of what the image has, in bytes; it never shrinks.
    public internal(set) var memoryBytes = 0
    /// What it printed to both streams, in bytes.
    public internal(set) var outputBytes = 0
    /// What the session's files take, in bytes.
    public internal(set) var fileBytes = 0
    /// How many files and folders the session has.
    public internal(set) var fileCount = 0
    /// How many host functions it called.
    public internal(set) var hostCalls = 0
    /// How often it stopped to wait.
    public internal(set) var suspensions = 0
}
