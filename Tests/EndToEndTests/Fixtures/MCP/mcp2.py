# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The client of the package mcp 2 as it is, in both eras of the protocol: mcp2.py TERRARIUM MODE REVISION"""

import asyncio
import os
import sys

from mcp import Client
from mcp.client.stdio import StdioServerParameters

terrarium, mode, revision = sys.argv[1:]
server = StdioServerParameters(command=terrarium, args=["mcp", "--quiet"], env=dict(os.environ))

PICTURE = """
class Dot:
    def _repr_png_(self):
        import base64
        return base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
Dot()
"""


async def main() -> None:
    async with Client(server, mode=mode) as client:
        assert client.protocol_version == revision, client.protocol_version
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["run_python", "write_file", "read_file", "fork_session", "undo_run", "resume_python"]
        assert all(tool.output_schema for tool in tools.values())

        # State across calls; the client checks structuredContent against outputSchema.
        await call(client, "run_python", code="counter = 41")
        result = await call(client, "run_python", code="print('text'); counter + 1")
        assert result.content[0].text == "text\n=> 42", result.content[0].text
        assert result.structured_content["value"] == 42
        session = result.structured_content["session"]

        # A handle of a copy, which goes its own way.
        copy, = (await call(client, "fork_session")).structured_content["sessions"]
        assert copy != session
        await call(client, "run_python", session=copy, code="counter = 0")
        assert (await call(client, "run_python", code="counter")).structured_content["value"] == 41
        result = await call(client, "run_python", session=copy, code="counter")
        assert result.structured_content["value"] == 0

        # Taken back.
        await call(client, "run_python", code="del counter")
        await call(client, "undo_run", session=session)
        assert (await call(client, "run_python", code="counter")).structured_content["value"] == 41

        # A picture.
        result = await call(client, "run_python", code=PICTURE)
        picture, = [block for block in result.content if block.type == "image"]
        assert picture.mime_type == "image/png" and picture.data.startswith("iVBOR")

        # Files in and out, as links and resources.
        await call(client, "write_file", path="/data/in.txt", text="1\n2\n3\n")
        result = await call(client, "run_python", code="""
            total = sum(map(int, open('/data/in.txt')))
            open('/out/total.txt', 'w').write(f'{total}')
        """.replace("            ", ""))
        link, = [block for block in result.content if block.type == "resource_link"]
        contents, = (await client.read_resource(str(link.uri))).contents
        assert contents.text == "6", contents
        uris = {str(resource.uri) for resource in (await client.list_resources()).resources}
        assert str(link.uri) in uris and any(uri.endswith("/data/in.txt") for uri in uris), uris
        templates = (await client.list_resource_templates()).resource_templates
        assert templates[0].uri_template == "terrarium://sessions/{session}/files/{+path}"
        read = await call(client, "read_file", path="/out/total.txt")
        assert read.content[0].text == "6"

        # Errors are results, with the line.
        result = await client.call_tool("run_python", {"code": "x = 1\nimport pandas"})
        assert result.is_error and result.structured_content["error"]["line"] == 2
        assert "pandas" in result.content[0].text
        result = await client.call_tool("run_python", {"code": "while True: pass", "timeout_seconds": 0.3})
        assert result.is_error and result.structured_content["status"] == "timeout", result

        # Progress.
        reports = []

        async def on_progress(progress, total, message):
            reports.append((progress, total, message))

        loop = """
            import terrarium, time
            for item in terrarium.progress(range(5), label='items'): time.sleep(0.15)
        """.replace("            ", "")
        await client.call_tool("run_python", {"code": loop}, progress_callback=on_progress)
        assert reports and reports[-1][1:] == (5, "items"), reports
        assert [report[0] for report in reports] == sorted({report[0] for report in reports})

        # Cancelled: the run ends at once, and the session lives on.
        started = asyncio.get_running_loop().time()
        task = asyncio.create_task(client.call_tool("run_python", {"code": "kept = 5\nwhile True: pass"}))
        await asyncio.sleep(0.5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        result = await call(client, "run_python", code="kept, counter")
        assert result.structured_content["text"] == "(5, 41)"
        assert asyncio.get_running_loop().time() - started < 4

        # A program that awaits a tool of the client.
        tool = {"name": "search", "description": "Searches.", "input_schema": {"properties": {"query": {}}}}
        code = "import asyncio\nfound = await asyncio.gather(search('a'), search(query='b'))\nfound"
        result = await call(client, "run_python", code=code, tools=[tool])
        assert result.structured_content["status"] == "needs_results"
        calls = result.structured_content["calls"]
        assert [call["arguments"] for call in calls] == [{"query": "a"}, {"query": "b"}], calls
        result = await call(client, "resume_python", results=[{"id": calls[1]["id"], "value": ["B"]}])
        assert [call["id"] for call in result.structured_content["calls"]] == [calls[0]["id"]]
        result = await call(client, "resume_python", results=[{"id": calls[0]["id"], "value": {"n": 1}}])
        assert result.structured_content["value"] == [{"n": 1}, ["B"]]

        # Side by side, each in a session of its own.
        sessions = (await call(client, "fork_session", count=4)).structured_content["sessions"]
        results = await asyncio.gather(*[
            call(client, "run_python", session=name, code=f"counter + {number}")
            for number, name in enumerate(sessions)
        ])
        assert [result.structured_content["value"] for result in results] == [41, 42, 43, 44]
    print("ok")


async def call(client, name, **arguments):
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result
    return result


asyncio.run(main())
