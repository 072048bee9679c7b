# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Objects that know how to show themselves: IPython's protocol, with the host as the front end.

https://ipython.readthedocs.io/en/stable/config/integrating.html
"""

import binascii

from . import host, json_text
from .text import safe_repr
from .value_encoding import TooLarge

DEFAULT_LIMIT = 64 * 1024 * 1024
_MAX_PLAIN_TEXT = 1_000_000

_METHODS = {
    "_repr_html_": "text/html", "_repr_markdown_": "text/markdown", "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png", "_repr_jpeg_": "image/jpeg", "_repr_pdf_": "application/pdf",
    "_repr_latex_": "text/latex", "_repr_json_": "application/json", "_repr_javascript_": "application/javascript",
}

limit = DEFAULT_LIMIT


def display(*objects, id=None, include=None, exclude=None, metadata=None, raw=False):
    """Show objects, each in all the forms that it has; whoever shows them picks the richest that it can.

    An object says its forms with IPython's methods: `_repr_mimebundle_`, `_repr_html_`, `_repr_png_`, `_repr_svg_`,
    `_repr_jpeg_`, `_repr_pdf_`, `_repr_latex_`, `_repr_markdown_`, `_repr_json_`.

    id: a later display with the same id takes the place of this one.
    include, exclude: MIME types to show, or not to.
    metadata: a dict that goes with the display.
    raw: the objects are dicts from MIME type to content already.
    """
    for one in objects:
        content, notes = (dict(one), {}) if raw else forms(one, include, exclude)
        event = {"event": "display", "data": _transportable(content), "metadata": notes | (metadata or {})}
        if id is not None:
            event["id"] = str(id)
        _send(event)


def _send(event: dict) -> None:
    text = json_text.transportable(json_text.encode(event))
    size = len(text) if text.isascii() else len(text.encode("utf-8"))
    if size > limit:
        raise ValueError(f"the display takes {size} bytes, and {limit} are allowed")
    host.tell(text)


def forms(value: object, include=None, exclude=None) -> tuple[dict, dict]:
    """The content by MIME type, and metadata; every value has the form `text/plain`."""
    content: dict = {"text/plain": safe_repr(value, _MAX_PLAIN_TEXT)}
    metadata: dict = {}
    if not isinstance(value, type):
        for name, mime_type in _METHODS.items():
            _add(content, metadata, mime_type, _ask(value, name))
        made = _ask(value, "_repr_mimebundle_", include=include, exclude=exclude)
        if isinstance(made, tuple) and len(made) == 2:
            made, more = made
            metadata.update(more or {})
        if made:
            content.update(made)
    chosen = {mime_type: form for mime_type, form in content.items()
              if (not include or mime_type in include) and not (exclude and mime_type in exclude)}
    return chosen, metadata


def encoded_forms(value: object) -> str:
    """The forms of a value as JSON text; `TooLarge` if they do not fit."""
    content, metadata = forms(value)
    text = json_text.encode({"data": _transportable(content), "metadata": metadata})
    if len(text) > limit:
        raise TooLarge(len(text), limit)
    return text


def _ask(value: object, name: str, **arguments):
    # A method that an object makes up on demand (`__getattr__` of a mock, say) is none of its type.
    if not callable(getattr(type(value), name, None)) and name not in getattr(value, "__dict__", ()):
        return None
    try:
        return getattr(value, name)(**arguments)
    except NotImplementedError:
        return None


def _add(content: dict, metadata: dict, mime_type: str, made) -> None:
    if isinstance(made, tuple) and len(made) == 2:
        made, notes = made
        metadata[mime_type] = notes
    if made is not None:
        content[mime_type] = made


def _transportable(content: dict) -> dict:
    # Pictures are bytes, and travel as base64, as in a notebook file.
    return {str(mime_type): binascii.b2a_base64(form, newline=False).decode("ascii")
            if isinstance(form, (bytes, bytearray, memoryview)) else form
            for mime_type, form in content.items()}
