// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

@testable import WIT

/// WIT text: parsing, printing and resolving.
struct WITTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        let file = WITSourceFile(path: "input.wit", text: String(decoding: bytes, as: UTF8.self))
        do throws(WITError) {
            let document = try WITParser.document(file)
            var printer = WITPrinter()
            printer.document(document)
            let printed = WITSourceFile(path: "printed.wit", text: printer.text)
            require(try WITParser.document(printed) == document, "printed WIT means something else")
            _ = try WITModel(parsing: file.text, path: file.path)
        } catch {
            require(!error.message.isEmpty, "an error without a message")
        }
    }
}
