// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtimeLayouts
import Foundation
import Testing

struct LayoutTests {
    @Test("The C compiler lays out every structure as the wheel's ctypes does")
    func layouts() throws {
        let compiled = UnsafeBufferPointer(start: cwasmtime_layouts, count: cwasmtime_layout_count)
            .map { "\(String(cString: $0.name)) \($0.offset) \($0.size)" }
        let wheel = try GeneratorScript.run("--layouts").split(separator: "\n").map(String.init)
        #expect(compiled.count > 50)
        #expect(compiled == wheel)
    }

    @Test("Generating the declarations again changes nothing")
    func isUpToDate() throws {
        #expect(try GeneratorScript.run("--check") == "")
    }
}
