// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The run that a host function was called in, for as long as that run lasts.
///
/// A host function that runs a program in the sandbox that waits for it would wait for itself.
final class HostCallScope: Sendable {
    /// The run whose host function this task belongs to.
    @TaskLocal static var current: HostCallScope?

    private let sandbox: ObjectIdentifier
    private let isOver = Atomic(false)

    init(_ sandbox: Sandbox) {
        self.sandbox = ObjectIdentifier(sandbox)
    }

    /// Ends the scope with the run.
    func end() {
        isOver.store(true, ordering: .releasing)
    }

    /// Returns whether the current task is part of a host function that a run of the sandbox waits for.
    static func isInside(_ sandbox: Sandbox) -> Bool {
        guard let current else { return false }
        return current.sandbox == ObjectIdentifier(sandbox) && !current.isOver.load(ordering: .acquiring)
    }
}
