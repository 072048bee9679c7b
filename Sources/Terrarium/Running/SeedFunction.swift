// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What the host calls in a guest whose state is copied, so that no two copies draw the same random numbers.
enum SeedFunction: String, CaseIterable, Sendable {
    /// Seeds them at once.
    case seedAgain = "seed-again"

    /// Has the next program seed them.
    case forgetSeed = "forget-seed"
}
