# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The client of the package fastmcp as it is: fastmcp_client.py TERRARIUM"""

import asyncio
import os
import sys

from fastmcp import Client
from fastmcp.client.transports import StdioTransport

transport = StdioTransport(command=sys.argv[1], args=["mcp", "--quiet"], env=dict(os.environ))


async def main() -> None:
    async with Client(transport) as client:
        names = [tool.name for tool in await client.list_tools()]
        assert names[0] == "run_python" and len(names) == 6, names
        await client.call_tool("run_python", {"code": "n = 6"})
        result = await client.call_tool("run_python", {"code": "n * 7"})
        assert result.structured_content["value"] == 42
        result = await client.call_tool("run_python", {"code": "1 / 0"}, raise_on_error=False)
        assert result.is_error and "ZeroDivisionError" in result.content[0].text
        await client.call_tool("write_file", {"path": "/out/a b.txt", "text": "text"})
        resource, = await client.list_resources()
        assert (await client.read_resource(resource.uri))[0].text == "text"
    print("ok")


asyncio.run(main())
