// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumCommands

@main
enum Main {
    static func main() async {
        await TerrariumCommand.run(CommandLine.arguments.dropFirst())
    }
}
