// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

extension Engine {
    /// The settings of an engine.
    ///
    /// Machine code is only valid for an engine with the same settings.
    public struct Configuration: Sendable {
        /// The amount of work that the compiler puts into fast code.
        public struct OptimizationLevel: Sendable, Hashable {
            let rawValue: Int

            /// Compile quickly.
            public static let none = OptimizationLevel(rawValue: WASMTIME_OPT_LEVEL_NONE)
            /// Make code that runs fast.
            public static let speed = OptimizationLevel(rawValue: WASMTIME_OPT_LEVEL_SPEED)
            /// Make code that runs fast and is small.
            public static let speedAndSize = OptimizationLevel(rawValue: WASMTIME_OPT_LEVEL_SPEED_AND_SIZE)
        }

        /// Compiles checks into the code that let ``Engine/incrementEpoch()`` interrupt it; default false.
        public var epochInterruption = false
        /// Accepts components, which is what this module is for; default true.
        public var componentModel = true
        /// Accepts the component model's `map` type; default false.
        public var componentModelMaps = false
        /// The address space reserved for each linear memory, in bytes; the engine's default (4 GiB) if `nil`.
        public var memoryReservationBytes: UInt64?
        /// The guard region after each linear memory, in bytes; the engine's default (32 MiB) if `nil`.
        public var memoryGuardBytes: UInt64?
        /// The address space reserved for growth beyond the reservation, in bytes; the engine's default if `nil`.
        public var memoryReservationForGrowthBytes: UInt64?
        /// A Boolean value that tells whether a memory may move when it grows; default true.
        public var memoryMayMove = true
        /// Initialises memories by mapping the component's data copy-on-write; default true.
        public var copyOnWriteMemory = true
        /// The stack that the guest may use, in bytes; default 512 KiB.
        ///
        /// The thread that calls the guest must have more: running out of the thread's own stack ends the process.
        public var maxWasmStackBytes = 512 << 10
        /// Compiles on several threads; default true.
        public var parallelCompilation = true
        /// The amount of work that the compiler puts into fast code; default ``OptimizationLevel/speed``.
        public var optimizationLevel = OptimizationLevel.speed
        /// Emits information for native debuggers; default false.
        public var debugInfo = false
        /// Emits information for native stack unwinders and profilers; default true.
        public var nativeUnwindInfo = true
        /// The provider of linear memories.
        ///
        /// If `nil`, the engine itself provides them.
        public var memoryCreator: HostMemoryCreator?

        /// The default settings.
        public init() {}
    }
}

extension Engine.Configuration {
    /// Finds what the engine would answer with the end of the process.
    func validate() throws(WasmtimeError) {
        guard maxWasmStackBytes > 0 else {
            throw WasmtimeError(.invalidConfiguration, "maxWasmStackBytes must be positive")
        }
    }

    func apply(to config: OpaquePointer) {
        unsafe wasmtime_config_wasm_component_model_set(config, componentModel)
        unsafe wasmtime_config_wasm_component_model_map_set(config, componentModelMaps)
        // Values of the types `stream`, `future` and `error-context` have no form in the C API: it would abort the process
        // on meeting one. Without this feature no component can have them.
        unsafe wasmtime_config_wasm_component_model_async_set(config, false)
        // For guests with several tasks of their own; it costs every store.
        unsafe wasmtime_config_concurrency_support_set(config, false)
        unsafe wasmtime_config_epoch_interruption_set(config, epochInterruption)
        unsafe wasmtime_config_memory_init_cow_set(config, copyOnWriteMemory)
        unsafe wasmtime_config_memory_may_move_set(config, memoryMayMove)
        unsafe wasmtime_config_max_wasm_stack_set(config, maxWasmStackBytes)
        unsafe wasmtime_config_parallel_compilation_set(config, parallelCompilation)
        unsafe wasmtime_config_cranelift_opt_level_set(config, UInt8(optimizationLevel.rawValue))
        unsafe wasmtime_config_debug_info_set(config, debugInfo)
        unsafe wasmtime_config_native_unwind_info_set(config, nativeUnwindInfo)
        if let memoryReservationBytes {
            unsafe wasmtime_config_memory_reservation_set(config, memoryReservationBytes)
        }
        if let memoryGuardBytes { unsafe wasmtime_config_memory_guard_size_set(config, memoryGuardBytes) }
        if let memoryReservationForGrowthBytes {
            unsafe wasmtime_config_memory_reservation_for_growth_set(config, memoryReservationForGrowthBytes)
        }
        // Nothing runs on such stacks, but "the value cannot be less than max_wasm_stack".
        unsafe wasmtime_config_async_stack_size_set(config, maxWasmStackBytes)
        unsafe memoryCreator?.apply(to: config)
    }
}
