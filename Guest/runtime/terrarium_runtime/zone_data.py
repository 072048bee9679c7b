# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time zones for `zoneinfo`: those of the package `tzdata`, kept in memory, as its files are gone when an image is built.

A package `tzdata` that is added to an image, perhaps newer, comes first.
"""

import importlib.resources
import io
import zoneinfo

_zones: dict[str, bytes] = {}


def keep() -> None:
    """Keeps the zones that the package has; nothing where it is not there."""
    try:
        root = importlib.resources.files("tzdata")
        names = root.joinpath("zones").read_text(encoding="utf-8").split()
        known: dict[bytes, bytes] = {}
        for name in names:
            # Many zones are other names for the same.
            contents = root.joinpath("zoneinfo", *name.split("/")).read_bytes()
            _zones[name] = known.setdefault(contents, contents)
    except (ModuleNotFoundError, FileNotFoundError):
        _zones.clear()
        return
    common, paths = zoneinfo._common, zoneinfo._tzpath
    load, available = common.load_tzdata, paths.available_timezones

    def load_tzdata(key):
        try:
            return load(key)
        except common.ZoneInfoNotFoundError:
            if key not in _zones:
                raise
            return io.BytesIO(_zones[key])

    def available_timezones():
        return available() | set(_zones)

    available_timezones.__doc__, available_timezones.__module__ = available.__doc__, available.__module__
    common.load_tzdata, paths.available_timezones = load_tzdata, available_timezones
    zoneinfo.available_timezones = available_timezones
    if hasattr(zoneinfo, "_zoneinfo"):
        zoneinfo._zoneinfo._common.load_tzdata = load_tzdata
