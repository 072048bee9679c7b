// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import CWasmtime

// @unchecked: the callbacks are called from any thread that instantiates, which whoever provides them agrees to.
/// The provider of the linear memories of an engine, in place of the engine itself.
///
/// The callbacks are C functions, because they run whenever an instance is created and whenever its memory is looked at.
/// Their contract: [`wasmtime_memory_creator_t`](https://docs.wasmtime.dev/c-api/structwasmtime__memory__creator.html).
@safe
public struct HostMemoryCreator: @unchecked Sendable {
    private let creator: wasmtime_memory_creator_t

    /// Wraps the C structure.
    ///
    /// - Parameter creator: The callbacks. They may be called from several threads at once. The environment must outlive
    ///   every engine that is made with this value; it belongs to the caller unless `finalizer` is set, in which case one
    ///   engine takes it.
    @unsafe
    package init(_ creator: wasmtime_memory_creator_t) {
        unsafe self.creator = unsafe creator
    }

    func apply(to config: OpaquePointer) {
        var creator = unsafe creator
        unsafe wasmtime_config_host_memory_creator_set(config, &creator)
    }
}
