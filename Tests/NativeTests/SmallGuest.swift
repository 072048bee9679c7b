// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A guest whose `eval` does what the first letter of the expression says, and answers a digit.
enum SmallGuest {
    /// The actions by their letters: an expression of WebAssembly that leaves a number.
    static let actions: [(letter: Character, name: String, code: String)] = [
        ("a", "a constant", "(i32.const 7)"),
        ("b", "a load behind the memory", "(i32.load (i32.const 0x7ffffff0))"),
        ("c", "a load whose value nobody uses", "(drop (i32.load (i32.const 0x7ffffff0))) (i32.const 7)"),
        ("d", "a load at the highest address with the highest offset", "(i32.load offset=0xffffffff (i32.const -1))"),
        ("e", "a store behind the memory", "(i64.store (i32.const -8) (i64.const 1)) (i32.const 7)"),
        ("f", "a store across the end of the memory", "(i64.store (i32.const 0x3fffc) (i64.const 1)) (i32.const 7)"),
        ("g", "a division by zero", "(i32.div_s (i32.const 1) (i32.load (i32.const 0)))"),
        ("h", "an overflow", "(i32.div_s (i32.const 0x80000000) (i32.sub (i32.load (i32.const 0)) (i32.const 1)))"),
        ("i", "a conversion of what is no number", "(i32.trunc_f64_s (f64.load (i32.const 32)))"),
        ("j", "unreachable", "(unreachable)"),
        ("k", "an indirect call of another type", "(call_indirect (type $none) (i32.const 1)) (i32.const 7)"),
        ("l", "an indirect call of an empty element", "(call_indirect (type $number) (i32.const 0))"),
        ("m", "an indirect call behind the table", "(call_indirect (type $number) (i32.const 900))"),
        ("n", "an indirect call", "(call_indirect (type $number) (i32.const 1))"),
        ("o", "endless recursion", "(call $deep (i32.const 0))"),
        (
            "p", "a copy behind the memory",
            "(memory.copy (i32.const 0x3fff0) (i32.const 0) (i32.const 64)) (i32.const 7)"
        ),
        (
            "q", "a fill behind the memory",
            "(memory.fill (i32.const 0x3fff0) (i32.const 1) (i32.const 64)) (i32.const 7)"
        ),
        ("r", "growth", "(i32.add (memory.grow (i32.const 1)) (i32.load (i32.const 0x4fffc)))"),
        ("s", "growth beyond the limit", "(i32.eq (memory.grow (i32.const 0xffff)) (i32.const -1))"),
        ("t", "an endless loop", "(loop $again (br $again)) (i32.const 7)"),
        (
            "u", "an endless loop that stores",
            "(loop $again (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1))) (br $again)) (i32.const 7)"
        ),
        (
            "v", "an endless loop of copies",
            "(loop $again (memory.copy (i32.const 8) (i32.const 0) (i32.const 0x20000)) (br $again)) (i32.const 7)"
        ),
        (
            "w", "a remainder that does not overflow",
            "(i32.rem_s (i32.const 0x80000000) (i32.sub (i32.load (i32.const 0)) (i32.const 1)))"
        ),
        ("x", "rounding", "(i32.trunc_f64_s (f64.nearest (f64.const 6.5)))"),
        (
            "y", "a loop that stores until the memory ends",
            "(loop $again (i32.store8 (global.get $place) (i32.const 1)) "
                + "(global.set $place (i32.add (global.get $place) (i32.const 1))) (br $again)) (i32.const 7)"
        ),
    ]

    /// The names by letter.
    static let letters = actions.map { String($0.letter) }

    static var component: String {
        let branches = actions.map { action in
            """
            (func $\(action.letter) (result i32) \(action.code))
            """
        }
        let choices = actions.map { action in
            let letter = action.letter.asciiValue ?? 0
            return "(if (i32.eq (local.get 0) (i32.const \(letter))) (then (return (call $\(action.letter)))))"
        }
        return """
            (component
              (core module $m
                (type $none (func))
                (type $number (func (result i32)))
                (memory (export "memory") 4)
                (global $place (mut i32) (i32.const 0x10000))
                (table 2 funcref)
                (elem (i32.const 1) $a)
                (data (i32.const 32) "\\00\\00\\00\\00\\00\\00\\f8\\7f")
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
                (func $deep (param i32) (result i32)
                  ;; Nothing that a compiler makes a loop of.
                  (i32.add
                    (i32.const 1)
                    (i32.mul (i32.load (i32.const 0)) (call $deep (i32.add (local.get 0) (i32.load (i32.const 0)))))))
                \(branches.joined(separator: "\n"))
                (func $choose (param i32) (result i32) \(choices.joined(separator: "\n")) (i32.const 0))
                (func (export "exec") (param i32 i32) (result i32) (unreachable))
                (func (export "eval") (param i32 i32) (result i32)
                  (i32.store8 (i32.const 512) (i32.add (i32.const 48) (call $choose (i32.load8_u (local.get 0)))))
                  (i32.store (i32.const 20) (i32.const 512))
                  (i32.store (i32.const 24) (i32.const 1))
                  (i32.const 16)))
              (core instance $i (instantiate $m))
              (alias core export $i "memory" (core memory $memory))
              (alias core export $i "realloc" (core func $realloc))
              (alias core export $i "exec" (core func $exec))
              (alias core export $i "eval" (core func $eval))
              (type $exec-type (func (param "statements" string) (result (result (error string)))))
              (type $eval-type (func (param "expression" string) (result (result string (error string)))))
              (func $lifted-exec (type $exec-type) (canon lift (core func $exec) (memory $memory) (realloc $realloc)))
              (func $lifted-eval (type $eval-type) (canon lift (core func $eval) (memory $memory) (realloc $realloc)))
              (export "exec" (func $lifted-exec))
              (export "eval" (func $lifted-eval)))
            """
    }
}
