# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The client of the package mcp 1, and langchain-mcp-adapters on top of it, over HTTP: mcp1_http.py URL"""

import asyncio
import sys

from langchain_mcp_adapters.client import MultiServerMCPClient
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

url = sys.argv[1]


async def with_mcp() -> None:
    async with streamablehttp_client(url) as (read, write, _), ClientSession(read, write) as session:
        opened = await session.initialize()
        assert opened.protocolVersion == "2025-11-25" and opened.serverInfo.name == "terrarium"
        assert len((await session.list_tools()).tools) == 6
        await session.send_ping()
        result = await session.call_tool("run_python", {"code": "x = 20\nx + 22"})
        assert result.structuredContent["value"] == 42 and not result.isError
        name = result.structuredContent["session"]
        result = await session.call_tool("run_python", {"code": "x", "session": name})
        assert result.structuredContent["value"] == 20


async def with_langchain() -> None:
    # A connection of its own for each call.
    client = MultiServerMCPClient({"terrarium": {"transport": "streamable_http", "url": url}})
    tools = {tool.name: tool for tool in await client.get_tools()}
    answer = str(await tools["run_python"].ainvoke({"code": "y = 6"}))
    name = "s_" + answer.split("s_")[1][:32]
    answer = await tools["run_python"].ainvoke({"code": "y * 7", "session": name})
    assert "=> 42" in str(answer), answer


asyncio.run(with_mcp())
asyncio.run(with_langchain())
print("ok")
