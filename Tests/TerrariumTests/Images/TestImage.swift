// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport

@testable import Terrarium

/// The Python image, loaded once.
enum TestImage {
    private static let result = Result {
        try Image.python(parts: Parts(folder: URL(filePath: HostTools.partsFolder)))
    }

    static var python: Image { get throws { try result.get() } }

    /// Limits for programs that are to end by themselves, on a machine that may be busy.
    static var patient: Limits {
        var limits = Limits()
        limits.time = .seconds(120)
        return limits
    }
}
