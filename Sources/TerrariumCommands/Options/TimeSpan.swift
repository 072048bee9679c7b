// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser

/// A time as a person writes it: `5`, `2.5s`, `500ms`, `2min`.
struct TimeSpan: ExpressibleByArgument, Hashable, CustomStringConvertible {
    let seconds: Double

    init(seconds: Double) {
        self.seconds = seconds
    }

    init(_ duration: Duration) {
        seconds = duration / .seconds(1)
    }

    init?(argument: String) {
        let units: [String: Double] = ["": 1, "s": 1, "ms": 1e-3, "us": 1e-6, "min": 60, "h": 3600]
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let count = Double(number), let factor = units[String(argument.dropFirst(number.count))],
            count * factor <= 1e9
        else { return nil }
        seconds = count * factor
    }

    var duration: Duration { .seconds(seconds) }

    var description: String { "\(seconds.description.replacing(/\.0$/, with: ""))s" }

    var defaultValueDescription: String { description }
}
