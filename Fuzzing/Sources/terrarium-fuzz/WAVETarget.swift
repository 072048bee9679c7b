// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

@testable import WIT

/// Calls in WAVE of functions that take every kind of type.
struct WAVETarget: FuzzTarget {
    private let model: WITModel
    private let world: WITWorld

    init() throws {
        model = try WITModel(
            parsing: """
                package fuzz:wave@1.0.0;
                interface i {
                  record point { x: s32, y: option<f32> }
                  record keywords { true: bool, none: option<u8>, ok: result }
                  variant shape { nothing, circle(f64), polygon(list<point>), some(u8) }
                  enum color { red, dark-BLUE, ok }
                  flags permissions { read, write, some }
                  integers: func(a: u8, b: s8, c: u16, d: s16, e: u32, f: s32, g: u64, h: s64);
                  texts: func(a: string, b: char, c: bool, d: f32, e: f64);
                  named: func(a: point, b: keywords, c: shape, d: color, e: permissions);
                  nested: func(a: list<list<string>>, b: tuple<u8, option<option<bool>>>, c: result<shape, string>);
                }
                world w { export i; export plain: func(); }
                """
        )
        world = try model.world(named: nil)
    }

    func read(_ bytes: [UInt8]) {
        do throws(WITError) {
            let call = try WAVECall(parsing: String(decoding: bytes, as: UTF8.self), world: world, in: model)
            for (parameter, argument) in zip(call.function.parameters, call.arguments) {
                let text = argument.description
                let again = try WAVEValue(parsing: text, as: parameter.type, in: model).description
                require(again == text, "\(text) is read as \(again)")
            }
        } catch {
            require(!error.message.isEmpty, "an error without a message")
        }
    }
}
