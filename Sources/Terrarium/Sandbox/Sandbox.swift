// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A Python interpreter with all of its state, apart from the host and from all other sandboxes.
///
///     let image = try await Image.python()
///     let sandbox = Sandbox(image, functions: [
///         HostFunction("fetch_price", parameters: "symbol") { (symbol: String) async throws -> Double in … },
///     ])
///     let run = try await sandbox.run("prices = [await fetch_price(s) for s in ['A', 'B']]\nsum(prices)")
///     print(run.value, run.output, run.error, run.usage)
///     let total: Double = try await sandbox.evaluate("sum(prices)")
///
/// Programs run one after the other in one namespace, and may call the functions of the host that they are given. Nothing
/// else of the host is reachable from inside. Runs that are asked for at the same time take turns.
///
/// If a run is aborted, by a time-out that its program did not heed, by a crash, or by a cancelled task while it
/// computes, the sandbox reverts to its state before that run and stays usable.
///
/// A program may `await` at its top level. While it waits for the host it is data: the sandbox holds no thread, and can be
/// copied and stored; see ``start(_:)``. Guest code runs on threads of its own, never on Swift's cooperative pool; see
/// ``Image`` for their number.
public actor Sandbox {
    /// The closure that answers `input()` and `getpass()`, with `nil` for the end of the input.
    public typealias InputHandler = @Sendable @concurrent (InputRequest) async throws -> String?

    /// The image that the sandbox was made from.
    public nonisolated let image: Image

    /// The limits of each run.
    public nonisolated let limits: Limits

    private let executor: SandboxExecutor
    nonisolated let context: SandboxContext
    private let turnstile = Turnstile()
    let interpreter: Interpreter

    /// The program that was started with ``start(_:)`` and waits.
    var suspended: SuspendedProgram?

    /// The executor of the actor, which runs it on the threads for guest code.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Creates a sandbox, which takes no time: its interpreter comes to life with the first run.
    ///
    /// - Parameters:
    ///   - image: The image that it starts from.
    ///   - functions: The functions that programs may call; of those with the same name the last counts. A name or a
    ///     signature that Python does not allow is an error of the first run; see ``prepare()``.
    ///   - limits: The limits of each run.
    ///   - input: Answers `input()` and `getpass()`; without it they read ``Program/standardInput``.
    ///   - determinism: The source of time and random numbers; the system if `nil`.
    public init(
        _ image: Image,
        functions: [HostFunction] = [],
        limits: Limits = Limits(),
        input: InputHandler? = nil,
        determinism: Determinism? = nil
    ) {
        let host = ProgramHost(functions: functions, limits: limits, input: input)
        let context = SandboxContext(host: host, clock: SandboxClock(determinism.map { VirtualWorld($0) }))
        let standard = Limits()
        let facts = Interpreter.Facts(
            isConfigured: false,
            hasQuotas: limits.fileBytes == standard.fileBytes && limits.fileCount == standard.fileCount
        )
        self.init(image, pages: nil, facts: facts, limits: limits, context: context, needsReseeding: false)
    }

    init(
        _ image: Image,
        pages: MemoryPages?,
        facts: Interpreter.Facts,
        limits: Limits,
        context: SandboxContext,
        needsReseeding: Bool,
        suspended: SuspendedProgram? = nil
    ) {
        self.image = image
        self.suspended = suspended
        self.limits = limits
        self.context = context
        executor = SandboxExecutor(pool: image.runtime.workers)
        interpreter = Interpreter(
            image,
            pages: pages,
            facts: facts,
            limits: limits,
            context: context,
            needsReseeding: needsReseeding
        )
    }

    deinit {
        image.runtime.awake.remove(ObjectIdentifier(self))
        context.host.calls.dropAll()
    }

    // MARK: - Running

    /// Runs a program to its end, with all the host functions that it calls.
    ///
    /// - Parameter program: The program; a string literal is one.
    /// - Returns: Its outcome; an exception that it raised is in ``Run/error``.
    /// - Throws: `SandboxError` with the code `.timeLimit`, `.trap` or `.tampered` if the program had to be stopped,
    ///   `.busy` if another program is suspended or a host function asks that this sandbox waits for,
    ///   `.invalidFunction` if Python does not allow a host function; `EncodingError` if an input has no form in Python;
    ///   `CancellationError` if the task was cancelled. If the program waits for the host at that moment, it gets a
    ///   `CancelledError` there and may clean up, within ``Limits/grace``.
    public func run(_ program: Program) async throws -> Run {
        try await run(program, events: nil)
    }

    /// Runs a program, and decodes the value of its last expression.
    ///
    ///     let total: Double = try await sandbox.evaluate("sum(prices)")
    ///
    /// - Parameters:
    ///   - program: The program, which ends with an expression.
    ///   - type: The type to decode; see ``PythonValue/decode(_:)``.
    /// - Returns: The value.
    /// - Throws: As ``run(_:)`` and ``Run/decode(_:)``.
    public func evaluate<Value: Decodable & Sendable>(
        _ program: Program,
        as type: Value.Type = Value.self
    ) async throws -> Value {
        try await run(program).decode(type)
    }

    func run(_ program: Program, events: RunEventBuffer?) async throws -> Run {
        // Before anything else, so that a program that cannot be sent changes nothing.
        _ = try GuestRequest.start(program, answers: [], limits: limits)
        return try await operation(onCancel: { events?.wakeWriter() }) {
            guard suspended == nil else { throw Self.busy }
            let host = context.host
            let request = try GuestRequest.start(program, answers: host.calls.takeAnswers(), limits: limits)
            let run = ProgramRun(interpreter, limits: limits, events: events)
            host.begin(run.recorder, scope: HostCallScope(self), standardInput: program.standardInput)
            defer { host.end() }
            defer { copyAhead() }
            return try await run.run(request, configuration: configuration())
        }
    }

    /// Has the state copied when the caller has its answer, before the next run asks for it.
    ///
    /// A sandbox that runs one program and is dropped never pays for that.
    private func copyAhead() {
        let count = interpreter.callCount
        guard count > 1 else { return }
        Task {
            guard interpreter.callCount == count, !turnstile.isOccupied else { return }
            interpreter.copyAhead()
        }
    }

    static let busy = SandboxError(.busy, "A program of the sandbox is suspended: resume or cancel it first.")

    /// Raises `KeyboardInterrupt` in the program that runs, at its next bytecode or where it waits.
    ///
    /// The program may catch it. Else it ends the run with that exception, and the sandbox keeps what the program did
    /// before. It has no effect while no program runs. It may be called from any thread.
    public nonisolated func interrupt() {
        context.deadline.interrupt()
        context.host.calls.wake()
    }

    // MARK: - Functions

    /// Sets a variable.
    ///
    /// - Parameters:
    ///   - name: The variable's name.
    ///   - value: Its value; see ``PythonValue/init(encoding:)``.
    /// - Throws: As ``run(_:)``, and the errors of encoding the value.
    public func set(_ name: String, to value: some Encodable & Sendable) async throws {
        _ = try await run(Program("", inputs: [name: PythonValue(encoding: value)], forms: []))
    }

    /// Adds host functions, or replaces those of the same name.
    ///
    /// - Parameter functions: The functions that programs may call from now on.
    /// - Throws: `SandboxError` with the code `.invalidFunction` if Python does not allow a name or a signature; the
    ///   functions are then as they were before.
    public func define(_ functions: [HostFunction]) async throws {
        try await operation {
            let host = context.host
            let table = host.functions.adding(functions)
            var configuration = try configuration()
            configuration.request = try GuestRequest.configure(
                interpreter.facts.isConfigured ? functions : table.all,
                limits: limits,
                answersInput: host.answersInput
            )
            try interpreter.call { try interpreter.configure(configuration, $0) }
            host.functions = table
        }
    }

    /// Brings the interpreter to life and tells it about functions and limits, ahead of the first run.
    ///
    /// - Throws: `SandboxError` with the code `.invalidFunction` if Python does not allow a name or a signature.
    public func prepare() async throws {
        try await operation {
            let configuration = try configuration()
            try interpreter.call { try interpreter.configure(configuration, $0) }
        }
    }

    /// The messages that the guest needs before a program runs.
    func configuration() throws -> ProgramRun.Configuration {
        var configuration = ProgramRun.Configuration.known
        let (host, facts) = (context.host, interpreter.facts)
        if !facts.hasQuotas, !facts.isAsInImage || !limits.areQuotasOfImages { configuration.quotas = limits }
        let isToldNothing = host.functions.all.isEmpty && !host.answersInput && limits.areThoseOfImages
        if !facts.isConfigured, !facts.isAsInImage || !isToldNothing {
            configuration.request = try GuestRequest.configure(
                host.functions.all,
                limits: limits,
                answersInput: host.answersInput
            )
        }
        return configuration
    }

    // MARK: - Turns

    /// Runs an operation when it is its turn; cancelling the task cancels it.
    ///
    /// - Throws: `SandboxError` with the code `.busy` for a host function that would wait for itself.
    func operation<Result>(
        onCancel: @escaping @Sendable () -> Void = {},
        _ body: () async throws -> Result
    ) async throws -> Result {
        guard !HostCallScope.isInside(self) else {
            throw SandboxError(
                .busy,
                "The sandbox waits for the host function that asks for this, so it would never come to it. A host "
                    + "function may use the sandbox's files, and other sandboxes."
            )
        }
        try await turnstile.enter()
        defer { turnstile.leave() }
        image.runtime.awake.remove(ObjectIdentifier(self))
        defer { if interpreter.isAwake { image.runtime.awake.add(self, callCount: interpreter.callCount) } }
        let deadline = context.deadline
        let number = deadline.begin()
        defer { deadline.end() }
        if Task.isCancelled { throw CancellationError() }
        return try await withTaskCancellationHandler {
            try await body()
        } onCancel: { [calls = context.host.calls] in
            deadline.cancel(number)
            calls.wake()
            onCancel()
        }
    }

    /// Keeps only the state and lets go of the interpreter, unless there was a call since the count was taken.
    func sleep(ifCallCountIs count: UInt64) {
        guard interpreter.callCount == count, !turnstile.isOccupied else { return }
        interpreter.sleep()
    }
}
