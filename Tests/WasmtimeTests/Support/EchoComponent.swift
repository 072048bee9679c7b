// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Components that pass a value on: from an export, through core code and memory, to a host function, and back.
struct EchoComponent {
    /// The value's type in WebAssembly's text format.
    let type: String
    /// The core types that the value takes as parameter, by the canonical ABI's flattening.
    let flat: [String]

    init(_ type: String, flat: [String]) {
        self.type = type
        self.flat = flat
    }

    init(_ type: String, _ flat: String...) {
        self.type = type
        self.flat = flat
    }

    /// Imports `host: func(x: t) -> t` and exports `run: func(x: t) -> t`.
    var text: String {
        let parameters = flat.isEmpty ? "" : "(param \(flat.joined(separator: " ")))"
        let isDirect = flat.count == 1
        let importedParameters = isDirect ? parameters : "(param \((flat + ["i32"]).joined(separator: " ")))"
        let arguments = flat.indices.map { "(local.get \($0))" }.joined(separator: " ")
        let body =
            isDirect
            ? "(call $host \(arguments))"
            : "(call $host \(arguments) (i32.const 64)) (i32.const 64)"
        return """
            (component
              (type $t' \(type))
              (import "t" (type $t (eq $t')))
              (import "host" (func $host (param "x" $t) (result $t)))
              (core module $libc
                (memory (export "memory") 1)
                (global $next (mut i32) (i32.const 1024))
                (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                  (local $start i32)
                  (local.set $start (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
                  (global.set $next (i32.add (local.get $start) (local.get 3)))
                  (block $fits
                    (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
                    (br_if $fits (i32.ne (i32.const -1) (memory.grow
                      (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536))))))
                    (unreachable))
                  (local.get $start)))
              (core instance $libc (instantiate $libc))
              (core func $host' (canon lower (func $host)
                (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
              (core module $code
                (import "" "host" (func $host \(importedParameters) \(isDirect ? "(result \(flat[0]))" : "")))
                (func (export "run") \(parameters) (result \(isDirect ? flat[0] : "i32")) \(body)))
              (core instance $code (instantiate $code (with "" (instance (export "host" (func $host'))))))
              (func (export "run") (param "x" $t) (result $t)
                (canon lift (core func $code "run") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
            """
    }
}

extension EchoComponent {
    /// Exports functions that return their argument: `ok` and `error` as that side of a result, `empty` without payload,
    /// `other` as something else, and `plain` as it is.
    static let textCall = """
        (component
          (core module $code
            (memory (export "memory") 1)
            (global $next (mut i32) (i32.const 1024))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
              (local $start i32)
              (local.set $start (global.get $next))
              (global.set $next (i32.add (local.get $start) (local.get 3)))
              (block $fits
                (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
                (br_if $fits (i32.ne (i32.const -1) (memory.grow
                  (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536))))))
                (unreachable))
              (local.get $start))
            (func $result (param $case i32) (param $text i32) (param $length i32) (result i32)
              (i32.store (i32.const 16) (local.get $case))
              (i32.store (i32.const 20) (local.get $text))
              (i32.store (i32.const 24) (local.get $length))
              (i32.const 16))
            (func (export "ok") (param i32 i32) (result i32)
              (call $result (i32.const 0) (local.get 0) (local.get 1)))
            (func (export "error") (param i32 i32) (result i32)
              (call $result (i32.const 1) (local.get 0) (local.get 1)))
            (func (export "other") (param i32 i32) (result i32)
              (call $result (local.get 0) (local.get 1) (i32.const 0)))
            (func (export "plain") (param i32 i32) (result i32)
              (call $result (local.get 0) (local.get 1) (i32.const 0))))
          (core instance $code (instantiate $code))
          (func (export "ok") (param "x" string) (result (result string (error string)))
            (canon lift (core func $code "ok")
              (memory (core memory $code "memory")) (realloc (core func $code "realloc"))))
          (func (export "error") (param "x" string) (result (result string (error string)))
            (canon lift (core func $code "error")
              (memory (core memory $code "memory")) (realloc (core func $code "realloc"))))
          (func (export "empty") (param "x" string) (result (result (error string)))
            (canon lift (core func $code "ok")
              (memory (core memory $code "memory")) (realloc (core func $code "realloc"))))
          (func (export "plain") (param "x" string) (result string)
            (canon lift (core func $code "plain")
              (memory (core memory $code "memory")) (realloc (core func $code "realloc"))))
          (func (export "other") (param "x" string) (result (list u8))
            (canon lift (core func $code "other")
              (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
        """
}
