// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Makes the objects of an image immortal, so that sandboxes do not write to the pages of those that they only use.
///
/// CPython counts references in the object itself: to call a function is to write to the page that it lies in, and a page
/// that was written to is one that the sandbox no longer shares, and that has to be copied back for the next. The count of
/// an immortal object is never changed ([PEP 683](https://peps.python.org/pep-0683/)). Nothing is lost by it: what is in
/// the image is there for as long as a sandbox is.
enum ImmortalObjects {
    /// The count that makes an object immortal where addresses have 32 bits, in CPython 3.14's `refcount.h`.
    private static let immortalCount: UInt32 = 5 << 28

    /// A greater count is not that of an object, but an address where a free block is, or already immortal.
    private static let maxCount: UInt32 = 1 << 20

    /// The size of an object's head in bytes: the count, and the address of its type.
    private static let headerBytes: UInt32 = 8

    /// Finds the addresses of all objects.
    ///
    /// The guest is thrown away afterwards, so nothing has to be put back. The collector tells those that can
    /// refer to others; strings, code and the like are found as what those refer to.
    private static let search = """
        def __addresses():
            import gc, sys, types
            if sys.version_info[:2] != (3, 14) or sys.getrefcount(None) != 7 << 28:
                return ''
            parts = ('co_consts', 'co_names', 'co_filename', 'co_name', 'co_qualname', 'co_linetable', 'co_exceptiontable')
            gc.disable()
            gc.unfreeze()
            found = set()
            todo = gc.get_objects()
            while todo:
                new = []
                for value in todo:
                    if id(value) not in found:
                        found.add(id(value))
                        new.append(value)
                todo = gc.get_referents(*new)
                for value in new:
                    kind = type(value)
                    if kind is dict:
                        todo.extend(value)
                    elif kind is types.CodeType:
                        todo.extend([getattr(value, part) for part in parts])
                        todo.extend(value.co_varnames + value.co_freevars + value.co_cellvars)
            return ''.join(['%08x' % address for address in found])
        """

    /// Changes the bytes of an image's memory, if it is one of CPython.
    static func make(in image: Image, memory bytes: inout [UInt8]) throws {
        let copy = bytes
        let found: [UInt32] = try image.probe(limits: .forSetUp) { guest in
            // A component that is not Python, or another Python, stays as it is.
            guard (try? guest.execute(search)) != nil, case .string(let text)? = try? guest.evaluate("__addresses()")
            else { return [] }
            return addresses(in: text.utf8).filter { isObject($0, in: copy, and: guest.memory) }
        }
        for address in found {
            let start = Int(address)
            bytes.replaceSubrange(
                start..<(start + 4),
                with: (0..<4).map { UInt8(truncatingIfNeeded: immortalCount >> (8 * $0)) }
            )
        }
    }

    /// Reads numbers of eight hexadecimal digits each.
    private static func addresses(in text: [UInt8]) -> [UInt32] {
        var addresses: [UInt32] = []
        var address: UInt32 = 0
        for (index, digit) in text.enumerated() {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return [] }
            address = address << 4 | UInt32(value)
            if index % 8 == 7 { addresses.append(address) }
        }
        return addresses
    }

    /// Returns whether an address that was found in a running copy is that of an object in the image too.
    ///
    /// Some objects are only made by the search. In the image there is then free memory, which begins with zero or with the
    /// address of another free block, or something of another type.
    private static func isObject(_ address: UInt32, in image: [UInt8], and memory: GuestMemory) -> Bool {
        guard address % 4 == 0, Int(address) + Int(headerBytes) <= image.count else { return false }
        let count = image.word(at: address)
        return count > 0 && count < maxCount
            && image.word(at: address + 4) == (try? memory.load(UInt32.self, at: address + 4))
    }
}
