# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The client of the package e2b-code-interpreter, as it is: e2b_client.py URL KEY"""

import asyncio
import os
import sys

url, key = sys.argv[1:]
os.environ |= {"E2B_API_URL": url, "E2B_SANDBOX_URL": url, "E2B_API_KEY": key}

from e2b import FileType, SandboxQuery, SandboxState  # noqa: E402
from e2b.exceptions import FileNotFoundException, NotFoundException, SandboxException  # noqa: E402
from e2b_code_interpreter import AsyncSandbox, Sandbox  # noqa: E402


def runs(sandbox: Sandbox) -> None:
    execution = sandbox.run_code("x = 20\nx + 22")
    assert execution.text == "42" and execution.error is None, execution
    assert sandbox.run_code("x").text == "20"
    assert sandbox.run_code("'text'").text == "text"
    seen: "list[str]" = []
    execution = sandbox.run_code(
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\nNone",
        on_stdout=lambda line: seen.append(line.line), on_stderr=lambda line: seen.append(line.line))
    assert "".join(execution.logs.stdout) == "out\n" and "".join(execution.logs.stderr) == "err\n", execution
    assert "".join(seen) == "out\nerr\n" and execution.results == [], (seen, execution)
    execution = sandbox.run_code("y = 1\n1 / 0")
    assert execution.error.name == "ZeroDivisionError" and "line 2" in execution.error.traceback, execution.error
    assert sandbox.run_code("y").text == "1"
    execution = sandbox.run_code("class Table:\n  def _repr_html_(self): return '<b>1</b>'\nTable()")
    assert execution.results[0].html == "<b>1</b>" and execution.results[0].is_main_result, execution.results
    execution = sandbox.run_code("from IPython.display import display, Markdown\ndisplay(Markdown('**a**'))\n3")
    assert [result.markdown for result in execution.results] == ["**a**", None] and execution.text == "3", execution.results
    assert execution.execution_count > 0
    assert sandbox.run_code("import os\nos.environ['A'], os.getcwd()", envs={"A": "of one run"}).text == "('of one run', '/home/user')"
    assert sandbox.run_code("os.environ['A'], os.environ['E2B_SANDBOX_ID']").text == f"('of all runs', '{sandbox.sandbox_id}')"
    for refused in (lambda: sandbox.run_code("1", language="r"), lambda: sandbox.create_code_context()):
        try:
            refused()
        except SandboxException as error:
            assert "here" in str(error), error
        else:
            raise AssertionError("it was not refused")
    assert [context.language for context in sandbox.list_code_contexts()] == ["python"]


def files(sandbox: Sandbox) -> None:
    written = sandbox.files.write("notes/a.txt", "Grüße\n")
    assert written.path == "/home/user/notes/a.txt" and written.name == "a.txt", written
    assert sandbox.run_code("open('/home/user/notes/a.txt').read()").text == "Grüße\\n"
    assert sandbox.files.read("notes/a.txt") == "Grüße\n"
    data = bytes(range(256)) * 1000 + b"\r\n--"
    sandbox.files.write("/data.bin", data)
    assert bytes(sandbox.files.read("/data.bin", format="bytes")) == data
    sandbox.files.write_files([{"path": "/m/1", "data": "one"}, {"path": "/m/2\"q", "data": b"two"}])
    assert sorted(entry.name for entry in sandbox.files.list("/m")) == ["1", "2\"q"]
    sandbox.files.write("/stream", iter([b"a", b"b"]))
    assert sandbox.files.read("/stream") == "ab"
    assert sandbox.files.make_dir("/made/here") and not sandbox.files.make_dir("/made/here")
    assert sandbox.files.exists("/made/here") and not sandbox.files.exists("/none")
    info = sandbox.files.get_info("/data.bin")
    assert info.size == len(data) and info.type == FileType.FILE, info
    moved = sandbox.files.rename("/data.bin", "/made/moved.bin")
    assert moved.path == "/made/moved.bin" and not sandbox.files.exists("/data.bin")
    assert [entry.path for entry in sandbox.files.list("/made")] == ["/made/here", "/made/moved.bin"]
    sandbox.files.remove("/made")
    for missing in (lambda: sandbox.files.read("/none"), lambda: sandbox.files.list("/none"),
                    lambda: sandbox.files.rename("/none", "/other")):
        try:
            missing()
        except FileNotFoundException:
            continue
        raise AssertionError("a missing file was found")


def life(sandbox: Sandbox) -> None:
    info = sandbox.get_info()
    assert info.sandbox_id == sandbox.sandbox_id and info.metadata == {"purpose": "test"}, info
    assert info.state == SandboxState.RUNNING and info.template_id == "code-interpreter-v1", info
    listed = Sandbox.list(query=SandboxQuery(metadata={"purpose": "test"})).next_items()
    assert [one.sandbox_id for one in listed] == [sandbox.sandbox_id], listed
    assert Sandbox.list(query=SandboxQuery(metadata={"purpose": "other"})).next_items() == []
    sandbox.set_timeout(600)
    assert (sandbox.get_info().end_at - info.end_at).total_seconds() > 200
    sandbox.run_code("kept = 'over the pause'")
    sandbox.pause()
    assert sandbox.get_info().state == SandboxState.PAUSED
    again = Sandbox.connect(sandbox.sandbox_id)
    assert again.run_code("kept").text == "over the pause" and again.get_info().state == SandboxState.RUNNING
    assert sandbox.is_running()
    assert sandbox.kill() and not sandbox.kill()
    assert not sandbox.is_running()
    try:
        Sandbox.connect(sandbox.sandbox_id)
    except NotFoundException:
        return
    raise AssertionError("a killed sandbox was found")


async def asynchronous() -> None:
    sandboxes = await asyncio.gather(*(AsyncSandbox.create() for _ in range(4)))
    results = await asyncio.gather(*(one.run_code(f"n = {number}\nn * 2") for number, one in enumerate(sandboxes)))
    assert [result.text for result in results] == ["0", "2", "4", "6"]
    await sandboxes[0].files.write("a", "b")
    assert await sandboxes[0].files.read("a") == "b"
    for sandbox in sandboxes:
        assert await sandbox.kill()


with_name = Sandbox.create(metadata={"purpose": "test"}, envs={"A": "of all runs"}, timeout=300)
runs(with_name)
files(with_name)
life(with_name)
asyncio.run(asynchronous())
print("ok")
