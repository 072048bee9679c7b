// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel
@testable import WASIVirtualization

/// Wrapping by composition: ``Component/virtualized(_:)`` of what cannot be linked.
struct ComposeTests {
    /// Functions that return resources in many places, and take those of others.
    private static let text = """
        (component
          (import "wasi:example/base@0.2.1" (instance $base (export "token" (type (sub resource)))))
          (alias export $base "token" (type $token))
          (import "wasi:example/things@0.2.1" (instance $things
            (export "token" (type $t (eq $token)))
            (export "thing" (type $thing (sub resource)))
            (type $code' (enum "unknown" "access-denied"))
            (export "code" (type $code (eq $code')))
            (type $pair' (record (field "thing" (own $thing)) (field "name" string)))
            (export "pair" (type $pair (eq $pair')))
            (export "all" (func (result (list (tuple (own $thing) string)))))
            (export "one" (func (param "t" (borrow $t)) (result (result (own $thing) (error $code)))))
            (export "maybe" (func (result (option $pair))))
            (export "give" (func (param "t" (own $t)) (param "n" u64)))
            (export "[constructor]thing" (func (result (own $thing))))
            (export "[method]thing.name" (func (param "self" (borrow $thing)) (result string)))))
          (alias export $things "thing" (type $thing))
          (core func $new (canon lower (func $things "[constructor]thing")))
          (core func $drop (canon resource.drop $thing))
          (core module $memory (memory 1))
          (core module $m
            (import "" "new" (func $new (result i32)))
            (import "" "drop" (func $drop (param i32)))
            (memory 1)
            (func (export "run") (call $drop (call $new))))
          (core instance (instantiate $memory))
          (core instance $i (instantiate $m (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
          (func (export "run") (canon lift (core func $i "run"))))
        """

    /// Nothing of the host's, so that nothing of WASI is imported unless it is kept.
    private static let alone = GuestConfiguration(clock: .virtual(start: 0), randomness: .seeded(1))

    private func binary() async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let file = try await HostTools.assemble(Self.text, name: "component", in: folder)
        return [UInt8](try Data(contentsOf: file))
    }

    private func validate(_ component: Component) async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "composed.wasm")
        try Data(component.encoded()).write(to: file)
        try await HostTools.run("wasm-tools", ["validate", "--features", "all", file.path], in: folder.url)
    }

    @Test("Resources in lists, options, records and results pass through a provider")
    func resources() async throws {
        let component = try Component(decoding: try await binary())
        let result = try component.virtualized(Virtualization(configuration: Self.alone, grants: WASIGrants()))
        #expect(result.report.compositionReason?.contains("2 memories") == true)
        #expect(result.report.remainingImports.isEmpty)
        #expect(result.report.refused.contains("wasi:example/things#all"))
        try await validate(result.component)

        // The resources of an interface that is kept pass through it.
        let kept = try component.virtualized(
            Virtualization(configuration: Self.alone, keptImports: ["wasi:example/base"], grants: WASIGrants())
        )
        #expect(kept.report.remainingImports == ["wasi:example/base@0.2.1"])
        try await validate(kept.component)
    }

    @Test("Without grants, or where only a part of what belongs together is kept, an error says why")
    func refusals() async throws {
        let component = try Component(decoding: try await binary())
        let ungranted = #expect(throws: ComponentsError.self) { try component.virtualized(Virtualization()) }
        #expect(ungranted?.code == .notLinkable)
        let shared = #expect(throws: ComponentsError.self) {
            try component.virtualized(Virtualization(keptImports: ["wasi:example/things"], grants: WASIGrants()))
        }
        #expect(shared?.message.contains("types of wasi:example/base@0.2.1") == true, "\(shared?.message ?? "")")
    }

    @Test("Changed bytes are errors or components, never crashes", .timeLimit(.minutes(5)))
    func hostileInput() async throws {
        let original = try await binary()
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        func random(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        var composed = 0
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0...random(2) { bytes[8 + random(bytes.count - 8)] = UInt8(random(256)) }
            do throws(ComponentsError) {
                let component = try Component(decoding: bytes)
                _ = try component.virtualized(Virtualization(grants: WASIGrants()))
                composed += 1
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(composed > 0)
    }
}
