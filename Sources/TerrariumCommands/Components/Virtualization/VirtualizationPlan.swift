// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import WASIVirtualization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The request to `terrarium virt`, from the command line or a file; everything is denied unless it says otherwise.
struct VirtualizationPlan {
    /// A Boolean value that tells whether something is there.
    enum Access: String, CaseIterable {
        case allow, deny
    }

    /// The treatment of a stream.
    enum Stream: String, CaseIterable {
        case allow, ignore, deny
    }

    enum Clock: Equatable {
        case real
        /// Nanoseconds since 1970.
        case virtual(UInt64)
    }

    enum Randomness: Equatable {
        case real
        case seed(UInt64)
    }

    /// A folder of the host that becomes part of the component.
    struct Mount {
        var host: String
        var guest: String
    }

    var mounts: [Mount] = []
    var isWritable = false
    /// Paths in the tree by the names under which the guest finds them open.
    var preopens: [String: String] = [:]
    var environment: [String: String] = [:]
    var inheritedEnvironment = WASIGrants.Environment.variables([])
    var arguments: [String] = []
    var standardInput = Stream.deny
    var standardInputFile: String?
    var standardOutput = Stream.deny
    var standardError = Stream.deny
    var clock = Clock.virtual(Self.defaultTime)
    var randomness = Randomness.seed(0)
    var http = Access.deny
    var sockets = Access.deny
    var exit = Access.deny
    var allowsAll = false

    /// 2000-01-01, which is after 1980, where the times in ZIP files begin.
    static let defaultTime: UInt64 = 946_684_800_000_000_000

    /// A Boolean value that tells whether the host's files, streams and sockets stay, which only work all together.
    var keepsStreams: Bool { http == .allow || sockets == .allow || (allowsAll && !hasFiles) }

    /// A Boolean value that tells whether the guest finds files.
    var hasFiles: Bool { !mounts.isEmpty || isWritable || !preopens.isEmpty }

    mutating func allowAll() {
        allowsAll = true
        (standardInput, standardOutput, standardError) = (.allow, .allow, .allow)
        standardInputFile = nil
        (clock, randomness) = (.real, .real)
        exit = .allow
        inheritedEnvironment = .all
    }

    mutating func denyAll() { self = VirtualizationPlan() }

    // MARK: - Values, as they are written

    static func access(_ text: String, _ option: String) throws -> Access {
        guard let access = Access(rawValue: text) else {
            throw CommandFailure.usage("\(option) takes allow or deny, and this is \(text).")
        }
        return access
    }

    static func stream(_ text: String, _ option: String) throws -> Stream {
        guard let stream = Stream(rawValue: text) else {
            throw CommandFailure.usage("\(option) takes allow, ignore or deny, and this is \(text).")
        }
        return stream
    }

    static func clock(_ text: String) throws -> Clock {
        if text == "real" { return .real }
        guard text.hasPrefix("virtual=") else {
            throw CommandFailure.usage("--clock takes real or virtual=TIME, and this is \(text).")
        }
        let time = String(text.dropFirst("virtual=".count))
        if let seconds = UInt64(time), seconds < 1 << 33 { return .virtual(seconds * 1_000_000_000) }
        guard let date = try? Date(time, strategy: .iso8601), date.timeIntervalSince1970 >= 0,
            date.timeIntervalSince1970 < 0x1p33
        else {
            throw CommandFailure.usage(
                "--clock virtual= takes seconds since 1970 or a time like 2026-01-01T00:00:00Z, and this is \(time)."
            )
        }
        return .virtual(UInt64(date.timeIntervalSince1970) * 1_000_000_000)
    }

    static func randomness(_ text: String) throws -> Randomness {
        if text == "real" { return .real }
        guard text.hasPrefix("seed="), let seed = UInt64(text.dropFirst("seed=".count)) else {
            throw CommandFailure.usage("--random takes real or seed=NUMBER, and this is \(text).")
        }
        return .seed(seed)
    }

    /// Splits `left=right` at the first equals sign; `last` says to take the last one.
    static func pair(_ text: String, _ option: String, last: Bool = false) throws -> (String, String) {
        guard let separator = last ? text.lastIndex(of: "=") : text.firstIndex(of: "="), separator > text.startIndex
        else {
            throw CommandFailure.usage("\(option) takes two parts with = between them, and this is \(text).")
        }
        return (String(text[..<separator]), String(text[text.index(after: separator)...]))
    }

    mutating func mount(_ host: String, at guest: String) throws {
        guard guest.hasPrefix("/") else {
            throw CommandFailure.usage("A folder is mounted at a path that starts with /, and this is \(guest).")
        }
        mounts.append(Mount(host: host, guest: guest))
    }

    mutating func inherit(_ name: String) {
        guard case .variables(let names) = inheritedEnvironment else { return }
        inheritedEnvironment = name == "*" ? .all : .variables(names.union([name]))
    }
}
