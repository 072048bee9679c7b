// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The limits of programs: those that they have, and those that a request may ask for.
struct LimitBounds: Sendable {
    /// The limits of a program whose request asks for none.
    var standard: Limits
    /// The longest time that a request may ask for, in seconds.
    var maxSeconds: Double
    /// The largest memory that a request may ask for, in bytes.
    var maxMemoryBytes: Int

    /// Reads the member `limits`.
    ///
    /// - Returns: The standard limits with the changes of the request; `nil` if there are none.
    func limits(in object: inout JSONObject) -> Limits? {
        guard var members = object.object("limits") else { return nil }
        var limits = standard
        if let seconds = members.seconds("seconds", upTo: maxSeconds) { limits.time = .seconds(seconds) }
        if let seconds = members.seconds("processor_seconds", upTo: maxSeconds) {
            limits.processorTime = .seconds(seconds)
        }
        if let bytes = members.integer("memory_bytes", in: 1...maxMemoryBytes) { limits.memoryBytes = bytes }
        if let bytes = members.integer("output_bytes", in: 0...standard.outputBytes) { limits.outputBytes = bytes }
        if let bytes = members.integer("value_bytes", in: 0...standard.valueBytes) { limits.valueBytes = bytes }
        if let bytes = members.integer("display_bytes", in: 0...standard.displayBytes) { limits.displayBytes = bytes }
        object.add(members)
        return limits
    }
}
