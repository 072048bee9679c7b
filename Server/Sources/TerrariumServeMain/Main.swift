// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import TerrariumServer

@main
enum Main {
    static func main() async {
        await ServeCommand.main()
    }
}
