# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The module that componentize-py makes a component of: the exports of the world `session`.

All that happens while this module is imported happens once, when the component is built; every sandbox starts from the
state that it leaves behind.
"""

import sys

import wit_world
from componentize_py_types import Err

from terrarium_runtime import heap, numpy_library, packages, standard_library

# In this order, so that what a sandbox uses all the time lies together in memory.
standard_library.import_all()
numpy = numpy_library.import_all()
packages.import_native()
heap.settle()

import terrarium  # noqa: E402
from terrarium_runtime import randomness, warm_up  # noqa: E402
from terrarium_runtime.session import NoJSONForm, Session, SessionError  # noqa: E402
from terrarium_runtime.stepper import Stepper, answer  # noqa: E402

session = Session()


class WitWorld(wit_world.WitWorld):
    def exec(self, statements: str) -> None:
        try:
            session.execute(statements)
        except SessionError as error:
            raise Err(error.message) from None

    def eval(self, expression: str) -> str:
        try:
            return session.evaluate_json(expression, arrays_as_lists=True)
        except SessionError as error:
            raise Err(error.message) from None

    def evaluate(self, expression: str) -> wit_world.Value:
        try:
            return wit_world.Value_Json(session.evaluate_json(expression))
        except NoJSONForm as error:
            return wit_world.Value_Repr(error.representation())
        except SessionError as error:
            raise Err(error.message) from None

    def configure(self, request: str) -> str:
        return answer(stepper, stepper.configure, request)

    def start(self, request: str) -> str:
        return answer(stepper, stepper.start, request)

    def resume(self, request: str) -> str:
        return answer(stepper, stepper.resume, request)

    def cancel(self, request: str) -> str:
        return answer(stepper, stepper.cancel, request)

    def check(self, request: str) -> str:
        return answer(stepper, stepper.check, request)

    def complete(self, request: str) -> str:
        return answer(stepper, stepper.complete, request)

    def describe(self, request: str) -> str:
        return answer(stepper, stepper.describe, request)

    def seed_again(self) -> None:
        randomness.seed_again()

    def forget_seed(self) -> None:
        randomness.forget_seed()


# What a program prints leaves the sandbox when the line ends, not when a buffer is full.
sys.stdout.reconfigure(line_buffering=True)
warm_up.run_in_steps()
warm_up.run_plainly(WitWorld().exec, WitWorld().evaluate)
# The one that sandboxes start with knows nothing of those programs.
session = Session()
if numpy is not None:
    # The original demo's session has it by this name.
    session.namespace["numpy"] = numpy
stepper = Stepper(session.namespace, terrarium._values)
numpy_library.forget_random_state()
heap.settle()
