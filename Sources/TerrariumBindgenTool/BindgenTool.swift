// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumBindgen

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The tool that the build plugin runs.
///
/// Its usage is `TerrariumBindgenTool INPUT OUTPUT [NAME]`, for a component, a `.wit` file or a folder.
///
/// It depends on little, so that it is built soon; people use `terrarium bindgen`.
@main
struct BindgenTool {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 || arguments.count == 4 else {
            fail("usage: TerrariumBindgenTool INPUT OUTPUT [NAME]")
        }
        do {
            let name = arguments.count == 4 ? arguments[3] : nil
            let model = try WITInput.model(at: arguments[1])
            let generator = try SwiftBindingsGenerator(model: model, name: name, accessLevel: .internal)
            try Data(generator.source().utf8).write(to: URL(filePath: arguments[2]), options: .atomic)
        } catch let error as BindgenError {
            fail("\(arguments[1]): error: \(error)")
        } catch {
            fail("\(error)")
        }
    }

    private static func fail(_ message: String) -> Never {
        var text = message + "\n"
        text.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
        exit(1)
    }
}
