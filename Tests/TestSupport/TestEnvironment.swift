// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// What `make test` tells the tests, in environment variables.
package enum TestEnvironment {
    /// The value of a variable; a test that needs one that is not set fails, with a sentence that says what to do.
    package static func value(of variable: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty else {
            throw HostPython.Failure(description: "\(variable) is not set; run the tests with `make test`.")
        }
        return value
    }
}
