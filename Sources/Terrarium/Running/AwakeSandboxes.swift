// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The sandboxes of an image that wait for their next call with a living interpreter, a bounded number of them.
///
/// An interpreter takes about a megabyte, what it changed in the image's memory a few kilobytes. So those that were not used
/// for the longest time are put to sleep: only their changes are kept, from which the next call continues some 50 µs later.
final class AwakeSandboxes: Sendable {
    private struct Entry {
        weak var sandbox: Sandbox?
        let callCount: UInt64
        let order: UInt64
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var nextOrder: UInt64 = 0
        var maximum: Int
    }

    private let state: Mutex<State>

    init(maximum: Int) {
        state = Mutex(State(maximum: maximum))
    }

    /// Sets the maximum number of sandboxes that wait awake.
    func setMaximum(_ maximum: Int) {
        putSurplusToSleep { state in
            state.maximum = max(0, maximum)
        }
    }

    /// The number of sandboxes that wait awake.
    var count: Int { state.withLock { $0.entries.count } }

    /// A sandbox waits from now on; the count is that of its calls.
    func add(_ sandbox: Sandbox, callCount: UInt64) {
        putSurplusToSleep { state in
            state.entries[ObjectIdentifier(sandbox)] = Entry(
                sandbox: sandbox,
                callCount: callCount,
                order: state.nextOrder
            )
            state.nextOrder += 1
        }
    }

    /// A sandbox no longer waits.
    func remove(_ sandbox: ObjectIdentifier) {
        _ = state.withLock { $0.entries.removeValue(forKey: sandbox) }
    }

    /// Changes the state, and puts those to sleep that are too many then.
    private func putSurplusToSleep(after change: (inout State) -> Void) {
        let surplus = state.withLock { state -> [Entry] in
            change(&state)
            var surplus: [Entry] = []
            while state.entries.count > state.maximum,
                let oldest = state.entries.min(by: { $0.value.order < $1.value.order })
            {
                surplus.append(oldest.value)
                state.entries.removeValue(forKey: oldest.key)
            }
            return surplus
        }
        for entry in surplus {
            guard let sandbox = entry.sandbox else { continue }
            Task { await sandbox.sleep(ifCallCountIs: entry.callCount) }
        }
    }
}
