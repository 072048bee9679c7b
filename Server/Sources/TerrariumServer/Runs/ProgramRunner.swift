// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Runs programs in fresh sandboxes, a bounded number at once, the tenants taking turns.
struct ProgramRunner: Sendable {
    let bounds: LimitBounds
    let quotas: QuotaTable
    private let pool: SandboxPool

    /// The largest size of all files of one answer.
    private static let maxReturnedBytes = 16 << 20
    private static let maxReturnedFiles = 1_000
    private static let maxFolderDepth = 16

    init(
        _ image: Image,
        bounds: LimitBounds,
        quotas: QuotaTable,
        configuration: SandboxPool.Configuration
    ) {
        self.bounds = bounds
        self.quotas = quotas
        pool = SandboxPool(image, limits: bounds.standard, configuration: configuration)
    }

    var statistics: SandboxPool.Statistics { pool.statistics }

    /// Runs a program.
    ///
    /// - Throws: ``ProblemDetails`` if too much is to be done, or a file cannot be written; `CancellationError` if the task is
    ///   cancelled, which stops the program.
    func run(_ request: RunRequest, tenant: Tenant) async throws -> RunAnswer {
        try await turn(of: tenant) { sandbox in
            let sandbox = request.limits.map { Sandbox(sandbox.image, limits: $0) } ?? sandbox
            try await Self.write(request.files, in: sandbox)
            return try await Self.answer {
                var answer = RunAnswer(run: try await sandbox.run(request.program))
                answer.files = try await Self.files(request.returnedPaths, of: sandbox)
                return answer
            }
        }
    }

    /// Does something with a fresh sandbox when it is the tenant's turn, within its quotas.
    ///
    /// - Throws: ``ProblemDetails`` if a quota is used up, or too many wait; the closure's errors.
    func turn<Result>(of tenant: Tenant, _ body: (Sandbox) async throws -> Result) async throws -> Result {
        try quotas.check(tenant, counts: true)
        do {
            return try await pool.withSandbox(tenant: tenant.name) { sandbox in
                let start = ContinuousClock.now
                defer { quotas.charge(tenant, .now - start) }
                return try await body(sandbox)
            }
        } catch let error as SandboxError where error.code == .overloaded {
            throw ProblemDetails.overloaded("Too many programs wait for their turn.")
        }
    }

    // MARK: - Parts of a run

    /// Runs a program; what ends it is a part of the answer, unless it is the server's fault.
    static func answer(_ body: () async throws -> RunAnswer) async throws -> RunAnswer {
        do {
            return try await body()
        } catch let error as SandboxError {
            guard [.timeLimit, .trap, .tampered, .exited, .memoryLimitTooLow].contains(error.code) else { throw error }
            var run = Run()
            if let breach = error.breach { run.breaches = [breach] }
            return RunAnswer(run: run, failure: error)
        } catch let error as EncodingError {
            guard case .invalidValue(_, let context) = error else { throw error }
            throw ProblemDetails.invalidRequest(at: "/inputs", context.debugDescription)
        }
    }

    /// Sets variables of the environment while a closure runs.
    ///
    /// - Throws: ``ProblemDetails`` if the program's own changes keep them from being set; the closure's errors.
    static func with(
        _ variables: [(name: String, value: String)],
        in sandbox: Sandbox,
        _ body: () async throws -> Void
    ) async throws {
        guard !variables.isEmpty else { return try await body() }
        let names = PythonValue.list(variables.map { PythonValue($0.name) }).representation
        let old: PythonValue
        do {
            old = try await SandboxEnvironment.evaluate(
                "([(n, os.environ.get(n)) for n in \(names)], \(SandboxEnvironment.update(variables)))[0]",
                in: sandbox
            )
        } catch let error as PythonError {
            throw ProblemDetails.invalidRequest("The variables cannot be set: \(error.type): \(error.message)")
        }
        let restore =
            "[os.environ.pop(n, None) if v is None else os.environ.update({n: v}) for n, v in \(old.representation)]"
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        // In a task of its own, since this one may be cancelled; a program that broke its environment has it so.
        await Task { _ = try? await SandboxEnvironment.evaluate(restore, in: sandbox) }.value
        try outcome.get()
    }

    static func write(_ files: [(path: String, contents: [UInt8])], in sandbox: Sandbox) async throws {
        for file in files {
            do {
                try await sandbox.write(file.path, file.contents)
            } catch let error as SandboxError where error.code == .file {
                throw ProblemDetails.invalidRequest(at: JSONObject.pointer("/files", file.path), error.message)
            }
        }
    }

    /// The files with these paths, and those in the folders with these paths; what is not there is left out.
    static func files(_ paths: [String], of sandbox: Sandbox) async throws -> [(path: String, contents: [UInt8])] {
        var files: [(path: String, contents: [UInt8])] = []
        var byteCount = 0
        var rest = paths.reversed().map { (path: $0, depth: 0) }
        while let (path, depth) = rest.popLast() {
            if let entries = try? await sandbox.list(path) {
                guard depth < maxFolderDepth else { continue }
                let names = entries.filter { $0.kind == .file || $0.kind == .directory }.map(\.name).sorted(by: >)
                rest += names.map { (path: "\(path)/\($0)", depth: depth + 1) }
                continue
            }
            guard !files.contains(where: { $0.path == path }) else { continue }
            do {
                let contents = try await sandbox.read(path, maxBytes: maxReturnedBytes - byteCount)
                byteCount += contents.count
                files.append((path, contents))
            } catch let error as SandboxError where error.code == .file {
                continue
            }
            guard files.count < maxReturnedFiles else { break }
        }
        return files
    }
}
