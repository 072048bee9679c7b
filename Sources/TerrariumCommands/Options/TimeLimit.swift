// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser

/// A limit of time: a ``TimeSpan``, or `none`.
enum TimeLimit: ExpressibleByArgument, Hashable {
    case none
    case span(TimeSpan)

    init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if let span = TimeSpan(argument: argument), span.seconds > 0 {
            self = .span(span)
        } else {
            return nil
        }
    }

    /// The limit as the library has it.
    var duration: Duration? {
        switch self {
        case .none: nil
        case .span(let span): span.duration
        }
    }
}
