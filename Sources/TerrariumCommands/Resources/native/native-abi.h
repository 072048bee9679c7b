// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stddef.h>
#include <stdint.h>

// The form in which a library of optimised guest code and the program that loads it know of each other. The copies of this
// file in the resources of TerrariumCommands and in CTerrariumShims are the same; a test compares them.

/// The version of what follows; a library of another one is not used.
#define TERRARIUM_NATIVE_ABI 1

/// The reasons for which guest code ends itself, with the numbers that wasm2c gives them.
enum {
    TERRARIUM_NATIVE_TRAP_MEMORY = 1,
    TERRARIUM_NATIVE_TRAP_OVERFLOW = 2,
    TERRARIUM_NATIVE_TRAP_DIVISION = 3,
    TERRARIUM_NATIVE_TRAP_CONVERSION = 4,
    TERRARIUM_NATIVE_TRAP_UNREACHABLE = 5,
    TERRARIUM_NATIVE_TRAP_CALL = 6,
    TERRARIUM_NATIVE_TRAP_STACK = 10,
};

/// The functions that guest code calls in the program that loaded it. Each function gets the context that the instance was made with.
typedef struct terrarium_native_host {
    /// Calls an import by its number; the arguments are in `values`, and so is the result afterwards.
    void (*_Nonnull call)(void *_Nonnull context, uint32_t number, uint64_t *_Nonnull values);
    /// Grows the memory; returns 0 if it could not.
    int (*_Nonnull grow)(void *_Nonnull context, uint64_t byte_count);
} terrarium_native_host;

/// A function of the guest.
typedef struct terrarium_native_function {
    /// The path of the component's function, its parts separated by `/`; of an import its interface and its name.
    const char *_Nonnull name;
    /// The types of parameters and results, `i`, `l`, `f` or `d` each, with a colon between them.
    const char *_Nonnull type;
    /// Calls the function; the arguments are in `values`, and so is the result afterwards. Null for an import.
    void (*_Nullable call)(void *_Nonnull instance, uint64_t *_Nonnull values);
    /// The number of the export that is to be called once the result was read; -1 if there is none.
    int32_t post_return;
} terrarium_native_function;

/// All that the program needs to know of a library; the library exports it as `terrarium_guest`.
typedef struct terrarium_native_library {
    uint32_t abi;
    /// The sources, the compiler and the options that the code was made from and by, in words.
    const char *_Nonnull description;
    const terrarium_native_function *_Nonnull exports;
    uint32_t export_count;
    const terrarium_native_function *_Nonnull imports;
    uint32_t import_count;
    /// The number of the export that allocates memory for arguments; -1 if there is none.
    int32_t realloc;
    /// The bytes that an instance takes.
    size_t instance_bytes;
    /// The instruction at which guest code ends itself; the reason is then in the first argument's register.
    const uint8_t *_Nonnull trap_instruction;
    /// The tables of functions, in whole pages, which nobody writes to once they are filled.
    uint8_t *_Nonnull tables;
    size_t tables_bytes;
    /// Fills the tables; called once.
    void (*_Nonnull set_up)(void);
    /// Makes an instance in zeroed storage. Host functions are not called when less of the stack is left than down to
    /// `stack_limit`.
    void (*_Nonnull instantiate)(
        void *_Nonnull instance,
        const terrarium_native_host *_Nonnull host,
        void *_Nonnull context,
        uint8_t *_Nonnull memory,
        uint64_t memory_bytes
    );
    /// Tells an instance how far down the stack of this thread its host functions may be called.
    void (*_Nonnull set_stack_limit)(void *_Nonnull instance, uintptr_t limit);
} terrarium_native_library;
