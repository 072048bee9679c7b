// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import WIT

/// Texts that are made to take long or to lead nowhere.
extension WITModelTests {
    // MARK: - Hostile input

    @Test(.timeLimit(.minutes(5))) func `chains of definitions without end are refused`() throws {
        let types = (1...20_000).map { "record r\($0) { x: r\($0 - 1) }" }.joined(separator: " ")
        #expect(throws: WITError.self) { try model("package a:b; interface i { type r0 = u8; \(types) }") }
        let interfaces = (1...10_000).map { "interface i\($0) { use i\($0 - 1).{t}; }" }.joined(separator: " ")
        #expect(throws: WITError.self) { try model("package a:b; interface i0 { type t = u8; } \(interfaces)") }
    }

    @Test(.timeLimit(.minutes(5))) func `a long text is resolved and printed in time that grows with its length`()
        throws
    {
        let count = 4_000
        let packages = (0..<count).map { "package p:n\($0) { interface i { type t = u8; } }" }
        let imports = (0..<count).map { "import p:n\($0)/i;" }
        let large = try model("package a:b; world w { \(imports.joined()) } \(packages.joined(separator: "\n"))")
        #expect(try model(large.text()) == large)
        let types = (0..<count).map { "type t\($0) = u8;" }.joined()
        let names = (0..<count).map { "t\($0)" }.joined(separator: ", ")
        let wide = try model("package a:b; interface i { \(types) } interface j { use i.{\(names)}; }")
        #expect(try model(wide.text()) == wide)
    }

    @Test(.timeLimit(.minutes(5))) func `no change of the lines of a text makes the resolver fail otherwise`() throws {
        var random = SeededGenerator(seed: 60)
        let lines = try model(WITFixture.everything.text).text(includesDocs: false).split(separator: "\n")
        let names = ["blob", "types", "a-record", "empty", "base", "plain", "thing", "resources", "kind", "u8"]
        var accepted = 0
        for _ in 0..<1_000 {
            var changed = lines.map(String.init)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed.remove(at: place)
                case 1: changed.swapAt(place, Int.random(in: 0..<changed.count, using: &random))
                case 2: changed.insert(changed.randomElement(using: &random)!, at: place)
                default:
                    var words = changed[place].split(separator: " ").map(String.init)
                    words[Int.random(in: 0..<words.count, using: &random)] = names.randomElement(using: &random)!
                    changed[place] = words.joined(separator: " ") + (words.last?.hasSuffix(";") == true ? "" : ";")
                }
            }
            do {
                let model = try model(changed.joined(separator: "\n"))
                accepted += 1
                #expect(try self.model(model.text()) == model)
            } catch let error as WITError {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(accepted > 50)
    }
}
