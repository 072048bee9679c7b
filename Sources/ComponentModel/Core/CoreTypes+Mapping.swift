// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension CoreRecursionGroup {
    /// The group with every type index replaced.
    package func mapped(
        _ map: (UInt32) throws(ComponentsError) -> UInt32
    ) throws(ComponentsError) -> CoreRecursionGroup {
        var group = self
        for index in group.types.indices {
            for position in group.types[index].supertypes.indices {
                group.types[index].supertypes[position] = try map(group.types[index].supertypes[position])
            }
            switch group.types[index].composite {
            case .function(var type):
                for position in type.parameters.indices {
                    type.parameters[position] = try type.parameters[position].mapped(map)
                }
                for position in type.results.indices { type.results[position] = try type.results[position].mapped(map) }
                group.types[index].composite = .function(type)
            case .structure(var fields):
                for position in fields.indices { fields[position] = try fields[position].mapped(map) }
                group.types[index].composite = .structure(fields)
            case .array(let field): group.types[index].composite = .array(try field.mapped(map))
            case .continuation(let type): group.types[index].composite = .continuation(try map(type))
            }
        }
        return group
    }
}

extension CoreFieldType {
    fileprivate func mapped(_ map: (UInt32) throws(ComponentsError) -> UInt32) throws(ComponentsError) -> CoreFieldType
    {
        guard case .value(let type) = storage else { return self }
        return CoreFieldType(storage: .value(try type.mapped(map)), isMutable: isMutable)
    }
}

extension CoreValueType {
    /// The type with its type index replaced.
    package func mapped(_ map: (UInt32) throws(ComponentsError) -> UInt32) throws(ComponentsError) -> CoreValueType {
        guard case .reference(let type) = self else { return self }
        return .reference(try type.mapped(map))
    }
}

extension CoreReferenceType {
    /// The type with its type index replaced.
    package func mapped(_ map: (UInt32) throws(ComponentsError) -> UInt32) throws(ComponentsError) -> CoreReferenceType
    {
        guard case .index(let index) = heapType else { return self }
        return CoreReferenceType(isNullable: isNullable, heapType: .index(try map(index)))
    }
}
