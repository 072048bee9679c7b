# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

"""Runs a component that imports ledgers, and no WASI unless asked for it: host.py COMPONENT [--wasi] FUNCTION ARGUMENT..."""

import json
import sys

from wasmtime import Config, Engine, Store, WasiConfig
from wasmtime.component import Component, Linker, ResourceHost, ResourceType, Variant

LEDGER = 7


class Host:
    """The host's side of `test:ledgers/store`."""

    def __init__(self):
        self.log = []
        self.ledgers = {}

    def define(self, linker):
        with linker.root() as root:
            with root.add_instance("test:ledgers/store") as store:
                store.add_resource("ledger", ResourceType.host(LEDGER), self.drop)
                store.add_func("[constructor]ledger", self.construct)
                store.add_func("[method]ledger.add", self.add)

    def construct(self, store, title):
        number = 100 + len(self.ledgers)
        self.ledgers[number] = title
        self.log.append(f"new {title}")
        return ResourceHost.own(number, LEDGER).to_any(store)

    def add(self, store, ledger, entry):
        title = self.ledgers[ledger.to_host(store).rep]
        self.log.append(f"{title}: {entry.name} {entry.size}")
        if entry.name.endswith("bad"):
            # wasmtime-py leaves out the names of cases that their types tell apart: this is err(unwelcome(name)).
            return entry.name
        return len(self.log)

    def drop(self, store, number):
        self.log.append(f"drop {self.ledgers[number]}")


def plain(value):
    """What a value is in JSON."""
    if isinstance(value, Variant):
        return {value.tag: plain(value.payload)}
    if isinstance(value, list):
        return [plain(element) for element in value]
    return {name: plain(field) for name, field in vars(value).items()} if hasattr(value, "__dict__") else value


def main(file, *arguments):
    config = Config()
    config.cache = True
    engine = Engine(config)
    linker = Linker(engine)
    store = Store(engine)
    if arguments[0] == "--wasi":
        arguments = arguments[1:]
        linker.add_wasip2()
        wasi = WasiConfig()
        wasi.inherit_stdin()
        wasi.inherit_stdout()
        wasi.env = [("SEEN", "yes"), ("HIDDEN", "no")]
        store.set_wasi(wasi)
    host = Host()
    host.define(linker)
    with open(file, "rb") as binary:
        instance = linker.instantiate(store, Component(engine, binary.read()))
    function = instance.get_func(store, arguments[0])
    result = function(store, *(json.loads(argument) for argument in arguments[1:]))
    print(json.dumps({"result": plain(result), "log": host.log}))


main(*sys.argv[1:])
