// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// A reader of bytes that somebody else wrote.
///
/// Any bytes may make it throw an error; none may end the process, take long or take much memory.
protocol FuzzTarget: Sendable {
    /// Prepares what all inputs are read with.
    init() throws

    /// Reads an input.
    func read(_ bytes: [UInt8])
}

/// The targets by the names of their folders in `corpus`.
private let targets: [String: any FuzzTarget.Type] = [
    "component": ComponentTarget.self,
    "image": ImageTarget.self,
    "listing": ListingTarget.self,
    "message": MessageTarget.self,
    "snapshot": SnapshotTarget.self,
    "wave": WAVETarget.self,
    "wit": WITTarget.self,
]

/// The target that the variable `FUZZ_TARGET` names.
private let target: any FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let type = targets[name] else {
        fatalError("FUZZ_TARGET is one of \(targets.keys.sorted().joined(separator: ", ")).")
    }
    do {
        return try type.init()
    } catch {
        fatalError("\(name): \(error)")
    }
}()

/// Reads one input; libFuzzer calls it with each.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Ends the process for an answer that no input may have, so that libFuzzer keeps the input.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard !condition else { return }
    // A release build keeps no messages of preconditions.
    FileHandle.standardError.write(Data("terrarium-fuzz: \(message())\n".utf8))
    abort()
}
