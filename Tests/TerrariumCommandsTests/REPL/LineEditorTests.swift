// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import TerrariumCommands

struct LineEditorTests {
    /// Types keys; answers the line with the cursor as a bar, and what the last key came to.
    private func type(_ keys: String, history: [String] = []) -> (shown: String, action: LineEditor.Action?) {
        var editor = LineEditor(history: history)
        var action: LineEditor.Action?
        for byte in keys.utf8 { action = editor.take(byte) }
        var text = editor.text
        text.insert("|", at: editor.cursor)
        return (String(text), action)
    }

    @Test(
        "Keys do what they do at other prompts",
        arguments: [
            ("abc", "abc|"), ("aé😀", "aé😀|"), ("abc\u{1B}[D\u{1B}[DX", "aX|bc"), ("abc\u{01}X\u{05}Y", "XabcY|"),
            ("abc\u{7F}\u{08}", "a|"), ("abc\u{01}\u{1B}[3~", "|bc"), ("ab cd\u{17}X", "ab X|"),
            ("abc\u{02}\u{0B}", "ab|"), ("abc\u{02}\u{15}", "|c"), ("\tx", "    x|"), ("\u{1B}[Hx\u{1B}[Fy", "xy|"),
            ("a\u{1B}[200~b", "ab|"), ("a\u{1B}xb", "ab|"), ("\u{1B}[D\u{7F}\u{1B}[3~\u{1B}[C", "|"),
            ("e\u{301}x\u{1B}[D\u{7F}", "|x"),
        ]
    )
    func keys(keys: String, shown: String) {
        #expect(type(keys).shown == shown)
    }

    @Test("Up and down go through the history and back to what was being typed")
    func history() {
        let history = ["one", "two"]
        #expect(type("x\u{1B}[A", history: history).shown == "two|")
        #expect(type("x\u{1B}[A\u{1B}[A\u{1B}[A", history: history).shown == "one|")
        #expect(type("x\u{1B}[A\u{10}\u{0E}\u{1B}[B", history: history).shown == "x|")
    }

    @Test("Return, Tab, Ctrl-C and Ctrl-D are told; Ctrl-D within a line deletes")
    func actions() {
        #expect(type("a\r").action == .entered)
        #expect(type("a\t").action == .complete)
        #expect(type("a\u{03}").action == .interrupted)
        #expect(type("\u{04}").action == .ended)
        #expect(type("ab\u{01}\u{04}").shown == "|b")
    }

    @Test("A completion takes the place of what was typed; one that lies elsewhere is ignored")
    func completion() {
        var editor = LineEditor(history: [])
        for byte in "math.sq)".utf8 { _ = editor.take(byte) }
        _ = editor.take(0x02)
        editor.replace(from: 5, with: "sqrt")
        #expect(editor.line == "math.sqrt)" && editor.cursor == 9)
        editor.replace(from: -1, with: "no")
        editor.replace(from: 10, with: "no")
        #expect(editor.line == "math.sqrt)")
    }
}
