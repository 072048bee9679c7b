// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumBindgen

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The file of `terrarium virt --config`: a JSON object whose keys are the long names of the options.
struct VirtualizationFile: Decodable {
    private let options: [(name: String, value: Value)]
    private let file: String

    /// A value of the file; an option takes one kind of them.
    private enum Value: Decodable {
        case flag(Bool)
        case text(String)
        case list([String])
        case texts([String: String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([String].self) {
                self = .list(list)
            } else {
                self = .texts(try container.decode([String: String].self))
            }
        }
    }

    private static let fileKey = CodingUserInfoKey(rawValue: "file")

    /// - Throws: `CommandFailure` with the file and the place of a mistake.
    init(contentsOf file: String) throws {
        let decoder = JSONDecoder()
        if let key = Self.fileKey { decoder.userInfo[key] = file }
        do {
            self = try decoder.decode(VirtualizationFile.self, from: Data(try WITInput.contents(of: file)))
        } catch let error as DecodingError {
            throw CommandFailure.usage("\(file): \(Self.sentence(for: error))")
        }
    }

    init(from decoder: any Decoder) throws {
        file = Self.fileKey.flatMap { decoder.userInfo[$0] as? String } ?? ""
        let values = try decoder.singleValueContainer().decode([String: Value].self)
        options = values.map { (name: $0.key, value: $0.value) }
    }

    private static func sentence(for error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            let place = context.underlyingError.map { ": \($0)" } ?? ""
            return "The file is not JSON\(place)."
        case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context):
            guard let key = context.codingPath.first?.stringValue else { return "The file is not a JSON object." }
            return "The option \(key) takes true or false, a string, an array of strings or an object of strings."
        @unknown default: return "The file is not JSON."
        }
    }

    /// Changes a plan as the file says; folders and files are those of the current folder, as on the command line.
    func apply(to plan: inout VirtualizationPlan) throws {
        let general = ["deny-all", "allow-all", "stdio"]
        let sorted = options.sorted { first, second in
            (general.firstIndex(of: first.name) ?? general.count, first.name)
                < (general.firstIndex(of: second.name) ?? general.count, second.name)
        }
        for (name, value) in sorted { try set(name, to: value, in: &plan) }
    }

    private func set(_ key: String, to value: Value, in plan: inout VirtualizationPlan) throws {
        switch key {
        case "deny-all": if try flag(value, key) { plan.denyAll() }
        case "allow-all": if try flag(value, key) { plan.allowAll() }
        case "writable": plan.isWritable = try flag(value, key)
        case "mount":
            for (host, path) in try texts(value, key).sorted(by: { $0.key < $1.key }) { try plan.mount(host, at: path) }
        case "preopen": plan.preopens.merge(try texts(value, key)) { $1 }
        case "env": plan.environment.merge(try texts(value, key)) { $1 }
        case "inherit-env": try list(value, key).forEach { plan.inherit($0) }
        case "arg": plan.arguments += try list(value, key)
        case "stdio": try plan.setStandardStreams(text(value, key))
        case "stdin": plan.setStandardInput(try text(value, key))
        case "stdout": plan.standardOutput = try VirtualizationPlan.stream(text(value, key), key)
        case "stderr": plan.standardError = try VirtualizationPlan.stream(text(value, key), key)
        case "clock": plan.clock = try VirtualizationPlan.clock(text(value, key))
        case "random": plan.randomness = try VirtualizationPlan.randomness(text(value, key))
        case "exit": plan.exit = try VirtualizationPlan.access(text(value, key), key)
        case "http": plan.http = try VirtualizationPlan.access(text(value, key), key)
        case "sockets": plan.sockets = try VirtualizationPlan.access(text(value, key), key)
        default: throw CommandFailure.usage("\(file): There is no option \(key).")
        }
    }

    private func text(_ value: Value, _ key: String) throws -> String {
        guard case .text(let text) = value else { throw wrong(key, "a string") }
        return text
    }

    private func flag(_ value: Value, _ key: String) throws -> Bool {
        guard case .flag(let flag) = value else { throw wrong(key, "true or false") }
        return flag
    }

    private func list(_ value: Value, _ key: String) throws -> [String] {
        guard case .list(let values) = value else { throw wrong(key, "an array of strings") }
        return values
    }

    private func texts(_ value: Value, _ key: String) throws -> [String: String] {
        guard case .texts(let texts) = value else { throw wrong(key, "an object of strings") }
        return texts
    }

    private func wrong(_ key: String, _ type: String) -> CommandFailure {
        .usage("\(file): The option \(key) takes \(type).")
    }
}
