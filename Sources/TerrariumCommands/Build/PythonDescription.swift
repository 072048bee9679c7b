// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The description that an image's Python gives of itself, for pip to compare packages with.
struct PythonDescription: Decodable {
    let environment: [String: String]
    let tags: [String: String]

    /// Asks an image.
    ///
    /// - Throws: `CommandFailure` if it is not made of Terrarium's Python.
    init(of image: Image) async throws {
        let text: String
        do {
            text = try await image.evaluate(Program(GuestPackages.call("describe()")))
        } catch is PythonError {
            throw CommandFailure.usage("Packages can be added to Terrarium's own Python, and this image has another.")
        }
        self = try JSONDecoder().decode(PythonDescription.self, from: Data(text.utf8))
    }
}
