// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension BinaryWriter {
    mutating func componentValueType(_ type: Component.ValueType) {
        switch type {
        case .primitive(let primitive): byte(primitive.rawValue)
        case .index(let index): signed(Int64(index))
        }
    }

    mutating func resultList(_ type: Component.ValueType?) {
        guard let type else { return append([1, 0]) }
        byte(0)
        componentValueType(type)
    }

    private mutating func optionalValueType(_ type: Component.ValueType?) {
        optional(type) { $0.componentValueType($1) }
    }

    private mutating func labeledTypes(_ types: [Component.LabeledType]) {
        vector(types) {
            $0.name($1.name)
            $0.componentValueType($1.type)
        }
    }

    mutating func typeDefinition(_ definition: Component.TypeDefinition) {
        switch definition {
        case .primitive(let type): byte(type.rawValue)
        case .record(let fields):
            byte(0x72)
            labeledTypes(fields)
        case .variant(let cases):
            byte(0x71)
            vector(cases) {
                $0.name($1.name)
                $0.optionalValueType($1.type)
                $0.byte(0)
            }
        case .list(let element):
            byte(0x70)
            componentValueType(element)
        case .fixedLengthList(let element, let count):
            byte(0x67)
            componentValueType(element)
            u32(count)
        case .tuple(let types):
            byte(0x6f)
            vector(types) { $0.componentValueType($1) }
        case .flags(let labels):
            byte(0x6e)
            vector(labels) { $0.name($1) }
        case .enumeration(let labels):
            byte(0x6d)
            vector(labels) { $0.name($1) }
        case .option(let type):
            byte(0x6b)
            componentValueType(type)
        case .result(let success, let failure):
            byte(0x6a)
            optionalValueType(success)
            optionalValueType(failure)
        case .map(let key, let value):
            byte(0x63)
            componentValueType(key)
            componentValueType(value)
        case .own(let resource):
            byte(0x69)
            u32(resource)
        case .borrow(let resource):
            byte(0x68)
            u32(resource)
        case .stream(let type):
            byte(0x66)
            optionalValueType(type)
        case .future(let type):
            byte(0x65)
            optionalValueType(type)
        case .function(let type):
            byte(type.isAsync ? 0x43 : 0x40)
            labeledTypes(type.parameters)
            resultList(type.result)
        case .component(let declarations):
            byte(0x41)
            vector(declarations) { $0.declaration($1) }
        case .instance(let declarations):
            byte(0x42)
            vector(declarations) { $0.declaration($1) }
        case .resource(let representation, let destructor):
            byte(0x3f)
            coreValueType(representation)
            optional(destructor) { $0.u32($1) }
        }
    }

    private mutating func declaration(_ declaration: Component.Declaration) {
        switch declaration {
        case .coreType(let type):
            byte(0)
            coreType(type)
        case .type(let definition):
            byte(1)
            typeDefinition(definition)
        case .alias(let alias):
            byte(2)
            self.alias(alias)
        case .import(let name, let type):
            byte(3)
            externName(name)
            externType(type)
        case .export(let name, let type):
            byte(4)
            externName(name)
            externType(type)
        }
    }

    mutating func externType(_ type: Component.ExternType) {
        switch type {
        case .coreModule(let index):
            append([0x00, 0x11])
            u32(index)
        case .function(let index):
            byte(1)
            u32(index)
        case .valueEqual(let index):
            append([2, 0])
            u32(index)
        case .value(let type):
            append([2, 1])
            componentValueType(type)
        case .typeEqual(let index):
            append([3, 0])
            u32(index)
        case .resource: append([3, 1])
        case .component(let index):
            byte(4)
            u32(index)
        case .instance(let index):
            byte(5)
            u32(index)
        }
    }

    mutating func coreType(_ type: Component.CoreType) {
        switch type {
        case .group(let group):
            if !group.isExplicit, group.types.first?.isFinal == false { byte(0) }
            recursionGroup(group)
        case .module(let declarations):
            byte(0x50)
            vector(declarations) { writer, declaration in
                switch declaration {
                case .import(let item):
                    writer.byte(0)
                    writer.coreImport(item)
                case .type(.group(let group)):
                    writer.byte(1)
                    writer.recursionGroup(group)
                case .type(let type):
                    writer.byte(1)
                    writer.coreType(type)
                case .outerAlias(let count, let index):
                    writer.append([2, 0x10, 0x01])
                    writer.u32(count)
                    writer.u32(index)
                case .export(let name, let type):
                    writer.byte(3)
                    writer.name(name)
                    writer.coreExternType(type)
                }
            }
        }
    }
}
