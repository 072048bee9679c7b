// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The functions that seed a copied guest anew, so that no two copies draw the same random numbers.
enum SeedFunction: String, CaseIterable, Sendable {
    /// Seeds them at once.
    case seedAgain = "seed-again"

    /// Has the next program seed them.
    case forgetSeed = "forget-seed"
}
