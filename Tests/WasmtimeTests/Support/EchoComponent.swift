// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Components that pass a value on: from an export, through core code and memory, to a host function, and back.
struct EchoComponent {
    /// The value's type in WebAssembly's text format.
    let type: String
    /// The core types that the value takes as parameter, by the canonical ABI's flattening.
    let flat: [String]

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
