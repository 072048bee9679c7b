// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Small components for tests.
enum Guests {
    /// Exports functions without parameters that misbehave in various ways.
    static let misbehaving = """
        (component
          (core module $code (@name "code")
            (memory (export "memory") 1)
            (func $deep (param i32) (result i32)
              (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
            (func $inner (unreachable))
            (func $outer (export "unreachable") (call $inner))
            (func (export "divide") (result i32) (i32.div_u (i32.const 1) (i32.const 0)))
            (func (export "out-of-bounds") (result i32) (i32.load (i32.const 0x7fffffff)))
            (func (export "recurse") (result i32) (call $deep (i32.const 0)))
            (func (export "loop") (loop $again (br $again)))
            (func (export "count") (param $n i32) (result i32)
              (loop $again
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br_if $again (local.get $n)))
              (i32.const 7))
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
          (core instance $code (instantiate $code))
          (func (export "unreachable") (canon lift (core func $code "unreachable")))
          (func (export "divide") (result u32) (canon lift (core func $code "divide")))
          (func (export "out-of-bounds") (result u32) (canon lift (core func $code "out-of-bounds")))
          (func (export "recurse") (result u32) (canon lift (core func $code "recurse")))
          (func (export "loop") (canon lift (core func $code "loop")))
          (func (export "count") (param "n" u32) (result u32) (canon lift (core func $code "count")))
          (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $code "grow"))))
        """

    /// Imports `host: func()` and exports `run: func()`, which calls it; also in an instance `inner`.
    static let callingOut = """
        (component
          (import "host" (func $host))
          (core func $host (canon lower (func $host)))
          (core module $code
            (import "" "host" (func $host))
            (func (export "run") (call $host)))
          (core instance $code (instantiate $code (with "" (instance (export "host" (func $host))))))
          (func $run (canon lift (core func $code "run")))
          (instance $inner (export "run" (func $run)))
          (export "run" (func $run))
          (export "local:test/inner" (instance $inner)))
        """
}
