# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types in the descriptions of host functions: Python annotations, as text."""

import datetime
import decimal
import pathlib
import typing
import uuid

_NAMES = {
    "Any": typing.Any, "Literal": typing.Literal, "Optional": typing.Optional, "Union": typing.Union,
    "array": __import__("array").array, "datetime": datetime.datetime, "date": datetime.date, "time": datetime.time,
    "timedelta": datetime.timedelta, "Decimal": decimal.Decimal, "UUID": uuid.UUID, "PurePath": pathlib.PurePath,
}


def evaluate(text: str, types: dict[str, object]):
    """The annotation as an object, or as its text where it names something unknown."""
    try:
        return eval(text, dict(_NAMES, **types))
    except Exception:
        return text


def record_type(description: dict, types: dict[str, object]) -> type:
    """A record of the host, as a dict whose keys are known.

    Fields that may be missing have `"optional": true`.
    """
    fields = {
        field["name"]: typing.NotRequired[evaluate(field["type"], types)] if field.get("optional")
        else evaluate(field["type"], types)
        for field in description["fields"]
    }
    made = typing.TypedDict(description["name"], fields)
    made.__module__, made.__doc__ = "terrarium.functions", description.get("doc")
    return made
