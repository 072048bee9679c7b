// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import GRDB

/// The sessions in a database, so that they outlive the process: what each is, and its states after the last runs.
final class SessionStore: Sendable {
    /// A session as it is stored.
    struct Record: Sendable {
        var id: String
        var tenant: String
        var serial: Int
        /// The identity of the image that its states belong to.
        var image: String
        var createdAt: Double
        /// JSON text of what the session was made with.
        var settings: Data
        /// The number of the run after which the last state is.
        var lastRun: Int
        /// JSON text of the program that waits for its client; `nil` if there is none.
        var suspension: Data?
        /// The bytes of all its states, as they were loaded.
        var storedBytes = 0
    }

    /// A database that cannot be used, with a sentence for the operator.
    struct Failure: Error, CustomStringConvertible { let description: String }

    private let database: DatabaseQueue

    /// The bytes that all states of a session may take together; its present one is always kept.
    private static let maxStateBytes = 64 << 20

    /// Opens a database, which is made if it is not there.
    ///
    /// - Parameter path: The database's file; in memory only if `nil`.
    /// - Throws: ``Failure`` if it cannot be used, because another server does for instance.
    init(path: String?) throws {
        var configuration = Configuration()
        configuration.label = "terrarium.sessions"
        configuration.prepareDatabase { database in
            // One server alone: two would not know of each other's runs.
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        do {
            if let path {
                try Self.prepare(path)
                database = try DatabaseQueue(path: path, configuration: configuration)
            } else {
                database = try DatabaseQueue(configuration: configuration)
            }
            try Self.migrator.migrate(database)
        } catch {
            throw Failure(
                description: "The sessions in \(path ?? "memory") cannot be used; does another server use them?"
            )
        }
    }

    /// Makes the folder and the file, which only their owner may read: they have the data of all tenants.
    private static func prepare(_ path: String) throws {
        let files = FileManager.default
        let folder = URL(filePath: path).deletingLastPathComponent()
        try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if !files.fileExists(atPath: path) {
            guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw Failure(description: path)
            }
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE session (
                        id TEXT PRIMARY KEY NOT NULL, tenant TEXT NOT NULL, serial INTEGER NOT NULL, image TEXT NOT NULL,
                        created_at REAL NOT NULL, settings BLOB NOT NULL, last_run INTEGER NOT NULL, suspension BLOB
                    ) WITHOUT ROWID;
                    CREATE TABLE state (
                        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                        run INTEGER NOT NULL, snapshot BLOB NOT NULL, UNIQUE (session, run)
                    );
                    """
            )
        }
        return migrator
    }

    // MARK: - Sessions

    /// All sessions.
    func records() async throws -> [Record] {
        try await database.read { database in
            let sql = """
                SELECT *, (SELECT SUM(length(snapshot)) FROM state WHERE state.session = session.id) AS bytes
                FROM session ORDER BY serial
                """
            return try Row.fetchAll(database, sql: sql).map { row in
                Record(
                    id: row["id"],
                    tenant: row["tenant"],
                    serial: row["serial"],
                    image: row["image"],
                    createdAt: row["created_at"],
                    settings: row["settings"],
                    lastRun: row["last_run"],
                    suspension: row["suspension"],
                    storedBytes: row["bytes"] ?? 0
                )
            }
        }
    }

    /// Stores a session with its present state, and forgets states of runs that were taken back, are long ago, or take too
    /// many bytes together.
    ///
    /// - Parameters:
    ///   - record: The session.
    ///   - snapshot: Its state after its last run.
    ///   - original: The session that it is a copy of, whose earlier states become its own.
    ///   - keptRuns: The number of earlier states that are kept.
    /// - Returns: The bytes of all states of the session that are kept.
    /// - Throws: The errors of the database.
    func save(
        _ record: Record,
        snapshot: [UInt8],
        copying original: String? = nil,
        keptRuns: Int
    ) async throws -> Int {
        try await database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO session (id, tenant, serial, image, created_at, settings, last_run, suspension)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, suspension = excluded.suspension
                    """,
                arguments: [
                    record.id, record.tenant, record.serial, record.image, record.createdAt, record.settings,
                    record.lastRun, record.suspension,
                ]
            )
            if let original {
                let sql = "INSERT INTO state SELECT ?, run, snapshot FROM state WHERE session = ? AND run < ?"
                try database.execute(sql: sql, arguments: [record.id, original, record.lastRun])
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO state (session, run, snapshot) VALUES (?, ?, ?)",
                arguments: [record.id, record.lastRun, Data(snapshot)]
            )
            return try Self.prune(record, keptRuns: keptRuns, in: database)
        }
    }

    /// Forgets states.
    ///
    /// - Returns: The bytes of those that are kept.
    private static func prune(_ record: Record, keptRuns: Int, in database: Database) throws -> Int {
        var oldest = record.lastRun
        var kept = 0
        let sql = "SELECT run, length(snapshot) AS bytes FROM state WHERE session = ? AND run <= ? ORDER BY run DESC"
        for row in try Row.fetchAll(database, sql: sql, arguments: [record.id, record.lastRun]) {
            let (run, bytes): (Int, Int) = (row["run"], row["bytes"])
            guard run == record.lastRun || run >= record.lastRun - keptRuns && kept + bytes <= maxStateBytes else {
                break
            }
            kept += bytes
            oldest = run
        }
        try database.execute(
            sql: "DELETE FROM state WHERE session = ? AND (run > ? OR run < ?)",
            arguments: [record.id, record.lastRun, oldest]
        )
        return kept
    }

    /// Stores other settings of a session that is there.
    func saveSettings(_ settings: Data, of session: String) async throws {
        try await database.write { database in
            let sql = "UPDATE session SET settings = ? WHERE id = ?"
            try database.execute(sql: sql, arguments: [settings, session])
        }
    }

    /// Loads the state of a session after a run, or after the last one before it whose state is kept.
    ///
    /// - Returns: The run and the state; `nil` if there is none.
    func snapshot(of session: String, after run: Int) async throws -> (run: Int, bytes: [UInt8])? {
        try await database.read { database in
            let sql = "SELECT run, snapshot FROM state WHERE session = ? AND run <= ? ORDER BY run DESC LIMIT 1"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [session, run]) else { return nil }
            let bytes: Data = row["snapshot"]
            return (row["run"], Array(bytes))
        }
    }

    func remove(_ session: String) async throws {
        try await database.write { try $0.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [session]) }
    }
}
