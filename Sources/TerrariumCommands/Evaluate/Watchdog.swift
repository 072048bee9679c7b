// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch

/// Ends the process when its time is over, whatever the guest is doing, asleep in a call of the system included.
struct Watchdog: Sendable {
    let time: Duration
    let reporter: any Reporter

    func start() {
        DispatchQueue.global().asyncAfter(deadline: .now() + time / .seconds(1)) {
            reporter.ranOutOfTime(nil)
            TerrariumCommand.finish(.timeLimit)
        }
    }
}
