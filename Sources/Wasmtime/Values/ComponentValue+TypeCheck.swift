// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension FunctionType {
    /// Compares arguments with the parameters.
    ///
    /// The engine does so too, but while it writes them into the guest's memory: after a mismatch the instance can no longer
    /// be entered. A mistake of the host must not cost the guest its life.
    func check(_ arguments: [ComponentValue]) throws(WasmtimeError) {
        guard arguments.count == parameters.count else {
            throw WasmtimeError(
                .typeMismatch,
                "the function takes \(parameters.count) arguments, and was given \(arguments.count)"
            )
        }
        for index in parameters.indices where !arguments[index].matches(parameters[index].type) {
            let parameter = parameters[index]
            throw WasmtimeError(
                .typeMismatch,
                "the argument \"\(parameter.name)\" is not a value of the type \(parameter.type)"
            )
        }
    }
}

extension ComponentValue {
    /// Returns whether the engine will take the value where the type is declared.
    ///
    /// The recursion ends: types are finite.
    func matches(_ type: ValueType) -> Bool {
        switch (self, type) {
        case (.bool, .bool), (.s8, .s8), (.u8, .u8), (.s16, .s16), (.u16, .u16), (.s32, .s32), (.u32, .u32): true
        case (.s64, .s64), (.u64, .u64), (.f32, .f32), (.f64, .f64), (.char, .char), (.string, .string): true
        case (.list(let elements), .list(let type)): elements.allMatch { _ in type }
        case (.tuple(let elements), .tuple(let types)):
            elements.count == types.count && elements.allMatch { types[$0] }
        case (.record(let fields), .record(let types)):
            fields.map(\.name) == types.map(\.name) && fields.map(\.value).allMatch { types[$0].type }
        case (.map(let entries), .map(let key, let value)):
            entries.map(\.key).allMatch { _ in key } && entries.map(\.value).allMatch { _ in value }
        case (.variant(let name, let payload), .variant(let cases)):
            if let type = cases.first(where: { $0.name == name }) {
                Self.payload(payload, matches: type.payload)
            } else {
                false
            }
        case (.enumeration(let name), .enumeration(let names)): names.contains(name)
        case (.flags(let set), .flags(let names)): set.allSatisfy(names.contains)
        case (.option(let payload), .option(let type)): payload.map { $0.matches(type) } ?? true
        case (.ok(let payload), .result(let type, _)): Self.payload(payload, matches: type)
        case (.error(let payload), .result(_, let type)): Self.payload(payload, matches: type)
        case (.resource(let resource), .own): resource.isOwned
        case (.resource, .borrow): true
        default: false
        }
    }

    private static func payload(_ value: ComponentValue?, matches type: ValueType?) -> Bool {
        switch (value, type) {
        case (nil, nil): true
        case (let value?, let type?): value.matches(type)
        default: false
        }
    }
}

extension [ComponentValue] {
    fileprivate func allMatch(_ type: (Int) -> ValueType) -> Bool {
        indices.allSatisfy { self[$0].matches(type($0)) }
    }
}
