// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A place in a list, or the key `super`.
struct IndexKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ index: Int) {
        stringValue = "[\(index)]"
        intValue = index
    }

    init(intValue: Int) {
        self.init(intValue)
    }

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    static let `super` = IndexKey(stringValue: "super")
}
