// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumBindgen

/// The file of `terrarium virt --config`.
struct VirtualizationFile {
    private let name: String
    private let table: [String: TOMLValue]

    init(contentsOf file: String) throws {
        name = file
        guard let text = String(validating: try WITInput.contents(of: file), as: UTF8.self) else {
            throw CommandFailure.usage("\(file) is not UTF-8 text.")
        }
        do {
            table = try TOMLParser.parse(text)
        } catch {
            throw CommandFailure.usage("\(file):\(error.line): \(error.message).")
        }
    }

    /// Changes a plan as the file says; folders and files are those of the current folder, as on the command line.
    func apply(to plan: inout VirtualizationPlan) throws {
        let general = ["deny-all", "allow-all", "stdio"]
        for key in general where table[key] != nil { try set(key, &plan) }
        for key in table.keys.sorted() where !general.contains(key) { try set(key, &plan) }
    }

    private func set(_ key: String, _ plan: inout VirtualizationPlan) throws {
        guard let value = table[key] else { return }
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
        default: throw CommandFailure.usage("\(name): there is no option \(key).")
        }
    }

    private func text(_ value: TOMLValue, _ key: String) throws -> String {
        guard case .string(let text) = value else { throw wrong(key, "a string") }
        return text
    }

    private func flag(_ value: TOMLValue, _ key: String) throws -> Bool {
        guard case .boolean(let flag) = value else { throw wrong(key, "true or false") }
        return flag
    }

    private func list(_ value: TOMLValue, _ key: String) throws -> [String] {
        guard case .array(let values) = value else { throw wrong(key, "an array of strings") }
        return try values.map { try text($0, key) }
    }

    private func texts(_ value: TOMLValue, _ key: String) throws -> [String: String] {
        guard case .table(let table) = value else { throw wrong(key, "a table of strings") }
        return try table.mapValues { try text($0, key) }
    }

    private func wrong(_ key: String, _ type: String) -> CommandFailure {
        .usage("\(name): the option \(key) takes \(type).")
    }
}
