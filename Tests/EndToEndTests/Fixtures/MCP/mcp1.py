# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The client of the package mcp 1 as it is, and langchain-mcp-adapters on top of it: mcp1.py TERRARIUM"""

import asyncio
import os
import sys
from datetime import timedelta

from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools
from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client

terrarium = sys.argv[1]
arguments, environment = ["mcp", "--quiet"], dict(os.environ)


async def with_mcp() -> None:
    server = StdioServerParameters(command=terrarium, args=arguments, env=environment)
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        opened = await session.initialize()
        assert opened.protocolVersion == "2025-11-25" and opened.serverInfo.name == "terrarium"
        assert len((await session.list_tools()).tools) == 6
        await session.send_ping()
        result = await session.call_tool("run_python", {"code": "x = 20\nx + 22"})
        assert result.structuredContent["value"] == 42 and not result.isError
        result = await session.call_tool("run_python", {"code": "open('/out/x', 'wb').write(bytes(3))"})
        link, = [block for block in result.content if block.type == "resource_link"]
        contents, = (await session.read_resource(link.uri)).contents
        assert contents.blob == "AAAA"
        for uri in ["terrarium://sessions/s_0/files/out/x", "file:///etc/passwd"]:
            try:
                await session.read_resource(uri)
            except McpError as error:
                assert error.error.code == -32002, error.error
            else:
                raise AssertionError(uri)
        try:
            await session.call_tool("run_python", {"code": "while True: pass"},
                                    read_timeout_seconds=timedelta(seconds=0.5))
        except McpError:
            pass
        else:
            raise AssertionError("no timeout")
        assert (await session.call_tool("run_python", {"code": "x"})).structuredContent["value"] == 20


async def with_langchain() -> None:
    client = MultiServerMCPClient(
        {"terrarium": {"transport": "stdio", "command": terrarium, "args": arguments, "env": environment}})
    async with client.session("terrarium") as session:
        tools = {tool.name: tool for tool in await load_mcp_tools(session)}
        await tools["run_python"].ainvoke({"code": "y = 6"})
        copy = await tools["fork_session"].ainvoke({})
        name = next(word for word in str(copy).replace(".", " ").split() if "s_" in word)
        name = "s_" + name.split("s_")[1][:32]
        answer = await tools["run_python"].ainvoke({"code": "y * 7", "session": name})
        assert "=> 42" in str(answer), answer


asyncio.run(with_mcp())
asyncio.run(with_langchain())
print("ok")
