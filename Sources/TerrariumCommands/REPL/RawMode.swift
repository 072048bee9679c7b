// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A terminal that passes on each key, and signals none.
///
/// The end of the process, by any cause, puts the terminal back first.
enum RawMode {
    private static let before = Mutex<termios?>(nil)

    /// Begins the mode.
    ///
    /// - Returns: False if standard input is no terminal.
    static func begin() -> Bool {
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return false }
        let before = settings
        Self.before.withLock { $0 = before }
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
        return unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) == 0
    }

    /// Puts the terminal back, if it is in this mode.
    static func end() {
        guard var settings = before.withLock({ $0.take() }) else { return }
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }
}
