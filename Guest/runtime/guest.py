# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The module that componentize-py makes a component of: the exports of the world `sandbox`, in terms of a `Session`.

All that happens while this module is imported happens once, when the component is built; every sandbox starts from the
state that it leaves behind.
"""

import sys

import wit_world
from componentize_py_types import Err

from terrarium_runtime import standard_library
from terrarium_runtime.session import NoJSONForm, Session, SessionError

standard_library.import_all()
# What a program prints leaves the sandbox when the line ends, not when a buffer is full.
sys.stdout.reconfigure(line_buffering=True)
session = Session()


class WitWorld(wit_world.WitWorld):
    def exec(self, statements: str) -> None:
        try:
            session.execute(statements)
        except SessionError as error:
            raise Err(error.message) from None

    def eval(self, expression: str) -> str:
        try:
            return session.evaluate_json(expression)
        except SessionError as error:
            raise Err(error.message) from None

    def evaluate(self, expression: str) -> wit_world.Value:
        try:
            return wit_world.Value_Json(session.evaluate_json(expression))
        except NoJSONForm as error:
            return wit_world.Value_Repr(error.representation())
        except SessionError as error:
            raise Err(error.message) from None
