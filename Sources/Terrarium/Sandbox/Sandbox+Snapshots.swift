// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Sandbox {
    /// Copies the state of the sandbox: variables, files, and a program that is suspended.
    ///
    /// Host functions are Swift closures and not part of it; a sandbox that is made of it is given them again.
    ///
    /// - Returns: The state between two runs or steps, which can be stored with ``Snapshot/write(to:)``.
    /// - Throws: As ``run(_:)``, for a sandbox that waits for a host function for instance.
    public func snapshot() async throws -> Snapshot {
        try await operation { try copy() }
    }

    /// Creates a second sandbox in the same state, with the same host functions; from then on each goes its own way.
    ///
    /// A program that is suspended is so in both, and its calls can be answered in different ways.
    ///
    /// - Parameter sharesRandomness: Whether `random` goes on with the same sequence in both. By default it is seeded
    ///   afresh in the new one; in a deterministic sandbox, with a seed that follows from the old one's.
    /// - Returns: The new sandbox.
    /// - Throws: As ``snapshot()``.
    public func fork(sharesRandomness: Bool = false) async throws -> Sandbox {
        let host = context.host
        return try Sandbox(
            restoring: try await snapshot(),
            functions: host.functions.all,
            limits: limits,
            input: host.inputHandler,
            sharesRandomness: sharesRandomness
        )
    }

    /// Puts the sandbox back into a state.
    ///
    /// - Parameter snapshot: A snapshot of a sandbox with the same image and host functions.
    /// - Throws: `SandboxError` with the code `.invalidSnapshot` if it belongs to another image, `.memoryLimitTooLow` if
    ///   it has more memory than the limits allow; else as ``snapshot()``.
    public func rollback(to snapshot: Snapshot) async throws {
        guard snapshot.image.identity == image.identity else {
            throw SandboxError(.invalidSnapshot, "The snapshot belongs to another image than the sandbox.")
        }
        try image.checkMemory(of: snapshot.pages, under: limits)
        try await operation {
            interpreter.setPages(snapshot.pages, facts: snapshot.facts)
            context.clock.rollBack(world: snapshot.world, monotonicTime: snapshot.monotonicTime)
            context.host.calls.dropAll()
            suspended = snapshot.isSuspended ? SuspendedProgram(isRestored: true) : nil
        }
    }

    /// Copies the state in the current operation.
    func copy() throws -> Snapshot {
        var snapshot = Snapshot(
            image: image,
            pages: try interpreter.copiedPages(),
            monotonicTime: context.clock.monotonicTime
        )
        snapshot.world = context.clock.world
        snapshot.isConfigured = interpreter.facts.isConfigured
        snapshot.isSuspended = suspended != nil
        return snapshot
    }

    /// Creates a sandbox that continues from a snapshot, in the middle of a program if there was one.
    ///
    /// - Parameters:
    ///   - snapshot: The state to continue from; it stays as it is. A sandbox that is made from the snapshot of a
    ///     deterministic one is deterministic.
    ///   - functions: The functions that answer the programs' calls. The programs know the functions that the sandbox had
    ///     when the snapshot was made; ``define(_:)`` adds others.
    ///   - limits: The limits of each run.
    ///   - input: Answers `input()` and `getpass()`; without it they read ``Program/standardInput``.
    ///   - sharesRandomness: Whether `random` continues the snapshot's sequence, so that all sandboxes restored this way
    ///     draw the same numbers. By default it is seeded afresh.
    /// - Throws: `SandboxError` with the code `.memoryLimitTooLow` if the snapshot has more memory than the limits allow.
    public init(
        restoring snapshot: Snapshot,
        functions: [HostFunction] = [],
        limits: Limits = Limits(),
        input: InputHandler? = nil,
        sharesRandomness: Bool = false
    ) throws {
        try snapshot.image.checkMemory(of: snapshot.pages, under: limits)
        let context = SandboxContext(host: ProgramHost(functions: functions, limits: limits, input: input))
        context.clock.restore(
            world: sharesRandomness ? snapshot.world : snapshot.world?.branched(),
            monotonicTime: snapshot.monotonicTime
        )
        self.init(
            snapshot.image,
            pages: snapshot.pages,
            facts: snapshot.facts,
            limits: limits,
            context: context,
            needsReseeding: !sharesRandomness,
            suspended: snapshot.isSuspended ? SuspendedProgram(isRestored: true) : nil
        )
    }
}

extension Snapshot {
    /// The facts about the guest; the limits of the new sandbox may be others than those that it was told.
    fileprivate var facts: Interpreter.Facts {
        Interpreter.Facts(isConfigured: isConfigured, hasQuotas: false, isAsInImage: false)
    }
}
