;; SPDX-FileCopyrightText: Terrarium contributors
;; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

;; The world of Lists.wit: what is taken is counted, and what is given is zeros of the guest's memory.
(component
  (core module $m
    (memory (export "memory") 64)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
    (func (export "take") (param i32 i32) (result i32) (local.get 1))
    (func (export "give") (param i32) (result i32)
      (i32.store (i32.const 16) (i32.const 2097152))
      (i32.store (i32.const 20) (local.get 0))
      (i32.const 16)))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "realloc" (core func $realloc))
  (type $point' (record (field "x" f64) (field "y" f64) (field "id" u32) (field "tag" u32)))
  (import "point" (type $point (eq $point')))
  (func (export "take-bytes") (param "value" (list u8)) (result u32)
    (canon lift (core func $i "take") (memory $memory) (realloc $realloc)))
  (func (export "give-bytes") (param "count" u32) (result (list u8))
    (canon lift (core func $i "give") (memory $memory) (realloc $realloc)))
  (func (export "take-floats") (param "value" (list f64)) (result u32)
    (canon lift (core func $i "take") (memory $memory) (realloc $realloc)))
  (func (export "give-floats") (param "count" u32) (result (list f64))
    (canon lift (core func $i "give") (memory $memory) (realloc $realloc)))
  (func (export "take-points") (param "value" (list $point)) (result u32)
    (canon lift (core func $i "take") (memory $memory) (realloc $realloc)))
  (func (export "give-points") (param "count" u32) (result (list $point))
    (canon lift (core func $i "give") (memory $memory) (realloc $realloc)))
  (func (export "take-text") (param "value" string) (result u32)
    (canon lift (core func $i "take") (memory $memory) (realloc $realloc)))
  (func (export "give-text") (param "count" u32) (result string)
    (canon lift (core func $i "give") (memory $memory) (realloc $realloc))))
