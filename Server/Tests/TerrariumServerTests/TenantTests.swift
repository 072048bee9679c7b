// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import HTTPTypes
import Terrarium
import Testing

@testable import TerrariumServer

/// Tokens and quotas of tenants.
@Suite(.timeLimit(.minutes(2)))
struct TenantTests {
    private static let acme = Tenant(name: "acme")

    /// The limit that a check says is used up, with the seconds to wait.
    private func refusal(_ table: QuotaTable, _ tenant: Tenant, at now: ContinuousClock.Instant) -> (String, Int)? {
        do {
            try table.check(tenant, counts: true, now: now)
            return nil
        } catch let problem as ProblemDetails {
            let limit = problem.members.first { $0.name == "limit" }?.value.string
            return (limit ?? "", problem.retryAfter ?? 0)
        } catch {
            return ("\(error)", 0)
        }
    }

    @Test("Requests beyond those of a minute are refused, and come back evenly")
    func requests() {
        var quota = TenantQuota()
        quota.requestsPerMinute = 6
        let table = QuotaTable([Self.acme: quota])
        let start = ContinuousClock.now
        for _ in 0..<6 { #expect(refusal(table, Self.acme, at: start) == nil) }
        #expect(refusal(table, Self.acme, at: start)! == ("requests_per_minute", 10))
        #expect(refusal(table, Self.acme, at: start + .seconds(9))! == ("requests_per_minute", 1))
        #expect(refusal(table, Self.acme, at: start + .seconds(10)) == nil)
        #expect(refusal(table, Self.acme, at: start + .seconds(10)) != nil)
        // No more than a minute's worth comes back, however long nothing was asked.
        for _ in 0..<6 { #expect(refusal(table, Self.acme, at: start + .seconds(10_000)) == nil) }
        #expect(refusal(table, Self.acme, at: start + .seconds(10_000)) != nil)
        #expect(refusal(table, Tenant(name: "other"), at: start) == nil)
    }

    @Test("Seconds of sandboxes are charged, and a debt is paid back first")
    func seconds() {
        var quota = TenantQuota()
        quota.secondsPerHour = 360
        let table = QuotaTable([Self.acme: quota])
        let start = ContinuousClock.now
        #expect(refusal(table, Self.acme, at: start) == nil)
        table.charge(Self.acme, .seconds(370))
        #expect(refusal(table, Self.acme, at: start)! == ("seconds_per_hour", 110))
        #expect(refusal(table, Self.acme, at: start + .seconds(99)) != nil)
        #expect(refusal(table, Self.acme, at: start + .seconds(101)) == nil)
    }

    @Test("A quota of nothing refuses all, and one that is used up is a problem with a time")
    func problems() async throws {
        try await TestServer.with {
            $0.quotas[.local] = TenantQuota(requestsPerMinute: 3, sessions: 1)
        } _: { server in
            let id = try await server.makeSession()
            let full = try await server.send("POST", "/v1/sessions", json: [:])
            #expect(full.status == 429 && full.json["limit"] == "sessions" && full.json["allowed"] == 1)
            for _ in 0..<3 { #expect(try await server.run("1").status == 200) }
            let refused = try await server.run("1")
            #expect(refused.status == 429 && refused.problem == "quota")
            #expect(refused.json["limit"] == "requests_per_minute" && refused.json["allowed"] == 3)
            #expect(refused.headers["retry-after"].flatMap(Int.init) ?? 0 > 0)
            // A run in a session is refused before it has a number.
            #expect(try await server.run("1", in: id).status == 429)
            #expect(try await server.send("GET", "/v1/sessions/\(id)").json["run"] == 0)
        }
        let nothing = QuotaTable([Self.acme: TenantQuota(requestsPerMinute: 0)])
        #expect(refusal(nothing, Self.acme, at: .now)! == ("requests_per_minute", 60))
    }

    /// Reads a file with a text.
    private func settings(_ text: String) throws -> ServeConfiguration {
        let file = FileManager.default.temporaryDirectory.appending(path: "terrarium-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        var settings = ServeConfiguration()
        try TenantFile.read(file.path, into: &settings)
        return settings
    }

    @Test("A new token's line lets its tenant in, and has nothing of the token")
    func hashes() throws {
        let (token, line) = TenantFile.newEntry(for: Self.acme)
        #expect(token.hasPrefix("tr_acme_") && token.utf8.count == 8 + 64)
        #expect(!line.contains(token) && line.utf8.count == "acme sha256:".utf8.count + 64)
        #expect(TenantFile.newEntry(for: Self.acme).token != token)
        let settings = try settings(
            "\(line) sessions=5 requests-per-minute=60\nother plain-token-0123456789 stored=3\n"
        )
        #expect(try settings.tokens.tenant([.authorization: "Bearer \(token)"]) == Self.acme)
        #expect(try settings.tokens.tenant([.authorization: "Bearer plain-token-0123456789"]).name == "other")
        // The hash is no token.
        let hash = String(line.split(separator: ":")[1])
        #expect(throws: ProblemDetails.self) { try settings.tokens.tenant([.authorization: "Bearer \(hash)"]) }
        #expect(settings.quotas[Self.acme] == TenantQuota(requestsPerMinute: 60, sessions: 5))
        #expect(settings.quotas[Tenant(name: "other")]?.storedBytes == 3 << 20)
    }

    @Test(
        "Lines that cannot be are refused by their number, and nothing of them is in the message",
        arguments: [
            "acme", "a/b token-token-token-1", "acme secret", "acme sha256:secret", "acme token-token-token-1 secret=1",
            "acme token-token-token-1 sessions=secret", "acme token-token-token-1 sessions=-1",
        ]
    )
    func malformedLines(line: String) {
        let error = #expect(throws: ServeConfiguration.Invalid.self) { try settings("# remark\n\(line)\n") }
        #expect(error?.description.contains("line 2") == true)
        #expect(error?.description.contains("secret") == false && error?.description.contains("token-token") == false)
    }

    @Test("--new-token prints a token and its line")
    func newToken() async throws {
        let end = try await ServerProcess.run(["--new-token", "acme"])
        let lines = end.log.split(separator: "\n")
        #expect(end.code == 0 && lines.count == 4)
        #expect(lines[1].hasPrefix("tr_acme_") && lines[3].hasPrefix("acme sha256:"))
        #expect(try await ServerProcess.run(["--new-token", "a b"]).code > 0)
    }
}
