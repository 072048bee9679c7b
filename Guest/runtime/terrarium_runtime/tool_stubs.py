# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The host functions as Python stubs, for a prompt or a person."""

import inspect
import textwrap

from .host_functions import HostFunctions


def describe(functions: HostFunctions) -> dict:
    """All stubs as one text, and each function's name, signature, documentation and stub."""
    declared = [_type_stub(description) for description in functions.type_descriptions.values()]
    declared += [f"class {name}({error.__base__.__name__}):\n{_body(error.__dict__.get('__doc__'))}"
                 for name, error in functions.errors.items()]
    described = [_describe(function, functions.descriptions[name]) for name, function in functions.functions.items()]
    stubs = declared + [one["stub"] for one in described]
    return {"text": "\n\n".join(stubs), "functions": described}


def _describe(function, description: dict) -> dict:
    is_async = inspect.iscoroutinefunction(function)
    signature = _signature(function, description)
    return {
        "name": function.__name__,
        "async": is_async,
        "signature": signature,
        "doc": function.__doc__ or "",
        "stub": f"{'async ' if is_async else ''}def {function.__name__}{signature}:\n{_body(function.__doc__)}",
    }


def _signature(function, description: dict) -> str:
    """As `inspect.signature` says it, with the types as they were described: shorter, and the same on every Python."""
    plain = inspect.signature(function)
    texts = {one["name"]: one["type"] for one in description.get("parameters", ()) if "type" in one}
    parts, kinds = [], [one.kind for one in plain.parameters.values()]
    for index, one in enumerate(plain.parameters.values()):
        if one.kind is one.KEYWORD_ONLY and one.KEYWORD_ONLY not in kinds[:index]:
            parts.append("*")
        text = one.name + (f": {texts[one.name]}" if one.name in texts else "")
        if one.default is not one.empty:
            text += f" = {one.default!r}" if one.name in texts else f"={one.default!r}"
        parts.append(text)
        if one.kind is one.POSITIONAL_ONLY and kinds[index + 1 : index + 2] != [one.POSITIONAL_ONLY]:
            parts.append("/")
    returns = f" -> {description['returns']}" if "returns" in description else ""
    return f"({', '.join(parts)}){returns}"


def _type_stub(description: dict) -> str:
    lines = [f"class {description['name']}(TypedDict):"]
    if doc := description.get("doc"):
        lines.append(_body(doc))
    for field in description["fields"]:
        kind = f"NotRequired[{field['type']}]" if field.get("optional") else field["type"]
        lines.append(f"    {field['name']}: {kind}")
    return "\n".join(lines)


def _body(doc: str | None) -> str:
    if not doc:
        return "    ..."
    quoted = doc.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return textwrap.indent(f'"""{quoted}"""' if "\n" not in quoted else f'"""{quoted}\n"""', "    ")
