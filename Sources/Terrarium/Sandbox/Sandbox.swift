// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// One program's interpreter with all of its state, apart from the host and from all others.
///
/// Statements and expressions run one after the other, in one namespace. Calls run on threads of the image's own, never on
/// Swift's cooperative pool; an idle sandbox holds no thread. Nothing of the host is reachable from inside.
///
/// A sandbox is not lost to what its program does: after a time-out, a crash or a cancelled task it is in the state before
/// that call.
///
///     let image = try await Image.python()
///     let sandbox = Sandbox(image)
///     try await sandbox.exec("import math\nradius = 2")
///     print(try await sandbox.eval("math.pi * radius ** 2"))
public actor Sandbox {
    /// The image that the sandbox was made from.
    public nonisolated let image: Image

    /// What the sandbox may use.
    public nonisolated let limits: Limits

    private let executor: SandboxExecutor
    nonisolated let context: HostContext
    nonisolated let deadline: CallDeadline

    /// The running interpreter; there is none before the first call, while the sandbox sleeps, and after a call that had to
    /// be stopped.
    private var guest: GuestInstance?

    /// The state to which the sandbox goes back if a call has to be stopped; that of the image if `nil`.
    private var saved: MemoryPages?

    /// The state at this moment, where it was copied since the last call; without an interpreter, that of `saved` if `nil`.
    private var current: MemoryPages?

    /// Whether the state is a copy of another sandbox's, whose random numbers are not to be drawn again.
    private var needsReseeding: Bool

    /// How many calls there were.
    private var callCount: UInt64 = 0

    /// The threads of the image run this actor.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Creates a sandbox, which takes no time: its interpreter comes to life with the first call.
    ///
    /// - Parameters:
    ///   - image: What it starts from.
    ///   - limits: What it may use.
    ///   - output: Where what the program prints goes; nowhere by default.
    public init(_ image: Image, limits: Limits = Limits(), output: Output = .discard) {
        self.init(image, pages: nil, limits: limits, output: output, needsReseeding: false)
    }

    init(
        _ image: Image,
        pages: MemoryPages?,
        limits: Limits,
        output: Output,
        needsReseeding: Bool,
        sessionHost: SessionHost? = nil
    ) {
        self.image = image
        self.limits = limits
        self.needsReseeding = needsReseeding
        saved = pages
        let deadline = CallDeadline()
        self.deadline = deadline
        context = HostContext(output: output, deadline: deadline, sessionHost: sessionHost)
        executor = SandboxExecutor(pool: image.runtime.workers)
    }

    deinit {
        image.runtime.awake.remove(ObjectIdentifier(self))
    }

    /// Runs statements.
    ///
    /// - Parameter statements: Python source of any length.
    /// - Throws: `PythonError` if the program raised; the sandbox goes on. `SandboxError` with the code `.timeLimit`,
    ///   `.trap` or `.exited` if it had to be stopped, `CancellationError` if the task was cancelled; the sandbox is then
    ///   as it was before.
    public func exec(_ statements: String) async throws {
        try await run { try $0.execute(statements) }
    }

    /// Evaluates an expression.
    ///
    /// - Parameter expression: Python source of any length.
    /// - Returns: Its value.
    /// - Throws: As ``exec(_:)``.
    public func eval(_ expression: String) async throws -> PythonValue {
        try await run { try $0.evaluate(expression) }
    }

    /// The state at this moment, as pages that differ from the image.
    func currentPages() throws -> MemoryPages {
        if current == nil, let memory = guest?.memory {
            current = try memory.changedPages(sharingWith: saved)
        }
        return current ?? saved ?? .unchanged(size: image.initialMemoryBytes)
    }

    /// Puts the sandbox into a state; the interpreter comes to life in it with the next call.
    func setPages(_ pages: MemoryPages) {
        image.runtime.awake.remove(ObjectIdentifier(self))
        guest = nil
        saved = pages
        current = nil
    }

    /// Keeps only the state and lets go of the interpreter, unless there was a call since the count was taken.
    func sleep(ifCallCountIs count: UInt64) {
        guard callCount == count, guest != nil, (try? currentPages()) != nil else { return }
        guest = nil
    }

    /// Puts the sandbox back to where it was before the last call that began something.
    func revert() {
        image.runtime.awake.remove(ObjectIdentifier(self))
        guest = nil
        current = nil
    }

    /// Where what the program prints goes.
    nonisolated var output: Output { context.output }

    /// Runs guest code under the limits; if it has to be stopped, the sandbox goes back to where it was.
    func run<Result>(_ body: (GuestInstance) throws -> Result) async throws -> Result {
        try await withTaskCancellationHandler {
            try runNow(body)
        } onCancel: {
            deadline.cancel()
        }
    }

    /// Runs guest code in the current job of the actor, under other limits than the sandbox's own if given.
    ///
    /// With `continues`, this goes on with what the call before began: if it has to be stopped, the sandbox goes back to
    /// where it was before that one.
    func runNow<Result>(
        limits: Limits? = nil,
        continues: Bool = false,
        _ body: (GuestInstance) throws -> Result
    ) throws -> Result {
        try Task.checkCancellation()
        try startDeadline(limits ?? self.limits)
        callCount += 1
        image.runtime.awake.remove(ObjectIdentifier(self))
        defer {
            if guest != nil { image.runtime.awake.add(self, callCount: callCount) }
        }
        let isNew = self.guest == nil
        let guest: GuestInstance
        do {
            guest = try livingGuest(continues: continues)
        } catch {
            throw SandboxError.translating(error)
        }
        if isNew {
            // Coming to life is not the program's time.
            try startDeadline(limits ?? self.limits)
        }
        current = nil
        do {
            return try body(guest)
        } catch let error as PythonError {
            throw error
        } catch let error as SandboxError where error.code == .file {
            throw error
        } catch {
            revert()
            if error is Trap, let breach = deadline.breach {
                // The exception that was to end it came where none can be raised, outside of the interpreter's loop.
                throw SandboxError(.timeLimit, "The program ran longer than its limit: \(breach).", breach: breach)
            }
            throw SandboxError.translating(error)
        }
    }

    private func startDeadline(_ limits: Limits) throws {
        deadline.start(limits)
        // A cancellation before the start is forgotten by it, one after it is not.
        try Task.checkCancellation()
    }

    /// The interpreter, in the current state, which is also what a call that is stopped goes back to unless it continues.
    private func livingGuest(continues: Bool) throws -> GuestInstance {
        // A sandbox that is used once never pays for a copy.
        if !continues, guest != nil || current != nil { saved = try currentPages() }
        if let guest { return guest }
        let guest = try GuestInstance(image, pages: current ?? saved, limits: limits, context: context)
        if needsReseeding {
            try guest.seed(.seedAgain)
            needsReseeding = false
        }
        self.guest = guest
        return guest
    }
}
