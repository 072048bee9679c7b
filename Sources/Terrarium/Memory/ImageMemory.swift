// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

/// The memory that sandboxes of an image start with, shared by them copy-on-write.
// @unchecked: the C object takes its own lock.
@safe
final class ImageMemory: @unchecked Sendable {
    /// The pages that memories are compared, copied and counted in.
    static let pageBytes = Int(TERRARIUM_PAGE_BYTES)

    /// The number of bytes in a WebAssembly page, by which a linear memory grows.
    static let wasmPageBytes = 65_536

    /// The number of bytes of the memory that the image describes; zeros follow.
    let length: Int

    private let pointer: OpaquePointer

    /// The file that the image maps, where it is one that somebody could write to.
    private let file: OpenFile?

    /// An image with the contents of a file, which is mapped if only this user can write to it.
    ///
    /// Others could change the file under running programs, so of theirs a copy is made.
    convenience init(_ file: OpenFile) throws(SandboxError) {
        guard file.isTrusted else {
            try self.init(bytes: file.contents())
            return
        }
        try self.init(descriptor: file.duplicatedDescriptor(), length: file.byteCount, file: file)
    }

    /// An image with a file's contents; the descriptor becomes the image's.
    private init(descriptor: Int32, length: Int, file: OpenFile?) throws(SandboxError) {
        precondition(length % Self.pageBytes == 0, "an image has whole pages")
        var image: OpaquePointer?
        let error = unsafe terrarium_memory_image_create(descriptor, length, &image)
        guard error == 0, let image = unsafe image else {
            throw SandboxError(.engine, "The image's memory cannot be mapped: \(systemErrorMessage(error)).")
        }
        unsafe pointer = image
        self.length = length
        self.file = file
    }

    /// An image with the given bytes, in whole pages.
    convenience init(bytes: [UInt8]) throws(SandboxError) {
        let descriptor = unsafe terrarium_anonymous_file(bytes, bytes.count)
        guard descriptor >= 0 else {
            throw SandboxError(.engine, "The image's memory cannot be made: \(systemErrorMessage(-descriptor)).")
        }
        try self.init(descriptor: descriptor, length: bytes.count, file: nil)
    }

    /// An image of a memory as it is now, for the one sandbox whose memory it is.
    convenience init(copying memory: GuestMemory) throws(SandboxError) {
        let (descriptor, length) = memory.copyToAnonymousFile()
        guard descriptor >= 0 else {
            throw SandboxError(.engine, "The memory cannot be copied: \(systemErrorMessage(-descriptor)).")
        }
        try self.init(descriptor: descriptor, length: length, file: nil)
        // Nobody comes after its one user.
        setBounds(maxResting: 0, maxResidentBytes: 0)
    }

    // The last slot that was made from the image frees it.
    deinit {
        unsafe terrarium_memory_image_release(pointer)
    }

    /// Bounds the slots that rest for the next sandbox: how many, and the bytes that each keeps resident.
    func setBounds(maxResting: Int, maxResidentBytes: Int) {
        unsafe terrarium_memory_image_set_bounds(pointer, maxResting, maxResidentBytes)
    }

    /// Gives the memory of resting slots back to the system.
    func releaseResting() {
        unsafe terrarium_memory_image_release_resting(pointer)
    }

    /// The numbers of slots that are in use and that rest.
    var slotCounts: (used: Int, resting: Int) {
        var used = 0
        var resting = 0
        unsafe terrarium_memory_image_count(pointer, &used, &resting)
        return (used, resting)
    }

    /// The bytes of the image, valid as long as it is.
    var bytes: UnsafeRawBufferPointer {
        guard length > 0 else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeRawBufferPointer(start: terrarium_memory_image_bytes(pointer), count: length)
    }

    /// Lends the C object, to make a slot of it.
    ///
    /// - Throws: `SandboxError` with the code `.invalidImage` if the file that it maps was changed.
    func withPointer<Result>(_ body: (OpaquePointer) -> Result) throws(SandboxError) -> Result {
        try checkFile()
        return unsafe body(pointer)
    }

    /// Runs a closure in which this thread's engine makes one memory, which becomes a slot of the image.
    ///
    /// The slot belongs to the store in which the memory is made, and is valid as long as that is.
    func withSlot<Result>(size: Int, _ makeMemory: () throws -> Result) throws -> (Result, GuestMemory) {
        try checkFile()
        unsafe terrarium_request_slot(pointer, size)
        let outcome = Swift.Result { try makeMemory() }
        let slot = unsafe terrarium_finish_request()
        let result = try outcome.get()
        guard let slot = unsafe slot else {
            throw SandboxError(.engine, "The component has no memory of its own, so it cannot be an image.")
        }
        return (result, unsafe GuestMemory(slot: slot, image: self))
    }

    private func checkFile() throws(SandboxError) {
        // What the memory shares with a file that was written to is not the image any more, and what it shares with one that
        // was shortened ends the process when it is touched.
        guard file?.hasSameContents ?? true else {
            throw SandboxError(
                .invalidImage,
                "\(file?.path ?? "") was changed while its image is in use: load the image again."
            )
        }
    }
}
