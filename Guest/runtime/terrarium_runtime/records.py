# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Records such as `os.stat_result`, of which C code makes types and Python code cannot: sequences whose items have names."""

import operator


def make(name: str, fields: str, doc: str) -> type:
    """A type of records.

    name: of the module and the type.
    fields: the names of the items, in order.
    """
    module, _, short = name.rpartition(".")
    names = fields.split()

    def new(cls, sequence, dict={}):  # noqa: A002
        values = tuple(sequence)
        if len(values) != len(names):
            raise TypeError(f"{name}() takes a {len(names)}-sequence ({len(values)}-sequence given)")
        return tuple.__new__(cls, values)

    def represent(self):
        return f"{name}({', '.join(f'{one}={value!r}' for one, value in zip(names, self))})"

    def reduce(self):
        return type(self), (tuple(self),)

    members = {one: property(operator.itemgetter(index)) for index, one in enumerate(names)}
    return type(short, (tuple,), {
        "__new__": new, "__repr__": represent, "__reduce__": reduce, "__doc__": doc, "__module__": module, "__slots__": (),
        "__match_args__": tuple(names), "n_fields": len(names), "n_sequence_fields": len(names), "n_unnamed_fields": 0,
        **members})
