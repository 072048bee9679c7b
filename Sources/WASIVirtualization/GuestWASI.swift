// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentLinking
package import ComponentModel

/// The interfaces of virtualized components, by name; `Guest/WASI/ABI.md` says what the functions do.
package enum GuestWASI {
    /// The name of the interface that a virtualized component imports.
    package static let hostInterface = "terrarium:sandbox/host"
    /// The name of the interface that a virtualized component exports for its host.
    package static let controlInterface = "terrarium:sandbox/control"

    /// A function of one of the interfaces.
    package struct Function: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Its parameters.
        package var parameters: [Component.ScalarParameter]
        /// The type of its result.
        package var result: Component.PrimitiveType?

        fileprivate init(
            _ name: String,
            _ parameters: [Component.ScalarParameter],
            _ result: Component.PrimitiveType? = nil
        ) {
            self.name = name
            self.parameters = parameters
            self.result = result
        }
    }

    /// The functions of ``hostInterface``.
    package static let hostFunctions: [Function] = [
        Function("output", [u32("stream")] + bytes("address"), .u32),
        Function("input", [u32("address"), u32("capacity")], .u32),
        Function("clock", [u32("id")], .u64),
        Function("random-u64", [], .u64),
        Function("random-bytes", bytes("address")),
        Function("sleep", [u64("nanoseconds")], .u32),
        Function("exit", [u32("code")]),
    ]

    /// The functions of ``controlInterface``.
    package static let controlFunctions: [Function] = [
        Function("allocate", [u32("size")], .u32),
        Function("free", [u32("address")]),
        Function("configure", bytes("address"), .u32),
        Function("reseed", [u64("seed")]),
        Function("usage", [u32("target")], .u32),
        Function("file-status", path() + [u32("follow-links"), u32("target")], .u32),
        Function("locate-contents", path() + [u64("offset"), u32("target")], .u32),
        Function("read-link", path() + buffer() + [u32("target")], .u32),
        Function("list-directory", path() + [u64("after")] + buffer() + [u32("target")], .u32),
        Function("write-file", path() + [u32("flags"), u64("offset")] + bytes("address"), .u32),
        Function("resize-file", path() + [u64("size")], .u32),
        Function("make-directory", path() + [u32("with-parents")], .u32),
        Function("remove", path() + [u32("recursively")], .u32),
        Function("rename", path() + path("new-path"), .u32),
        Function("make-symbolic-link", path("link-target") + path(), .u32),
        Function("set-modified", path() + [u64("nanoseconds")], .u32),
    ]

    private static func u32(_ name: String) -> Component.ScalarParameter { .init(name, .u32) }

    private static func u64(_ name: String) -> Component.ScalarParameter { .init(name, .u64) }

    private static func path(_ name: String = "path") -> [Component.ScalarParameter] {
        [u32(name), u32("\(name)-length")]
    }

    private static func buffer() -> [Component.ScalarParameter] { [u32("buffer"), u32("capacity")] }

    private static func bytes(_ name: String) -> [Component.ScalarParameter] { [u32(name), u32("length")] }
}

extension GuestWASIModule {
    /// The module's binary.
    static func binary() -> [UInt8] { decoded(base64) }

    /// The bytes of a module that is kept as text.
    static func decoded(_ base64: StaticString) -> [UInt8] {
        base64.withUTF8Buffer { text in
            var result: [UInt8] = []
            result.reserveCapacity(text.count / 4 * 3)
            var bits: UInt32 = 0
            var count = 0
            for character in text {
                guard let value = value(of: character) else { continue }
                bits = bits << 6 | value
                count += 6
                guard count >= 8 else { continue }
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
            return result
        }
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
