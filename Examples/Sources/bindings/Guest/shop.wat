;; SPDX-FileCopyrightText: Terrarium contributors
;; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

;; The component Shop.wasm in the least possible code. Any language that compiles to components will do:
;;
;;     wasm-tools component embed shop.wit shop.wat | wasm-tools component new -o ../Shop.wasm
(module
  (import "example:shop/books" "[constructor]ledger" (func $make-ledger (param i32 i32) (result i32)))
  (import "example:shop/books" "[method]ledger.add" (func $add (param i32 i64) (result i64)))
  (import "example:shop/books" "[resource-drop]ledger" (func $drop-ledger (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "sales")
  (data (i32.const 32) "nothing was sold")
  ;; The result is at 64, the arguments from 1024 on.
  (global $free (mut i32) (i32.const 1024))
  (func (export "cabi_realloc") (param i32 i32 i32) (param $size i32) (result i32)
    (local $address i32)
    (local.set $address (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (if (i32.gt_u (local.get $size) (i32.sub (i32.const 65536) (local.get $address))) (then unreachable))
    (global.set $free (i32.add (local.get $address) (local.get $size)))
    (local.get $address))
  (func (export "settle") (param $amount i32) (param $count i32) (result i32)
    (local $ledger i32)
    (global.set $free (i32.const 1024))
    (i32.store8 (i32.const 64) (i32.eqz (local.get $count)))
    (if (i32.eqz (local.get $count))
      (then
        (i32.store (i32.const 72) (i32.const 32))
        (i32.store (i32.const 76) (i32.const 16)))
      (else
        (local.set $ledger (call $make-ledger (i32.const 16) (i32.const 5)))
        (loop $next
          (i64.store (i32.const 72) (call $add (local.get $ledger) (i64.load (local.get $amount))))
          (local.set $amount (i32.add (local.get $amount) (i32.const 8)))
          (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (call $drop-ledger (local.get $ledger))))
    (i32.const 64)))
