// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Why a call of a component's function brought no result.
///
/// Generated bindings throw it; a program rarely creates one.
public enum ComponentCallError<Failure: Error>: Error {
    /// The function returned an error of its own.
    case failure(Failure)
    /// The call did not come to its end: a ``Trap``, a ``GuestExit``, what the host's side of an import threw,
    /// `CancellationError`, or a ``WasmtimeError``.
    case interrupted(any Error)
}
