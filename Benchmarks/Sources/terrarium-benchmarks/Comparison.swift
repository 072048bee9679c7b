// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// The same work done in several ways that take turns, with the times that each took.
struct Comparison {
    /// One way of doing the work; the closure returns how long it took.
    struct Subject {
        let name: String
        let measure: () async throws -> Duration

        init(_ name: String, _ measure: @escaping () async throws -> Duration) {
            self.name = name
            self.measure = measure
        }

        /// A way that is timed from outside.
        init(_ name: String, timing body: @escaping () async throws -> Void) {
            self.init(name) {
                let start = ContinuousClock.now
                try await body()
                return ContinuousClock.now - start
            }
        }
    }

    let title: String
    let subjects: [Subject]

    /// Runs all subjects in turn and prints medians, 99th percentiles and each median's ratio to the first subject's.
    ///
    /// - Parameters:
    ///   - warmUps: How many turns are not counted.
    ///   - rounds: How many turns are.
    ///   - repetitions: How often the work is done in a turn, each time measured: what takes microseconds would otherwise
    ///     find the processor's caches filled with the other subject's things.
    /// - Throws: What a subject throws.
    func run(warmUps: Int, rounds: Int, repetitions: Int = 1) async throws {
        var times = [[Duration]](repeating: [], count: subjects.count)
        for round in 0..<(warmUps + rounds) {
            for (index, subject) in subjects.enumerated() {
                for _ in 0..<repetitions {
                    let time = try await subject.measure()
                    if round >= warmUps { times[index].append(time) }
                }
            }
        }
        let medians = times.map { Self.percentile(0.5, of: $0) }
        Table.print(
            title: "\(title) (\(rounds) rounds of \(repetitions))",
            columns: ["median", "p99", "ratio"],
            rows: zip(subjects, zip(times, medians)).map { subject, result in
                let (times, median) = result
                let ratio = String(format: "%.2f", median / medians[0])
                return (subject.name, [Table.time(median), Table.time(Self.percentile(0.99, of: times)), ratio])
            }
        )
    }

    static func percentile(_ fraction: Double, of times: [Duration]) -> Duration {
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * fraction))]
    }
}

/// Prints figures in columns.
enum Table {
    static func print(title: String, columns: [String], rows: [(name: String, cells: [String])]) {
        let width = rows.map(\.name.count).max() ?? 0
        func line(_ name: String, _ cells: [String]) -> String {
            let padded = cells.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }
            return "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + padded.joined()
        }
        Swift.print("\n\(title)")
        Swift.print(line("", columns))
        for row in rows { Swift.print(line(row.name, row.cells)) }
    }

    static func time(_ duration: Duration) -> String {
        let microseconds = duration / .microseconds(1)
        return switch microseconds {
        case ..<1_000: String(format: "%.1f µs", microseconds)
        case ..<1_000_000: String(format: "%.1f ms", microseconds / 1e3)
        default: String(format: "%.2f s", microseconds / 1e6)
        }
    }
}
