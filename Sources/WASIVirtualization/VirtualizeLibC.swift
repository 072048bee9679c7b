// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

// Mends what wasi-libc loses of the answers of WASI. Where the guest has wasi-libc as a library, whose functions can be
// found by name, the functions concerned are wrapped; elsewhere nothing changes.
extension LinkedModule {
    /// Makes `write` report why a write to a stream failed.
    ///
    /// wasi-libc turns every such error into `EIO`, so that a full disk would look like a broken one.
    mutating func mendWriteErrno(_ takeErrno: UInt32?) {
        let locationType = CoreFunctionType(results: [.i32])
        guard let takeErrno,
            let (write, location) = libraryFunctions("write", "__errno_location"),
            functionType(location) == locationType
        else { return }
        let type = CoreFunctionType(parameters: [.i32, .i32, .i32], results: [.i32])
        wrap(write, type, take: takeErrno, local: 0x7f) { writer in
            // If the result is -1 and there is a reason: *__errno_location() = reason.
            writer.constant(.i32(-1))
            writer.opcode(.i32Eq)
            writer.opcode(.if)
            writer.byte(0x40)
            writer.opcode(.call)
            writer.u32(takeErrno)
            writer.opcode(.localTee)
            writer.u32(4)
            writer.opcode(.if)
            writer.byte(0x40)
            writer.opcode(.call)
            writer.u32(location)
            writer.opcode(.localGet)
            writer.u32(4)
            writer.opcode(.i32Store)
            writer.u32(2)
            writer.u32(0)
            writer.opcode(.end)
            writer.opcode(.end)
        }
    }

    /// Makes `stat` give the inode number of what a symbolic link leads to.
    ///
    /// wasi-libc takes that of the link itself, so that a file and a link to it would seem to be different files.
    mutating func mendStatInode(_ takeInode: UInt32?) {
        guard let takeInode,
            let (status, _) = libraryFunctions("__wasilibc_nocwd_fstatat", "__errno_location")
        else { return }
        let type = CoreFunctionType(parameters: [.i32, .i32, .i32, .i32], results: [.i32])
        wrap(status, type, take: takeInode, local: 0x7e) { writer in
            // If the result is 0 and there is a number: ((struct stat *)third argument)->st_ino = number.
            writer.opcode(.i32EqualsZero)
            writer.opcode(.if)
            writer.byte(0x40)
            writer.opcode(.call)
            writer.u32(takeInode)
            writer.opcode(.localTee)
            writer.u32(5)
            writer.opcode(.i64EqualsZero)
            writer.opcode(.i32EqualsZero)
            writer.opcode(.if)
            writer.byte(0x40)
            writer.opcode(.localGet)
            writer.u32(2)
            writer.opcode(.localGet)
            writer.u32(5)
            writer.opcode(.i64Store)
            writer.u32(3)
            writer.u32(8)
            writer.opcode(.end)
            writer.opcode(.end)
        }
    }

    /// Replaces a function by one that calls it and lets `finish` look at its result.
    ///
    /// A value that `take` has kept from earlier is forgotten before the call. There are two locals behind the
    /// parameters: the result, which is also on the stack, and one of a type of choice.
    private mutating func wrap(
        _ function: UInt32,
        _ type: CoreFunctionType,
        take: UInt32,
        local: UInt8,
        finish: (inout BinaryWriter) -> Void
    ) {
        guard functionType(function) == type, case .defined(let body) = functions[Int(function)].origin else { return }
        let name = functions[Int(function)].name
        let original = addFunction(type, body: body, name: name)
        let result = type.parameters.count
        var writer = BinaryWriter()
        writer.u32(2)
        for kind: UInt8 in [0x7f, local] {
            writer.u32(1)
            writer.byte(kind)
        }
        writer.opcode(.call)
        writer.u32(take)
        writer.opcode(.drop)
        for parameter in type.parameters.indices {
            writer.opcode(.localGet)
            writer.size(parameter)
        }
        writer.opcode(.call)
        writer.u32(original)
        writer.opcode(.localTee)
        writer.size(result)
        finish(&writer)
        writer.opcode(.localGet)
        writer.size(result)
        writer.opcode(.end)
        functions[Int(function)].origin = .defined(writer.bytes[...])
        functions[Int(function)].name = name.map { "\($0), mended" }
    }

    /// Two functions of the same module; others may export functions of the same names that only pass calls on.
    private func libraryFunctions(_ first: String, _ second: String) -> (UInt32, UInt32)? {
        for symbol in symbols where symbol.kind == .function && symbol.name == second {
            let other = symbols.first {
                $0.kind == .function && $0.name == first && $0.instance == symbol.instance
            }
            if let other { return (resolved(other.index), resolved(symbol.index)) }
        }
        return nil
    }
}
