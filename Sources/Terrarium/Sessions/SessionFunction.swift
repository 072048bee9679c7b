// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What the host calls in a session's guest; Guest/PROTOCOL.md describes the messages.
enum SessionFunction: String, CaseIterable, Sendable {
    case configure
    case start
    case resume
    case cancel
    case check
    case complete
    case describe
}
