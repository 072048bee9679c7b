// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A conversation with one sandbox: programs run one after the other in one namespace, and may call the host's
/// functions.
///
///     let session = try await terrarium.session(functions: [
///         HostFunction("fetch_price", parameters: "symbol") { (symbol: String) async throws -> Double in … },
///     ])
///     let run = try await session.run("prices = [await fetch_price(s) for s in ['A', 'B']]\nsum(prices)")
///     print(run.value, run.output, run.error, run.usage)
///
/// A program may `await` at its top level. While it waits for the host it is data: the session holds no thread, and can
/// be copied and stored; see ``start(_:name:inputs:arguments:forms:)``. Runs that are asked for at the same time happen
/// one after the other.
///
/// A session is not lost to what its program does. After a time-out that the program did not heed, a crash, or the
/// cancellation of the Swift task while the program computes, it is as it was before that run.
public actor Session {
    /// What each run may use.
    public nonisolated let limits: Limits

    /// Where the programs run.
    nonisolated let sandbox: Sandbox
    nonisolated let host: SessionHost
    nonisolated let turnstile = Turnstile()

    nonisolated let isDeterministic: Bool

    /// Whether the guest knows the quotas of files.
    private var hasQuotas: Bool

    /// Whether the guest knows the host's functions and limits.
    var isConfigured: Bool

    /// The program that was started with ``start(_:name:inputs:arguments:forms:)`` and waits.
    var suspended: SuspendedProgram?

    /// Creates a session, which takes no time: its interpreter comes to life with the first run.
    ///
    /// - Parameters:
    ///   - image: What it starts from, an image that is made of Terrarium's own guest.
    ///   - functions: What programs may call; those of the same name replace earlier ones.
    ///   - limits: What each run may use.
    ///   - input: Answers `input()` and `getpass()`, with `nil` for the end of the input; without it they read the
    ///     standard input that ``run(_:name:inputs:arguments:standardInput:forms:)`` is given.
    ///   - determinism: Where time and random numbers come from; the system if `nil`.
    public init(
        _ image: Image,
        functions: [HostFunction] = [],
        limits: Limits = Limits(),
        input: (@Sendable @concurrent (InputRequest) async throws -> String?)? = nil,
        determinism: Determinism? = nil
    ) {
        self.limits = limits
        isDeterministic = determinism != nil
        host = SessionHost(functions: functions, limits: limits, input: input, executor: image.runtime.workers)
        sandbox = Sandbox(
            image,
            pages: nil,
            limits: limits,
            output: .discard,
            needsReseeding: false,
            sessionHost: host
        )
        sandbox.context.virtualWorld = determinism.map { VirtualWorld($0) }
        // What the guest has anyway needs no call.
        let standard = Limits()
        hasQuotas = limits.fileBytes == standard.fileBytes && limits.fileCount == standard.fileCount
        isConfigured = false
    }

    /// Creates a session that continues from a snapshot, in the middle of a program if there was one.
    ///
    /// - Parameters:
    ///   - snapshot: The state to continue from; it stays as it is.
    ///   - functions: What answers the programs' calls. The programs know the functions that the session had when the
    ///     snapshot was made; ``define(_:)`` adds others.
    ///   - limits: What each run may use.
    ///   - input: As in ``init(_:functions:limits:input:determinism:)``.
    ///   - sharesRandomness: Whether `random` goes on with the snapshot's sequence; by default it is seeded afresh.
    public init(
        restoring snapshot: Snapshot,
        functions: [HostFunction] = [],
        limits: Limits = Limits(),
        input: (@Sendable @concurrent (InputRequest) async throws -> String?)? = nil,
        sharesRandomness: Bool = false
    ) {
        self.limits = limits
        isDeterministic = false
        let workers = snapshot.image.runtime.workers
        host = SessionHost(functions: functions, limits: limits, input: input, executor: workers)
        sandbox = Sandbox(
            snapshot.image,
            pages: snapshot.pages,
            limits: limits,
            output: .discard,
            needsReseeding: !sharesRandomness,
            sessionHost: host
        )
        sandbox.context.setClock(to: snapshot.monotonicTime)
        hasQuotas = false
        isConfigured = snapshot.isSession
        suspended = snapshot.isSuspended ? SuspendedProgram(isRestored: true) : nil
    }

    deinit {
        host.calls.dropAll()
    }

    /// Runs a program to its end, with all the host functions that it calls.
    ///
    /// - Parameters:
    ///   - code: Python source of any length, which may `await` at its top level.
    ///   - name: The file name in tracebacks; `<python-input-N>` if `nil`.
    ///   - inputs: Variables to set before.
    ///   - arguments: What `sys.argv` has after the name; as it was if `nil`.
    ///   - standardInput: What there is to read from standard input; what is left of before if `nil`.
    ///   - forms: Which forms of the value are wanted; default its value only.
    /// - Returns: What came of it; an exception that the program raised is in ``Run/error``.
    /// - Throws: `SandboxError` with the code `.timeLimit`, `.trap`, `.exited` or `.tampered` if the program had to be
    ///   stopped, `.busy` if another program is suspended; `CancellationError` if the task was cancelled. If the
    ///   program waits for the host at that moment, it gets a `CancelledError` there and may clean up, within
    ///   ``Limits/grace``.
    public func run(
        _ code: String,
        name: String? = nil,
        inputs: [String: PythonValue] = [:],
        arguments: [String]? = nil,
        standardInput: [UInt8]? = nil,
        forms: Run.Forms = .value
    ) async throws -> Run {
        try await run(
            Program(
                code: code,
                name: name,
                inputs: inputs,
                arguments: arguments,
                standardInput: standardInput,
                forms: forms
            )
        )
    }

    /// Runs a program, and decodes the value of its last expression.
    ///
    ///     let total: Double = try await session.eval("sum(prices)")
    ///
    /// - Parameters:
    ///   - code: Python source that ends with an expression.
    ///   - type: The type to decode; see ``PythonValue/decode(_:)``.
    /// - Returns: The value.
    /// - Throws: As ``run(_:name:inputs:arguments:standardInput:forms:)``; ``PythonError`` if the program raised, and
    ///   `DecodingError` if the value is of another type.
    public func eval<Value: Decodable & Sendable>(_ code: String, as type: Value.Type = Value.self) async throws
        -> Value
    {
        try await run(code).decode(type)
    }

    /// Sets a variable.
    ///
    /// - Parameters:
    ///   - name: The variable's name.
    ///   - value: Its value; see ``PythonValue/init(encoding:)``.
    /// - Throws: As ``run(_:name:inputs:arguments:standardInput:forms:)``, and what encoding the value throws.
    public func set(_ name: String, to value: some Encodable & Sendable) async throws {
        _ = try await run("", inputs: [name: PythonValue(encoding: value)])
    }

    /// Adds host functions, or replaces those of the same name.
    ///
    /// - Parameter functions: What programs may call from now on.
    /// - Throws: `SandboxError` with the code `.invalidFunction` if Python does not allow a name or a signature.
    public func define(_ functions: [HostFunction]) async throws {
        try await turnstile.run {
            host.add(functions)
            if isConfigured { try await configure(functions) }
        }
    }

    /// Tells the guest about functions and limits.
    func configure(_ functions: [HostFunction]) async throws {
        let request = try SessionRequest.configure(functions, limits: limits, answersInput: host.answersInput)
        try await sandbox.ask(.configure, request) { answer in
            let answer = try MessageReader(answer, maxBytes: 1 << 20)
            guard try answer.text("status") == "idle" else {
                let reason = try answer.optionalText("message") ?? ""
                throw SandboxError(.invalidFunction, "Python does not allow the host functions: \(reason)")
            }
        }
        isConfigured = true
    }

    /// Brings the interpreter to life and tells it about functions and limits, ahead of the first run.
    ///
    /// - Throws: `SandboxError` with the code `.invalidFunction` if Python does not allow a name or a signature.
    public func prepare() async throws {
        try await turnstile.run { try await configureIfNeeded() }
    }

    func configureIfNeeded() async throws {
        if !hasQuotas {
            let limits = limits
            try await sandbox.run { guest in
                try GuestFiles(guest).setQuotas(bytes: limits.fileBytes, count: limits.fileCount)
            }
            hasQuotas = true
        }
        if !isConfigured { try await configure(host.functions) }
    }
}
