// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A type where it is used: of a field, a parameter, a result.
package indirect enum WITType: Hashable, Sendable {
    /// A type without parameters.
    case primitive(WITPrimitiveType)
    /// A type with a name, which is no resource.
    case named(WITTypeID)
    /// A handle that owns a resource.
    case own(WITTypeID)
    /// A handle that borrows a resource for the time of a call.
    case borrow(WITTypeID)
    /// Any number of elements.
    case list(WITType)
    /// A fixed number of elements.
    case fixedLengthList(WITType, length: UInt32)
    /// Keys and their values.
    case map(key: WITType, value: WITType)
    /// A fixed sequence of values of different types.
    case tuple([WITType])
    /// A value or none.
    case option(WITType)
    /// A success or a failure, each with or without a value.
    case result(ok: WITType?, error: WITType?)
    /// Elements that arrive over time; without a type, only their arrival.
    case stream(WITType?)
    /// A value that arrives later; without a type, only its arrival.
    case future(WITType?)

    /// The types that this one is made of, without those behind names.
    package var components: [WITType] {
        switch self {
        case .primitive, .named, .own, .borrow: []
        case .list(let element), .fixedLengthList(let element, _), .option(let element): [element]
        case .map(let key, let value): [key, value]
        case .tuple(let elements): elements
        case .result(let ok, let error): [ok, error].compactMap(\.self)
        case .stream(let element), .future(let element): [element].compactMap(\.self)
        }
    }

    /// This type with every name in it replaced.
    func mapNames(_ transform: (WITTypeID) -> WITTypeID) -> WITType {
        switch self {
        case .primitive: self
        case .named(let id): .named(transform(id))
        case .own(let id): .own(transform(id))
        case .borrow(let id): .borrow(transform(id))
        case .list(let element): .list(element.mapNames(transform))
        case .fixedLengthList(let element, let length): .fixedLengthList(element.mapNames(transform), length: length)
        case .map(let key, let value): .map(key: key.mapNames(transform), value: value.mapNames(transform))
        case .tuple(let elements): .tuple(elements.map { $0.mapNames(transform) })
        case .option(let value): .option(value.mapNames(transform))
        case .result(let ok, let error):
            .result(ok: ok?.mapNames(transform), error: error?.mapNames(transform))
        case .stream(let element): .stream(element?.mapNames(transform))
        case .future(let value): .future(value?.mapNames(transform))
        }
    }
}
