// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The functions of the guest's runtime; Guest/PROTOCOL.md describes their messages.
enum GuestFunction: String, CaseIterable, Sendable {
    case configure
    case start
    case resume
    case cancel
    case check
    case complete
    case describe
    case inspect
}
