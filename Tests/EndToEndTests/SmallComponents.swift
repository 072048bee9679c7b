// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Components that exist in no time, for tests of what is around them.
enum SmallComponents {
    /// Exports `exec`, which always succeeds, and `eval`, which always answers `[1, 2]`.
    static let sandbox = """
        (component
            (core module $m
                (memory (export "memory") 1)
                (data (i32.const 64) "[1, 2]")
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
                (func (export "exec") (param i32 i32) (result i32)
                    (i32.store8 (i32.const 16) (i32.const 0)) (i32.const 16))
                (func (export "eval") (param i32 i32) (result i32)
                    (i32.store8 (i32.const 16) (i32.const 0))
                    (i32.store (i32.const 20) (i32.const 64))
                    (i32.store (i32.const 24) (i32.const 6))
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

    /// The same as a component inside a component.
    static let compound = """
        (component
            \(sandbox.replacing("(component", with: "(component $inner", maxReplacements: 1))
            (instance $instance (instantiate $inner))
            (alias export $instance "exec" (func $exec))
            (alias export $instance "eval" (func $eval))
            (export "exec" (func $exec))
            (export "eval" (func $eval)))
        """
}
