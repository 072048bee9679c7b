# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The module that componentize-py makes a component of: the exports of the world `session`.

All that happens while this module is imported happens once, when the component is built; every sandbox starts from the
state that it leaves behind.
"""

import importlib.machinery
import os
import sys

import wit_world
from componentize_py_types import Err

from terrarium_runtime import standard_library

# Before a module is imported that does without what it does not find.
if sys.platform == "wasi":
    standard_library.offer_substitutes()
    # componentize-py has the library in another folder than CPython expects.
    sys._stdlib_dir = os.path.dirname(importlib.machinery.PathFinder.find_spec("os").origin)

from terrarium_runtime import (  # noqa: E402
    heap, host_names, installed, key_derivation, linked_modules, numpy_library, packages, processes, threads, users,
    zone_data)

# Before other modules take from `threading` what is of no use here.
if sys.platform == "wasi":
    threads.install()
    users.install()
    host_names.install()
# In this order, so that what a sandbox uses all the time lies together in memory.
standard_library.import_all()
key_derivation.install()
numpy = numpy_library.import_all()
if sys.platform == "wasi":
    linked_modules.keep()
    processes.install()
    installed.keep_metadata(packages.FOLDER)
    zone_data.keep()
import IPython.core.display  # noqa: E402, F401
heap.settle()

import terrarium  # noqa: E402
from terrarium_runtime import randomness, warm_up  # noqa: E402
from terrarium_runtime.answers import answer  # noqa: E402
from terrarium_runtime.session import Session, SessionError, describe  # noqa: E402
from terrarium_runtime.stepper import Stepper  # noqa: E402

session = Session()


class WitWorld(wit_world.WitWorld):
    """The exports. None lets an exception out but `Err`: any other ends the instance, and with it the sandbox."""

    def exec(self, statements: str) -> None:
        try:
            session.execute(statements)
        except BaseException as error:
            raise _failure(error) from None

    def eval(self, expression: str) -> str:
        try:
            return session.evaluate(expression, arrays_as_lists=True)[0]
        except BaseException as error:
            raise _failure(error) from None

    def evaluate(self, expression: str) -> wit_world.Value:
        try:
            text, has_json_form = session.evaluate(expression)
        except BaseException as error:
            raise _failure(error) from None
        return wit_world.Value_Json(text) if has_json_form else wit_world.Value_Repr(text)

    def configure(self, request: str) -> str:
        return answer(stepper, stepper.configure, request)

    def start(self, request: str) -> str:
        return answer(stepper, stepper.start, request)

    def resume(self, request: str) -> str:
        return answer(stepper, stepper.resume, request)

    def cancel(self, request: str) -> str:
        return answer(stepper, stepper.cancel, request)

    def check(self, request: str) -> str:
        return answer(stepper, stepper.check, request, ends_program=False)

    def complete(self, request: str) -> str:
        return answer(stepper, stepper.complete, request, ends_program=False)

    def inspect(self, request: str) -> str:
        return answer(stepper, stepper.inspect, request, ends_program=False)

    def describe(self, request: str) -> str:
        return answer(stepper, stepper.describe, request, ends_program=False)

    def seed_again(self) -> None:
        _undisturbed(randomness.seed_again)

    def forget_seed(self) -> None:
        _undisturbed(randomness.forget_seed)


def _failure(error: BaseException) -> Err:
    """`Type: message`, as the host gets it."""
    return Err(error.message if type(error) is SessionError else describe(error))


def _undisturbed(act) -> None:
    """Does what has no answer that could tell of an exception: an interrupt, say, which has nothing to end here."""
    try:
        act()
    except BaseException:
        pass


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
if sys.platform == "wasi":
    # Code that is no script finds modules in the working directory, as with `python -c`.
    sys.path.insert(0, "")
heap.settle()
