# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The time zones of `zoneinfo`, from the package `tzdata`, whose files are read while the image is built."""

import importlib.resources
import io
import zoneinfo
from zoneinfo import _common, _tzpath

_zones: dict[str, bytes] = {}


def remember() -> None:
    """Reads all zones, if the package is there. Names for the same zone share their data."""
    try:
        package = importlib.resources.files("tzdata")
    except ModuleNotFoundError:
        return
    contents: dict[bytes, bytes] = {}
    for name in package.joinpath("zones").read_text("utf-8").split():
        data = package.joinpath("zoneinfo", name).read_bytes()
        _zones[name] = contents.setdefault(data, data)
    load_others, list_others = _common.load_tzdata, _tzpath.available_timezones

    def load_tzdata(key):
        data = _zones.get(key)
        return load_others(key) if data is None else io.BytesIO(data)

    def available_timezones():
        """Returns a set containing all available time zones."""
        return list_others() | _zones.keys()

    _common.load_tzdata = load_tzdata
    _tzpath.available_timezones = zoneinfo.available_timezones = available_timezones
