// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The same program twice gives the same bytes: clocks and random numbers come from a seed, and sleep takes no time.
@main
struct DeterminismExample {
    static func main() async throws {
        let image = try await Image.python()
        func roll(seed: UInt64) async throws -> String {
            let sandbox = Sandbox(image, determinism: Determinism(seed: seed))
            return try await sandbox.run(
                """
                import asyncio, datetime, random, uuid
                await asyncio.sleep(3_600)
                print(datetime.datetime.now(), random.randint(1, 1_000_000), uuid.uuid4())
                """
            ).output
        }
        let first = try await roll(seed: 1)
        print("An hour after the beginning of time:", first.prefix(16))
        print("Again:", try await roll(seed: 1) == first ? "the same" : "different")
        print("With another seed:", try await roll(seed: 2) == first ? "the same" : "different")
    }
}
