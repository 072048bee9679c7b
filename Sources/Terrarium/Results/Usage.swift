// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The resources that a run used.
public struct Usage: Sendable, Hashable, Codable {
    /// The time that it took, waiting included.
    public var time: Duration
    /// The processor time that the program itself took; plain host functions count as well.
    public var processorTime: Duration
    /// The memory that the program has on top of what the image has, in bytes; it never shrinks.
    public var memoryBytes: Int
    /// The bytes that it printed to both streams.
    public var outputBytes: Int
    /// The bytes that the sandbox's files take.
    public var fileBytes: Int
    /// The number of files and folders that the sandbox has.
    public var fileCount: Int
    /// The number of host functions that it called.
    public var hostCalls: Int
    /// The number of times that it stopped to wait.
    public var suspensions: Int

    /// Makes a record of used resources; nothing by default.
    public init(
        time: Duration = .zero,
        processorTime: Duration = .zero,
        memoryBytes: Int = 0,
        outputBytes: Int = 0,
        fileBytes: Int = 0,
        fileCount: Int = 0,
        hostCalls: Int = 0,
        suspensions: Int = 0
    ) {
        self.time = time
        self.processorTime = processorTime
        self.memoryBytes = memoryBytes
        self.outputBytes = outputBytes
        self.fileBytes = fileBytes
        self.fileCount = fileCount
        self.hostCalls = hostCalls
        self.suspensions = suspensions
    }
}
