// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The version of this package.
public enum TerrariumVersion {
    /// The version as `MAJOR.MINOR.PATCH`, which also names the folder that set-up puts its parts in.
    public static let current = "0.2.0"
}
