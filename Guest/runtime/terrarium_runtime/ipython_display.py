# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The part of `IPython` that programs use which do not run in it: `IPython.display`.

Where an image has the real package, that is found first.
https://ipython.readthedocs.io/en/stable/api/generated/IPython.display.html
"""

import importlib
import importlib.machinery
import json
import os
import sys
import uuid

from . import host, json_text
from .displays import display as _display


class DisplayObject:
    """Data that says how it is to be shown.

    data: the content, a file's path or URL. A URL is not fetched, since a sandbox has no network.
    """

    _mime_type = "text/plain"
    _reads_bytes = False

    def __init__(self, data=None, url=None, filename=None, metadata=None):
        if isinstance(data, (str, os.PathLike)) and url is None and filename is None:
            text = os.fspath(data)
            if isinstance(text, str) and text.startswith(("http://", "https://")) and "\n" not in text:
                url, data = text, None
            elif isinstance(data, os.PathLike):
                filename, data = text, None
        self.data, self.url, self.filename, self.metadata = data, url, filename, metadata or {}
        self.reload()

    def reload(self):
        """Reads the content from its file again."""
        if self.filename is not None:
            with open(self.filename, "rb" if self._reads_bytes else "r",
                      encoding=None if self._reads_bytes else "utf-8") as file:
                self.data = file.read()

    def __repr__(self):
        return f"<{self.__class__.__module__}.{self.__class__.__qualname__} object>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.data is None:
            return {}
        return {self._mime_type: self.data}, ({self._mime_type: self.metadata} if self.metadata else {})


class TextDisplayObject(DisplayObject):
    def __init__(self, data=None, url=None, filename=None, metadata=None):
        super().__init__(data, url, filename, metadata)
        if self.data is not None and not isinstance(self.data, str):
            raise TypeError(f"{type(self).__name__} expects text, not {self.data!r}")


class Pretty(TextDisplayObject):
    """Plain text."""


class HTML(TextDisplayObject):
    """Text in HTML."""

    _mime_type = "text/html"

    def __html__(self):
        return self.data


class Markdown(TextDisplayObject):
    """Text in Markdown."""

    _mime_type = "text/markdown"


class Latex(TextDisplayObject):
    """Text in LaTeX."""

    _mime_type = "text/latex"


class Math(Latex):
    """A formula in LaTeX."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {self._mime_type: f"$\\displaystyle {self.data.strip('$')}$"}


class SVG(TextDisplayObject):
    """A picture in SVG."""

    _mime_type = "image/svg+xml"

    def __init__(self, data=None, url=None, filename=None, metadata=None):
        if isinstance(data, bytes):
            data = data.decode()
        super().__init__(data, url, filename, metadata)
        if self.data is not None and "<svg" in self.data:
            self.data = self.data[self.data.index("<svg"):]


class Javascript(TextDisplayObject):
    """Code in JavaScript, for a front end that runs it."""

    _mime_type = "application/javascript"


class JSON(DisplayObject):
    """A value that JSON can say."""

    _mime_type = "application/json"

    def __init__(self, data=None, url=None, filename=None, expanded=False, metadata=None, root="root", **more):
        super().__init__(data, url, filename, {"expanded": expanded, "root": root} | (metadata or {}) | more)
        if isinstance(self.data, str):
            self.data = json.loads(self.data)


class Image(DisplayObject):
    """A picture: PNG, JPEG, GIF, WebP or SVG.

    data: the bytes, or a file's name.
    width, height: the size to show it in, in pixels.
    """

    _reads_bytes = True
    _KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"))

    def __init__(self, data=None, url=None, filename=None, format=None, embed=None, width=None, height=None,
                 retina=False, unconfined=False, metadata=None, alt=None):
        if isinstance(data, str) and not data.startswith(("http://", "https://")):
            filename, data = data, None
        size = {name: value for name, value in (("width", width), ("height", height), ("alt", alt)) if value is not None}
        super().__init__(data, url, filename, (metadata or {}) | size)
        if self.data is None and self.url is None:
            raise ValueError("No image data found. Expecting filename, url, or data.")
        self.width, self.height, self.alt, self.format = width, height, alt, format

    @property
    def _mime_type(self):
        start = bytes(self.data[:12])
        if start[:4] == b"RIFF" and start[8:] == b"WEBP":
            return "image/webp"
        named = {"jpg": "image/jpeg", "svg": "image/svg+xml"}.get(self.format, f"image/{self.format or 'png'}")
        return next((kind for magic, kind in self._KINDS if start.startswith(magic)), named)

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.data is None:
            size = "".join(f' {name}="{value}"' for name, value in self.metadata.items())
            return {"text/html": f'<img src="{self.url}"{size}/>'}
        return super()._repr_mimebundle_(include, exclude)


class DisplayHandle:
    """What was shown under an id, which can be shown anew."""

    def __init__(self, display_id=None):
        self.display_id = display_id or uuid.uuid4().hex

    def display(self, obj, **arguments):
        display(obj, display_id=self.display_id, **arguments)

    def update(self, obj, **arguments):
        update_display(obj, display_id=self.display_id, **arguments)


def display(*objs, include=None, exclude=None, metadata=None, transient=None, display_id=None, raw=False, clear=False,
            **arguments):
    """Show objects, each in all the forms that it has.

    display_id: True or an id, for `update_display`; the answer is a handle then.
    """
    if clear:
        clear_output(wait=True)
    handle = None
    if display_id is not None and display_id is not False:
        handle = DisplayHandle(None if display_id is True else display_id)
    _display(*objs, id=handle and handle.display_id, include=include, exclude=exclude, metadata=metadata, raw=raw)
    return handle


def update_display(obj, *, display_id, **arguments):
    """Show an object in the place of what was shown under an id."""
    display(obj, display_id=display_id, **arguments)


def clear_output(wait=False):
    """Take back what was displayed so far; text that was printed stays."""
    host.tell(json_text.encode({"event": "clear"}))


def get_ipython():
    """None: the program does not run in IPython."""
    return None


_MODULES = ("IPython", "IPython.core", "IPython.core.display", "IPython.core.display_functions", "IPython.display")
_NAMES = {name: value for name, value in list(globals().items())
          if isinstance(value, type) or callable(value) and name in ("display", "update_display", "clear_output")}


class _Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        if module.__name__ == "IPython":
            module.get_ipython, module.display = get_ipython, importlib.import_module("IPython.display")
            module.version_info, module.__version__ = (9, 0, 0, ""), "9.0.0"
        elif module.__name__ != "IPython.core":
            module.__dict__.update(_NAMES)
            for value in _NAMES.values():
                if getattr(value, "__module__", None) == __name__:
                    value.__module__ = "IPython.core.display"


class _Finder:
    def find_spec(self, fullname, path=None, target=None):
        if fullname not in _MODULES:
            return None
        return importlib.machinery.ModuleSpec(fullname, _Loader(), is_package=fullname in ("IPython", "IPython.core"))


def install() -> None:
    """Lets `IPython` be imported where the real one is not there."""
    if not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.append(_Finder())
