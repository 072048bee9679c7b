// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A function of an interface, a world or a resource.
package struct WITFunction: Hashable, Sendable {
    /// The relation of a function to a resource.
    package enum Kind: Hashable, Sendable {
        /// It belongs to no resource.
        case freestanding
        /// It works on a handle to the resource.
        case method(WITTypeID)
        /// It belongs to the resource's name only.
        case `static`(WITTypeID)
        /// It makes the resource.
        case constructor(WITTypeID)
    }

    /// The name of the function within its owner or resource; a constructor's is `constructor`.
    package var name: String
    /// The relation of the function to a resource.
    package var kind: Kind
    /// A Boolean value that tells whether the function may block, and is called the asynchronous way.
    package var isAsync: Bool
    /// The parameters; those of a method do not include the handle it works on.
    package var parameters: [WITParameter]
    /// The type of the result; a constructor's is the owned resource, or a `result` of it.
    package var result: WITType?
    /// The documentation, without comment marks.
    package var docs: String?
    /// The gate the function stands behind.
    package var stability: WITStability
    /// The name by which the world outside knows the function, from `@external-id`.
    package var externalID: String?

    /// Creates a function.
    package init(
        name: String,
        kind: Kind = .freestanding,
        isAsync: Bool = false,
        parameters: [WITParameter] = [],
        result: WITType? = nil,
        docs: String? = nil,
        stability: WITStability = .ungated,
        externalID: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.isAsync = isAsync
        self.parameters = parameters
        self.result = result
        self.docs = docs
        self.stability = stability
        self.externalID = externalID
    }

    /// The resource that the function belongs to.
    package var resource: WITTypeID? {
        switch kind {
        case .freestanding: nil
        case .method(let resource), .static(let resource), .constructor(let resource): resource
        }
    }

    /// The function's name in component binaries, such as `[method]blob.write`.
    ///
    /// See "Import and Export Definitions" in the component model's Explainer.md.
    package var externName: String {
        switch kind {
        case .freestanding: name
        case .method(let resource): "[method]\(resource.name).\(name)"
        case .static(let resource): "[static]\(resource.name).\(name)"
        case .constructor(let resource): "[constructor]\(resource.name)"
        }
    }

    /// This function with every name of a type in it replaced.
    func mapNames(_ transform: (WITTypeID) -> WITTypeID) -> WITFunction {
        var copy = self
        switch kind {
        case .freestanding: break
        case .method(let resource): copy.kind = .method(transform(resource))
        case .static(let resource): copy.kind = .static(transform(resource))
        case .constructor(let resource): copy.kind = .constructor(transform(resource))
        }
        copy.parameters = parameters.map { WITParameter(name: $0.name, type: $0.type.mapNames(transform)) }
        copy.result = result?.mapNames(transform)
        return copy
    }
}

/// A parameter of a function.
package struct WITParameter: Hashable, Sendable {
    /// The name of the parameter.
    package var name: String
    /// The type of the parameter.
    package var type: WITType

    /// Creates a parameter.
    package init(name: String, type: WITType) {
        self.name = name
        self.type = type
    }
}
