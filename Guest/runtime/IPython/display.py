# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Objects that show themselves, as IPython has them; the displays go to the host.

https://ipython.readthedocs.io/en/stable/api/generated/IPython.display.html
"""

import binascii
import html
import json
import os
import pathlib
import struct
import uuid

from terrarium_runtime import displays, host

__all__ = [
    "Code", "DisplayHandle", "DisplayObject", "HTML", "IFrame", "Image", "JSON", "Javascript", "Latex", "Markdown", "Math",
    "Pretty", "SVG", "TextDisplayObject", "clear_output", "display", "display_html", "display_jpeg", "display_json",
    "display_latex", "display_markdown", "display_pdf", "display_png", "display_pretty", "display_svg", "display_javascript",
    "publish_display_data", "update_display",
]


class DisplayHandle:
    """A display that can be replaced by another."""

    def __init__(self, display_id=None):
        self.display_id = uuid.uuid4().hex if display_id is None else display_id

    def __repr__(self):
        return f"<DisplayHandle display_id={self.display_id}>"

    def display(self, obj, **kwargs):
        display(obj, display_id=self.display_id, **kwargs)

    def update(self, obj, **kwargs):
        update_display(obj, display_id=self.display_id, **kwargs)


def display(*objs, include=None, exclude=None, metadata=None, transient=None, display_id=None, raw=False, clear=False,
            **kwargs):
    """Show objects; answers a handle if `display_id` is given, by which another can take their place."""
    handle = None
    if display_id:
        handle = DisplayHandle(None if display_id is True else display_id)
    displays.display(*objs, id=None if handle is None else handle.display_id, include=include, exclude=exclude,
                     metadata=metadata, raw=raw)
    return handle


def update_display(obj, *, display_id, **kwargs):
    """Have an object take the place of what was displayed with the id."""
    kwargs.pop("update", None)
    display(obj, display_id=display_id, **kwargs)


def publish_display_data(data, metadata=None, *, transient=None, **kwargs):
    """Show contents by their MIME types."""
    display(data, metadata=metadata, raw=True, display_id=(transient or {}).get("display_id"))


def clear_output(wait=False):
    """Takes back all that was displayed; text that was printed stays."""
    host.tell('{"event":"clear"}')


class DisplayObject:
    """Data that is shown: text or bytes, given as such or by the name of a file."""

    _read_flags = "r"
    _show_mem_addr = False

    def __init__(self, data=None, url=None, filename=None, metadata=None):
        if isinstance(data, pathlib.PurePath):
            data = str(data)
        if isinstance(data, str):
            if url is None and data.startswith("http"):
                data, url, filename = None, data, None
            elif filename is None and len(data) < 4096 and "\n" not in data and _exists(data):
                data, url, filename = None, None, data
        self.url, self.filename, self.metadata = url, filename, {} if metadata is None else metadata
        self.data = data
        self.reload()
        self._check_data()

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__name__} object>"

    def reload(self):
        """Read the data again from the file that it is in."""
        if self.filename is not None:
            with open(self.filename, self._read_flags, **({} if "b" in self._read_flags else {"encoding": "utf-8"})) as file:
                self.data = file.read()
        elif self.url is not None and self.data is None:
            raise OSError(f"a sandbox reaches no network, so {self.url} cannot be read: pass the data itself")

    def _check_data(self):
        pass

    def _with_metadata(self):
        return (self.data, dict(self.metadata)) if self.metadata else self.data


class TextDisplayObject(DisplayObject):
    """Text that is shown."""

    def _check_data(self):
        if self.data is not None and not isinstance(self.data, str):
            raise TypeError(f"{type(self).__name__} expects text, not {self.data!r}")


class Pretty(TextDisplayObject):
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.data}


class HTML(TextDisplayObject):
    def _repr_html_(self):
        return self._with_metadata()

    def __html__(self):
        """For templates that ask an object for its HTML."""
        return self.data


class Markdown(TextDisplayObject):
    def _repr_markdown_(self):
        return self._with_metadata()


class Latex(TextDisplayObject):
    def _repr_latex_(self):
        return self._with_metadata()


class Math(TextDisplayObject):
    def _repr_latex_(self):
        text = f"$\\displaystyle {self.data.strip('$')}$"
        return (text, dict(self.metadata)) if self.metadata else text


class Javascript(TextDisplayObject):
    def __init__(self, data=None, url=None, filename=None, lib=None, css=None):
        super().__init__(data, url, filename)

    def _repr_javascript_(self):
        return self.data


class SVG(DisplayObject):
    """A drawing; what is around the element `svg` is left out."""

    def _check_data(self):
        if isinstance(self.data, bytes):
            self.data = self.data.decode("utf-8")
        if self.data is not None:
            start, end = self.data.find("<svg"), self.data.rfind("</svg>")
            if start >= 0 and end >= 0:
                self.data = self.data[start : end + len("</svg>")]

    def _repr_svg_(self):
        return self._with_metadata()


class JSON(DisplayObject):
    """A list or dict, shown as a tree."""

    def __init__(self, data=None, url=None, filename=None, expanded=False, metadata=None, root="root", **kwargs):
        super().__init__(data, url, filename, {"expanded": expanded, "root": root, **(metadata or {}), **kwargs})

    def _check_data(self):
        if isinstance(self.data, (str, bytes)):
            self.data = json.loads(self.data)
        if self.data is not None and not isinstance(self.data, (dict, list)):
            raise TypeError(f"JSON expects a dict or a list, not {self.data!r}")

    def _repr_json_(self):
        return self._with_metadata()


class Code(TextDisplayObject):
    def __init__(self, data=None, url=None, filename=None, language=None):
        self.language = language
        super().__init__(data, url, filename)

    def _repr_html_(self):
        return f"<pre>{html.escape(self.data)}</pre>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.data}


class IFrame:
    """A page in a frame."""

    def __init__(self, src, width, height, extras=None, **kwargs):
        self.src, self.width, self.height, self.extras, self.params = src, width, height, extras or [], kwargs

    def _repr_html_(self):
        query = ""
        if self.params:
            from urllib.parse import urlencode
            query = "?" + urlencode(self.params)
        extras = "".join(f" {one}" for one in self.extras)
        return (f'<iframe width="{self.width}" height="{self.height}" src="{html.escape(self.src + query)}" '
                f'frameborder="0" allowfullscreen{extras}></iframe>')


class Image(DisplayObject):
    """A picture, of its bytes, a file or, unless it is to be embedded, an address."""

    _read_flags = "rb"
    _MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8", "jpeg"), (b"GIF8", "gif"), (b"RIFF", "webp"))
    _TYPES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}

    def __init__(self, data=None, url=None, filename=None, format=None, embed=None, width=None, height=None, retina=False,
                 unconfined=False, metadata=None, alt=None):
        if isinstance(data, str) and data.startswith("http") and url is None:
            data, url = None, data
        self.embed = bool(embed if embed is not None else url is None)
        self.width, self.height, self.retina, self.unconfined, self.alt = width, height, retina, unconfined, alt
        self.format = format
        super().__init__(data, url, filename, metadata)
        if self.format is None:
            name = str(filename or self.filename or url or "")
            found = next((kind for magic, kind in self._MAGIC if isinstance(self.data, bytes) and self.data.startswith(magic)),
                         None)
            self.format = found or os.path.splitext(name.partition("?")[0])[1][1:].lower() or "png"
        self.format = "jpeg" if self.format.lower() == "jpg" else self.format.lower()
        if self.embed and self.format not in self._TYPES:
            raise ValueError(f"Cannot embed the '{self.format}' image format")
        if retina and self.embed and self.format == "png" and width is None and height is None:
            wide, high = struct.unpack(">II", self.data[16:24])
            self.width, self.height = wide // 2, high // 2

    def reload(self):
        if self.embed:
            super().reload()

    def _check_data(self):
        if isinstance(self.data, str):
            raise ValueError(f"no such file: {self.data!r}")
        if self.embed and self.data is None:
            raise ValueError("No image data found. Expecting filename, url, or data.")

    def _notes(self):
        notes = {name: value for name, value in (("width", self.width), ("height", self.height), ("alt", self.alt)) if value}
        if self.unconfined:
            notes["unconfined"] = True
        return notes | dict(self.metadata)

    def _repr_html_(self):
        if self.embed:
            return None
        size = "".join(f' {name}="{value}"' for name, value in (("width", self.width), ("height", self.height)) if value)
        alt = f' alt="{html.escape(self.alt)}"' if self.alt else ""
        return f'<img src="{html.escape(self.url)}"{size}{alt}/>'

    def _repr_mimebundle_(self, include=None, exclude=None):
        if not self.embed:
            return {}
        kind = self._TYPES[self.format]
        return {kind: binascii.b2a_base64(self.data, newline=False).decode("ascii")}, {kind: self._notes()} if self._notes() else {}


def _exists(path):
    try:
        return os.path.exists(path) and path != ""
    except (OSError, ValueError):
        return False


def _displays_as(mime_type):
    def show(*objs, raw=False, metadata=None, **kwargs):
        for one in objs:
            if raw:
                publish_display_data({mime_type: one}, metadata)
            else:
                display(one, include=[mime_type, "text/plain"], metadata=metadata, **kwargs)

    return show


display_pretty = _displays_as("text/plain")
display_html = _displays_as("text/html")
display_markdown = _displays_as("text/markdown")
display_svg = _displays_as("image/svg+xml")
display_png = _displays_as("image/png")
display_jpeg = _displays_as("image/jpeg")
display_pdf = _displays_as("application/pdf")
display_latex = _displays_as("text/latex")
display_json = _displays_as("application/json")
display_javascript = _displays_as("application/javascript")
