// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// Writes the C by which the host calls a guest and is called: a function for each export and import, and lists of them.
struct GuestFunctionsWriter {
    /// The text, which `guest-runtime.c` includes.
    private(set) var text = ""

    /// The numbers and names that it begins with.
    private(set) var header = ""

    init(_ guest: NativeModule, description: String) {
        header = """
            #define DESCRIPTION "\(Self.escaped(description))"
            #define EXPORT_COUNT \(guest.exports.count)
            #define IMPORT_COUNT \(guest.imports.count)
            #define REALLOC_EXPORT \(guest.realloc ?? -1)
            #define TABLE_ENTRIES \(max(1, guest.tableElementCount))

            """
        for (number, item) in guest.imports.enumerated() { addImport(number, item.type) }
        for (number, item) in guest.exports.enumerated() { addExport(number, item.type) }
        line("static const terrarium_native_function imports[] = {")
        for item in guest.imports {
            let name = [item.interface, item.name].compactMap(\.self).joined(separator: "/")
            line("    {\"\(Self.escaped(name))\", \"\(Self.letters(item.type))\", 0, -1},")
        }
        // C has no empty arrays.
        line("    {0},\n};")
        line("static const terrarium_native_function exports[] = {")
        for (number, item) in guest.exports.enumerated() {
            let name = Self.escaped(item.path.joined(separator: "/"))
            line("    {\"\(name)\", \"\(Self.letters(item.type))\", call_e\(number), \(item.postReturn ?? -1)},")
        }
        line("    {0},\n};")
        let hasImports = !guest.imports.isEmpty
        line("static void set_import_instance(w2c_mod *module) {")
        if hasImports { line("    module->w2c_h_instance = (struct w2c_h *)module;") }
        line("}")
        line("static void instantiate_template(w2c_mod *module) {")
        line("    wasm2c_mod_instantiate(module\(hasImports ? ", 0" : ""));")
        line("}")
    }

    private mutating func line(_ text: String) {
        self.text += text + "\n"
    }

    private mutating func addImport(_ number: Int, _ type: CoreFunctionType) {
        let parameters = type.parameters.enumerated().map { ", \(Self.name($1)) p\($0)" }.joined()
        line("\(type.results.first.map(Self.name) ?? "void") w2c_h_i\(number)(struct w2c_h *module\(parameters)) {")
        let arguments = type.parameters.enumerated().map { Self.toBits("p\($0)", $1) }
        line("    uint64_t values[\(max(1, type.parameters.count))] = {\(arguments.joined(separator: ", "))};")
        line("    call_host(module, \(number), values);")
        if let result = type.results.first { line("    return \(Self.fromBits("values[0]", result));") }
        line("}")
    }

    private mutating func addExport(_ number: Int, _ type: CoreFunctionType) {
        line("static void call_e\(number)(void *storage, uint64_t *values) {")
        let arguments = type.parameters.enumerated().map { ", \(Self.fromBits("values[\($0)]", $1))" }.joined()
        let call = "w2c_mod_e\(number)(&((instance *)storage)->module\(arguments))"
        line("    \(type.results.first.map { "values[0] = \(Self.toBits(call, $0))" } ?? call);")
        line("}")
    }

    private static func name(_ type: CoreValueType) -> String {
        switch type {
        case .i64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        default: "u32"
        }
    }

    private static func toBits(_ value: String, _ type: CoreValueType) -> String {
        switch type {
        case .f32: "bits_of_f32(\(value))"
        case .f64: "bits_of_f64(\(value))"
        default: value
        }
    }

    private static func fromBits(_ value: String, _ type: CoreValueType) -> String {
        switch type {
        case .i64: value
        case .f32: "f32_of_bits(\(value))"
        case .f64: "f64_of_bits(\(value))"
        default: "(u32)\(value)"
        }
    }

    private static func letters(_ type: CoreFunctionType) -> String {
        func letter(_ type: CoreValueType) -> String {
            switch type {
            case .i64: "l"
            case .f32: "f"
            case .f64: "d"
            default: "i"
            }
        }
        return type.parameters.map(letter).joined() + ":" + type.results.map(letter).joined()
    }

    /// The text in quotes; names come from the guest, which is no stranger's, but this costs nothing.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.isASCII && scalar.value >= 32 && scalar != "\"" && scalar != "\\" && scalar != "?"
                ? "\(scalar)" : "_"
        }.joined()
    }
}
