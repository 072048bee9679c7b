// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// The module that stands between GuestWASI and the WASI of any runtime; see `Guest/WASI/ABI.md`.
struct HostAdapter {
    private let grants: WASIGrants
    private let usesClock: Bool
    private let usesRandomness: Bool

    static let interface = "terrarium:sandbox/adapter"
    static let environmentName = "wasi:cli/environment#get-environment"
    private static let imageInterface = "terrarium:sandbox/image"
    /// The maximum size of the module's own data and stack in bytes.
    private static let staticBytes: UInt64 = 65_536

    /// The names of all interfaces that can be granted.
    static let granted = Set(WASIImports.Interface.allCases.map(\.importName))

    init(_ grants: WASIGrants, _ configuration: GuestConfiguration) {
        self.grants = grants
        usesClock = configuration.clock?.isVirtual != true
        usesRandomness = configuration.randomness?.seed == nil
    }

    /// Merges the adapter.
    ///
    /// - Parameters:
    ///   - linked: The component, with GuestWASI.
    ///   - guest: The functions of GuestWASI.
    /// - Returns: The numbers of the adapter's functions by name.
    /// - Throws: An error of the code `notLinkable` if the memory has no room.
    func add(
        to linked: inout LinkedComponent,
        guest: [String: UInt32]
    ) throws(ComponentsError) -> [String: UInt32] {
        let contents = imageContents()
        let start = try linked.core.growMemory(byBytes: Self.staticBytes + UInt64(contents.bytes.count))
        guard let base = UInt32(exactly: start), start + Self.staticBytes + UInt64(contents.bytes.count) <= 1 << 32
        else {
            throw ComponentsError(.notLinkable, "the memory has no room for the adapter to the host's WASI")
        }
        let address = base + UInt32(Self.staticBytes)
        if !contents.bytes.isEmpty {
            let mode = CoreModule.DataSegment.Mode.active(memory: 0, offset: .i32(Int32(bitPattern: address)))
            linked.core.data.append(CoreModule.DataSegment(mode: mode, bytes: contents.bytes[...]))
        }
        var module = try RelocatableModule(GuestWASIModule.decoded(HostAdapterModule.base64)).placed(at: base)
        let stackPointer = try CodeUsage(of: linked).stackPointer(linked.core.globals)
        if stackPointer != nil { module.importStackPointer() }
        let functions = try self.functions(for: module, in: &linked, contents, at: address, guest: guest)
        let merged = try linked.core.merge(module) { item throws(ComponentsError) in
            switch item.type.kind {
            case .memory: return 0
            case .global:
                if let stackPointer { return stackPointer }
            case .function:
                if let function = functions["\(item.module)#\(item.name)"] { return function }
            case .table, .tag: break
            }
            throw ComponentsError(.invalid, "the adapter imports \(item.module)#\(item.name), which nothing provides")
        }
        let exports = merged.exports.filter { $0.kind == .function }
        let result = Dictionary(exports.map { ($0.name, $0.index) }) { first, _ in first }
        guard let realloc = result["\(Self.interface)#reallocate"] else {
            throw ComponentsError(.invalid, "the adapter lacks its allocator")
        }
        linked.completeWASIImports(realloc: realloc)
        return result
    }

    // MARK: - What it imports

    /// The functions that the adapter imports, by `module#name`.
    private func functions(
        for module: CoreModule,
        in linked: inout LinkedComponent,
        _ contents: Contents,
        at address: UInt32,
        guest: [String: UInt32]
    ) throws(ComponentsError) -> [String: UInt32] {
        var functions: [String: UInt32] = [:]
        for (name, value) in constants(contents, at: address) {
            functions["\(Self.imageInterface)#\(name)"] = linked.core.addConstant(value, name: name)
        }
        functions["terrarium:sandbox/guest#guest-get-environment"] = guest[Self.environmentName]
        var imports = WASIImports()
        let types = module.types.flatMap(\.types)
        for item in module.imports {
            let key = "\(item.module)#\(item.name)"
            guard case .function(let index) = item.type, functions[key] == nil else { continue }
            if item.module == GuestWASI.controlInterface {
                functions[key] = guest[key]
            } else if let interface = WASIImports.Interface(rawValue: item.module), Int(index) < types.count,
                case .function(let type) = types[Int(index)].composite
            {
                // Names of imports are different from each other, other than those in WASI.
                let name = item.name == "wall-now" ? "now" : item.name
                functions[key] =
                    isGranted(interface)
                    ? try imports.add(name, of: interface, type, to: &linked)
                    : linked.core.addFunction(type, body: Refusals.trappingBody(), name: "refusal of \(key)")
            }
        }
        return functions
    }

    private func isGranted(_ interface: WASIImports.Interface) -> Bool {
        let allowsOutput = [grants.standardOutput, grants.standardError].contains(.allow)
        let allowsInput = grants.standardInput == .allow
        return switch interface {
        case .error, .streams: allowsInput || allowsOutput
        case .standardInput: allowsInput
        case .standardOutput: grants.standardOutput == .allow
        case .standardError: grants.standardError == .allow
        case .poll, .monotonicClock, .wallClock: usesClock
        case .random: usesRandomness
        case .exit: grants.allowsExit
        case .environment: grants.inheritedEnvironment != .variables([])
        }
    }

    // MARK: - What is part of the image

    /// Data of the adapter: standard input, then the names of variables.
    private struct Contents {
        var bytes: [UInt8]
        var namesOffset: Int
        var namesLength: UInt32
    }

    private func imageContents() -> Contents {
        var writer = LittleEndianWriter()
        writer.append(grants.standardInput.bytes)
        writer.align(to: 8)
        let offset = writer.bytes.count
        guard case .variables(let names) = grants.inheritedEnvironment else {
            return Contents(bytes: writer.bytes, namesOffset: offset, namesLength: .max)
        }
        for name in names.sorted() {
            writer.u32(UInt32(name.utf8.count))
            writer.append(Array(name.utf8))
        }
        let length = UInt32(writer.bytes.count - offset)
        return Contents(bytes: writer.bytes, namesOffset: offset, namesLength: length)
    }

    private func constants(_ contents: Contents, at address: UInt32) -> [(String, UInt32)] {
        [
            ("standard-output-policy", grants.standardOutput.policy),
            ("standard-error-policy", grants.standardError.policy),
            ("standard-input-policy", grants.standardInput.policy),
            ("standard-input-address", address),
            ("standard-input-length", UInt32(grants.standardInput.bytes.count)),
            ("inherited-names-address", address + UInt32(contents.namesOffset)),
            ("inherited-names-length", contents.namesLength),
        ]
    }
}
