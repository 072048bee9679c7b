// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// `wasi:filesystem/types.error-code`; raw values are the case numbers of the WIT enum.
///
/// https://github.com/WebAssembly/wasi-filesystem/blob/main/wit/types.wit
enum ErrorCode: UInt8, Error {
    case access = 0
    case wouldBlock = 1
    case badDescriptor = 3
    case busy = 4
    case quota = 6
    case exists = 7
    case fileTooLarge = 8
    case illegalByteSequence = 9
    case invalid = 12
    case io = 13
    case isDirectory = 14
    case loop = 15
    case tooManyLinks = 16
    case nameTooLong = 18
    case noEntry = 20
    case insufficientMemory = 22
    case insufficientSpace = 23
    case notDirectory = 24
    case notEmpty = 25
    case unsupported = 27
    case overflow = 30
    case notPermitted = 31
    case pipe = 32
    case readOnly = 33
    case invalidSeek = 34
    case crossDevice = 36
}
