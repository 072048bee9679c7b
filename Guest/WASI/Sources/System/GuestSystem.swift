// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Everything that a guest's WASI knows: one value in the guest's memory, created at the first call.
final class GuestSystem {
    var quota = Quota()
    var clock = Clock()
    var random = RandomSource()
    var handles = HandleTable()
    var environment: [(key: [UInt8], value: [UInt8])] = []
    var arguments: [[UInt8]] = []
    var workingDirectory: [UInt8] = [UInt8(ascii: "/")]
    var preopens: [Preopen] = []
    let tree = FileTree()
}

/// A directory that the guest finds open when it starts.
struct Preopen {
    /// The name under which the guest knows it.
    var name: [UInt8]
    var node: Node
}

nonisolated(unsafe) private var sharedSystem: GuestSystem?

/// The one system of this memory.
var system: GuestSystem {
    if let existing = sharedSystem { return existing }
    let new = GuestSystem()
    sharedSystem = new
    new.configureFromImage()
    return new
}
