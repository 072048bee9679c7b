// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension LinkedComponent {
    /// Makes a component again, with the one module in it.
    ///
    /// Host functions that need the module's memory or functions cannot exist before the module does. They are reached
    /// through a small module with a table, which another one fills afterwards; if there are none, nothing but the
    /// module is instantiated. Where there is such a table, the start function runs when it is filled.
    ///
    /// - Throws: an error of the code `invalid` if an edit left a reference that leads nowhere.
    package func component() throws(ComponentsError) -> Component {
        var assembler = try ComponentAssembler(self)
        return try assembler.assemble()
    }
}
