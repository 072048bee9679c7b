# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls of the host's async functions that are under way.

A call is made by describing it in the next message to the host, and ends when a later message from the host settles it.
In between, it is an entry here, a future and the frames that wait for it: data, that can be saved and copied.
"""

import asyncio


class HostCalls:
    def __init__(self) -> None:
        self._last_id = 0
        # The JSON text of each call is kept until it is settled, so that a host that lost it can ask again.
        self._under_way: dict[int, tuple["HostCallFuture", str]] = {}
        self._unsent: dict[int, str] = {}
        self._dropped: list[int] = []

    def __len__(self) -> int:
        return len(self._under_way)

    @property
    def are_all_known(self) -> bool:
        """Whether there is nothing new to tell the host."""
        return not self._unsent and not self._dropped

    def make(self, name: str, arguments: str) -> "asyncio.Future":
        """Begins a call; `name` and `arguments` are JSON texts."""
        self._last_id = number = self._last_id + 1
        future = HostCallFuture(loop=asyncio.get_running_loop())
        future.calls, future.number = self, number
        text = f'{{"id":{number},"function":{name},"arguments":{arguments}}}'
        self._under_way[number] = future, text
        self._unsent[number] = text
        return future

    def settle(self, number: int, value: object = None, error: BaseException | None = None) -> None:
        """Ends a call; one that the program gave up, or that never was, is left alone."""
        future, _ = self._under_way.pop(number, (None, None))
        if future is None or future.done() or future.get_loop().is_closed():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    def drop(self, number: int) -> None:
        """Notes that nobody waits for a call any longer."""
        if self._under_way.pop(number, None) is None:
            return
        # The host need not hear of a call that it has not heard of.
        if self._unsent.pop(number, None) is None:
            self._dropped.append(number)

    def drop_all(self) -> None:
        for number in list(self._under_way):
            self.drop(number)

    def unsent(self, everything: bool = False) -> tuple[str, list[int]]:
        """The calls that the host has not heard of, or all that are under way, as a JSON array, and those dropped."""
        calls = [text for _, text in self._under_way.values()] if everything else self._unsent.values()
        dropped = self._dropped
        text = f"[{','.join(calls)}]"
        self._unsent, self._dropped = {}, []
        return text, dropped


class HostCallFuture(asyncio.Future):
    """What a program awaits; cancelling it, as a time-out does for instance, takes the call back."""

    calls: HostCalls
    number: int

    def cancel(self, msg=None) -> bool:
        is_cancelled = super().cancel(msg)
        if is_cancelled:
            self.calls.drop(self.number)
        return is_cancelled
