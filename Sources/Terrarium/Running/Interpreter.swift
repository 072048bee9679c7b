// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// The interpreter of a sandbox, awake or asleep, with the state that it goes back to if a call has to be stopped.
///
/// Only the sandbox's actor uses it.
final class Interpreter {
    /// The facts about the guest that the host remembers; they are part of the state, as its memory is.
    struct Facts {
        /// A Boolean value that tells whether the guest knows the host's functions and limits.
        var isConfigured = false
        /// A Boolean value that tells whether the guest knows the quotas of files.
        var hasQuotas = false
        /// A Boolean value that tells whether the guest has the limits and quotas that images have, and no others.
        var isAsInImage = true
    }

    let image: Image
    let context: SandboxContext
    private let limits: Limits

    /// The facts at this moment.
    var facts: Facts

    /// The number of calls that there were.
    private(set) var callCount: UInt64 = 0

    /// The memory that the states here differ from: that of the image, or a copy of a large state.
    private var base: ImageMemory

    /// A Boolean value that tells whether somebody else holds the state as pages of the image, so that they take their memory
    /// anyway.
    private var isCopied: Bool

    /// A state that takes more memory than this is not copied before a call, but shared with the call's memory.
    private static let maxCopiedBytes = 16 << 20

    /// The running instance; there is none before the first call, while the sandbox sleeps, and after a call that had to
    /// be stopped.
    private var guest: GuestInstance?

    /// The state to which the sandbox goes back if a call has to be stopped; that of the image if `nil`.
    private var saved: MemoryPages?
    private var savedFacts: Facts

    /// The clocks and random numbers that belong to that state, if they are the sandbox's own.
    private var savedWorld: VirtualWorld?

    /// The state at this moment, if it was copied since the last call; without an instance, that of `saved` if `nil`.
    private var current: MemoryPages?

    /// A Boolean value that tells whether the state is a copy of another sandbox's, whose random numbers are not to be drawn
    /// again.
    private var needsReseeding: Bool

    /// Makes an interpreter, which comes to life with the first call.
    init(
        _ image: Image,
        pages: MemoryPages?,
        facts: Facts,
        limits: Limits,
        context: SandboxContext,
        needsReseeding: Bool
    ) {
        self.image = image
        self.context = context
        self.limits = limits
        self.facts = facts
        self.needsReseeding = needsReseeding
        base = image.memory
        isCopied = pages != nil
        saved = pages
        savedFacts = facts
        savedWorld = context.clock.world
    }

    /// A Boolean value that tells whether there is a running instance.
    var isAwake: Bool { guest != nil }

    /// The state at this moment, as pages that differ from the image, for others to keep.
    func copiedPages() throws -> MemoryPages {
        isCopied = true
        guard base !== image.memory else { return try pages() }
        let pages = try pages().rebased(from: base, to: image.memory)
        guest = nil
        (base, saved, current) = (image.memory, pages, nil)
        savedFacts = facts
        return pages
    }

    /// The state at this moment, as pages that differ from `base`.
    private func pages() throws -> MemoryPages {
        if current == nil, let memory = guest?.memory {
            current = try memory.changedPages(sharingWith: saved)
        }
        return current ?? saved ?? .unchanged(size: image.initialMemoryBytes)
    }

    /// Puts the sandbox into a state, in which it comes to life with the next call.
    func setPages(_ pages: MemoryPages, facts: Facts) {
        guest = nil
        (base, saved, current) = (image.memory, pages, nil)
        (self.facts, savedFacts) = (facts, facts)
        isCopied = true
    }

    /// Copies the state after a call, so that the next call need not wait for that.
    ///
    /// A large state is left alone: it is not copied at all.
    func copyAhead() {
        guard let memory = guest?.memory, current == nil, let count = try? memory.ownByteCount(),
            count <= Self.maxCopiedBytes
        else { return }
        _ = try? pages()
    }

    /// Keeps only the state and lets go of the instance.
    func sleep() {
        guard guest != nil, (try? pages()) != nil else { return }
        guest = nil
    }

    /// Puts the sandbox back to its state before the last call that did not continue another.
    func revert() {
        guest = nil
        current = nil
        facts = savedFacts
        context.clock.world = savedWorld
    }

    /// Keeps the state, so that the sandbox can go back to it.
    private func save() throws {
        if let memory = guest?.memory, !isCopied, try memory.ownByteCount() > Self.maxCopiedBytes {
            // What the instance has is not copied beside it: it moves to where the next instance shares it.
            base = try ImageMemory(copying: memory)
            (saved, current) = (.unchanged(size: memory.size), nil)
            guest = nil
        } else if guest != nil || current != nil {
            saved = try pages()
        }
        savedFacts = facts
        savedWorld = context.clock.world
    }

    /// Runs guest code under limits, those of the sandbox unless others are given.
    ///
    /// If `continues` is true, the call belongs to the one before: if it has to be stopped, the sandbox goes back to the
    /// state before that one.
    ///
    /// - Throws: What the closure throws. The sandbox is then as it was before, unless it is a `SandboxError` with the
    ///   code `.file` or `.invalidFunction`, which leave the guest intact.
    func call<Result>(
        limits: Limits? = nil,
        continues: Bool = false,
        _ body: (GuestInstance) throws -> Result
    ) throws -> Result {
        let limits = limits ?? self.limits
        try context.deadline.start(limits)
        callCount += 1
        // A sandbox that is used once never pays for a copy.
        if !continues {
            try save()
        }
        do {
            let guest: GuestInstance
            if let existing = self.guest {
                guest = existing
            } else {
                guest = try GuestInstance(
                    image,
                    memory: base,
                    pages: current ?? saved,
                    limits: self.limits,
                    context: context
                )
                if needsReseeding {
                    try guest.seed(.seedAgain)
                    needsReseeding = false
                }
                self.guest = guest
                // Coming to life is not the program's time.
                try context.deadline.start(limits)
            }
            current = nil
            return try body(guest)
        } catch let error as SandboxError where error.code == .file || error.code == .invalidFunction {
            throw error
        } catch {
            revert()
            if error is Trap, let breach = context.deadline.breach {
                // The exception that was to end it came where none can be raised, outside of the interpreter's loop.
                throw SandboxError(.timeLimit, "The program ran longer than its limit: \(breach).", breach: breach)
            }
            throw SandboxError.translating(error)
        }
    }
}
