// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport

@testable import Terrarium

/// An image of somebody else's, whose component answers the host's control functions itself.
///
/// The functions do what their bodies in WebAssembly text say. Unless given, every listing has the records that the
/// memory has at `recordsAddress`, and every file has the contents that lie behind them.
struct HostileImage {
    /// A record of a listing, as bytes that nobody checked.
    struct Record {
        var number: UInt64
        var name: [UInt8]
        var kind: UInt8 = Self.file
        var size: UInt64 = 0
        /// The length that the record says; that of the name if `nil`.
        var nameBytes: UInt16?

        static let directory: UInt8 = 3
        static let file: UInt8 = 6

        var bytes: [UInt8] {
            func little(_ number: some FixedWidthInteger) -> [UInt8] {
                (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            }
            let length = nameBytes ?? UInt16(clamping: name.count)
            let record = little(number) + little(size) + little(length) + [kind, 0] + name
            return record + [UInt8](repeating: 0, count: -record.count & 7)
        }
    }

    static let recordsAddress = 65_536
    private static let memoryBytes = 4 * 65_536

    /// Gives small buffers places of their own below the records, and large ones the end of the memory.
    static let allocate = """
        (global.set $next (i32.and (i32.add (global.get $next) (i32.const 4096)) (i32.const 0xF000)))
        (select (i32.const 131072) (i32.or (global.get $next) (i32.const 256))
            (i32.gt_u (local.get $size) (i32.const 3072)))
        """

    let image: Image
    private let folder: TemporaryFolder

    /// Builds the image.
    ///
    /// - Parameters:
    ///   - records: The records of each listing.
    ///   - contents: The contents of each file.
    ///   - allocate: The body of `allocate`, which answers an address for the size `$size`.
    ///   - list: The body of `list-directory`, with the parameters `$path`, `$length`, `$after`, `$buffer`, `$capacity` and
    ///     `$result`.
    ///   - locate: The body of `locate-contents`, with `$path`, `$length`, `$offset` and `$result`.
    ///   - exec: The body of `exec`, which answers the address of its result.
    ///   - start: The body of a start function, of which there is none by default.
    /// - Throws: As `Image.init(contentsOf:)`.
    init(
        records: [Record] = [],
        contents: [UInt8] = [],
        allocate: String = Self.allocate,
        list: String? = nil,
        locate: String? = nil,
        exec: String = "(i32.store8 (i32.const 16) (i32.const 0)) (i32.const 16)",
        start: String? = nil
    ) async throws {
        let bytes = records.flatMap(\.bytes)
        let contentsAddress = Self.recordsAddress + bytes.count
        let list =
            list ?? """
                (i64.store (local.get $result) (i64.const 0))
                (if (i64.eqz (local.get $after)) (then
                    (memory.copy (local.get $buffer) (i32.const \(Self.recordsAddress)) (i32.const \(bytes.count)))
                    (i32.store (local.get $result) (i32.const \(records.count)))
                    (i32.store offset=4 (local.get $result) (i32.const \(bytes.count)))))
                (i32.const 0)
                """
        let locate =
            locate ?? """
                (i64.store (local.get $result) (i64.const 0))
                (if (i64.eqz (local.get $offset)) (then
                    (i32.store (local.get $result) (i32.const \(contentsAddress)))
                    (i32.store offset=4 (local.get $result) (i32.const \(contents.count)))))
                (i32.const 0)
                """
        folder = try TemporaryFolder()
        let text = Self.component(allocate: allocate, list: list, locate: locate, exec: exec, start: start)
        let component = try await HostTools.assemble(text, name: "component", in: folder)
        let memory = [UInt8](repeating: 0, count: Self.recordsAddress) + bytes + contents
        image = try await Self.load(component, memory + [UInt8](repeating: 0, count: -memory.count & 65_535), folder)
    }

    private static func load(_ component: URL, _ memory: [UInt8], _ folder: TemporaryFolder) async throws -> Image {
        let file = folder.url.appending(path: "hostile.terrarium")
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        let code = Array(try Data(contentsOf: component))
        try Data(code).write(to: ImageFolder.component(file))
        try Data(memory).write(to: ImageFolder.memory(file))
        let manifest = ImageManifest(
            component: CodeCache.digest(code),
            memory: CodeCache.digest(memory),
            initialMemoryBytes: memoryBytes,
            interruptWords: nil
        )
        try JSONEncoder().encode(manifest).write(to: ImageFolder.manifest(file))
        let cache = CodeCache(folder: folder.url.appending(path: "cache"))
        return try await Image(
            contentsOf: file,
            parts: Parts(folder: URL(filePath: HostTools.partsFolder)),
            cache: cache
        )
    }

    private static func component(
        allocate: String,
        list: String,
        locate: String,
        exec: String,
        start: String?
    ) -> String {
        """
        (component
          (core module $m
            (memory (export "memory") 4)
            (global $next (mut i32) (i32.const 0))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
            (func (export "exec") (param i32 i32) (result i32) \(exec))
            (func (export "eval") (param i32 i32) (result i32)
              (i32.store8 (i32.const 16) (i32.const 0))
              (i32.store8 (i32.const 64) (i32.const 0x31))
              (i32.store (i32.const 20) (i32.const 64))
              (i32.store (i32.const 24) (i32.const 1))
              (i32.const 16))
            (func (export "allocate") (param $size i32) (result i32) \(allocate))
            (func (export "free") (param i32))
            (func (export "list") (param $path i32) (param $length i32) (param $after i64) (param $buffer i32)
              (param $capacity i32) (param $result i32) (result i32) \(list))
            (func (export "locate") (param $path i32) (param $length i32) (param $offset i64) (param $result i32)
              (result i32) \(locate))
            \(start.map { "(func $start \($0)) (start $start)" } ?? "")
            (func (export "make") (param i32 i32 i32) (result i32) (i32.const 0)))
          (core instance $i (instantiate $m))
          (alias core export $i "memory" (core memory $memory))
          (alias core export $i "realloc" (core func $realloc))
          (alias core export $i "exec" (core func $exec))
          (alias core export $i "eval" (core func $eval))
          (type $exec-type (func (param "statements" string) (result (result (error string)))))
          (type $eval-type (func (param "expression" string) (result (result string (error string)))))
          (func $lifted-exec (type $exec-type) (canon lift (core func $exec) (memory $memory) (realloc $realloc)))
          (func $lifted-eval (type $eval-type) (canon lift (core func $eval) (memory $memory) (realloc $realloc)))
          (export "exec" (func $lifted-exec))
          (export "eval" (func $lifted-eval))
          (func $allocate (param "size" u32) (result u32) (canon lift (core func $i "allocate")))
          (func $free (param "address" u32) (canon lift (core func $i "free")))
          (func $list (param "path" u32) (param "length" u32) (param "after" u64) (param "buffer" u32)
            (param "capacity" u32) (param "target" u32) (result u32) (canon lift (core func $i "list")))
          (func $locate (param "path" u32) (param "length" u32) (param "offset" u64) (param "target" u32) (result u32)
            (canon lift (core func $i "locate")))
          (func $make (param "path" u32) (param "length" u32) (param "parents" u32) (result u32)
            (canon lift (core func $i "make")))
          (instance $control
            (export "allocate" (func $allocate)) (export "free" (func $free)) (export "list-directory" (func $list))
            (export "locate-contents" (func $locate)) (export "make-directory" (func $make)))
          (export "terrarium:sandbox/control" (instance $control)))
        """
    }
}
