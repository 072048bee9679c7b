# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The clients of the packages mcp 2 and fastmcp as they are, over HTTP: mcp2_http.py URL MODE REVISION"""

import asyncio
import sys

from fastmcp import Client as FastClient
from mcp import Client

url, mode, revision = sys.argv[1:]


async def with_mcp() -> None:
    async with Client(url, mode=mode) as client:
        assert client.protocol_version == revision, client.protocol_version
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools)[0] == "run_python" and len(tools) == 6, list(tools)

        # State by handle; a call without one has a session of its own.
        first = await call(client, "run_python", code="counter = 41")
        session = first.structured_content["session"]
        assert session in first.content[0].text
        result = await call(client, "run_python", code="counter + 1", session=session)
        assert result.structured_content["value"] == 42
        result = await call(client, "run_python", code="'counter' in globals()")
        assert result.structured_content["value"] is False
        result = await client.call_tool("run_python", {"code": "1", "session": "s_" + "0" * 32})
        assert result.is_error

        copy, = (await call(client, "fork_session", session=session)).structured_content["sessions"]
        await call(client, "run_python", session=copy, code="counter = 0")
        result = await call(client, "run_python", session=session, code="counter")
        assert result.structured_content["value"] == 41

        # Files as resources.
        result = await call(client, "run_python", session=session, code="open('/out/a.txt', 'w').write('hi')")
        link, = [block for block in result.content if block.type == "resource_link"]
        contents, = (await client.read_resource(str(link.uri))).contents
        assert contents.text == "hi"

        # Progress, which makes the answer a stream.
        reports = []

        async def on_progress(progress, total, message):
            reports.append((progress, total, message))

        loop = "import terrarium, time\nfor i in terrarium.progress(range(5), label='i'): time.sleep(0.15)"
        await client.call_tool("run_python", {"code": loop}, progress_callback=on_progress)
        assert reports and reports[-1][1:] == (5, "i"), reports

        # Cancelled: the program ends, and the session keeps what it did.
        stuck = {"code": "kept = 5\nwhile True: pass", "session": session}
        task = asyncio.create_task(client.call_tool("run_python", stuck))
        await asyncio.sleep(0.5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if mode == "auto":
            # In the revisions before, a client says so in a message of its own, which is no request's.
            result = await call(client, "run_python", session=session, code="kept")
            assert result.structured_content["value"] == 5

        # A program that awaits a tool of the client, over as many connections as it takes.
        code = "found = await search(query='a')\nfound * 2"
        result = await call(client, "run_python", code=code, tools=["search"])
        waiting = result.structured_content
        assert waiting["status"] == "needs_results"
        results = [{"id": waiting["calls"][0]["id"], "value": 21}]
        result = await call(client, "resume_python", session=waiting["session"], results=results)
        assert result.structured_content["value"] == 42


async def with_fastmcp() -> None:
    async with FastClient(url) as client:
        assert len(await client.list_tools()) == 6
        result = await client.call_tool("run_python", {"code": "print('x'); 6 * 7"})
        assert result.structured_content["value"] == 42


async def call(client, name, **arguments):
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result
    return result


asyncio.run(with_mcp())
asyncio.run(with_fastmcp())
print("ok")
