# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The process that a script finds around it: its module, its folder on the path, and an orderly end.

CPython's `Py_RunMain` and `Py_FinalizeEx` say what happens at the end and in which order: the exception is shown, exit
handlers run, open files are flushed.
"""

import atexit
import builtins
import errno
import gc
import importlib.machinery
import io
import os
import sys
import types
import weakref

import wit_world

from . import built_ins, error_reports, json_text, threads
from .text import valid_unicode

_WRITERS = (io.BufferedWriter, io.BufferedRandom)


class Script:
    """A module `__main__` of its own for a script; `leave` gives the session its own back."""

    def __init__(self, path: str, names: dict):
        self._session_module = sys.modules.get("__main__")
        self._folder = os.path.dirname(path)
        module = types.ModuleType("__main__")
        self.namespace = module.__dict__
        self.namespace.update(
            __loader__=importlib.machinery.SourceFileLoader("__main__", path), __builtins__=builtins, __file__=path,
            __cached__=None)
        self.namespace.update(names)
        self._modules = set(sys.modules)
        sys.modules["__main__"] = module
        # As in CPython, a script finds modules beside itself, and all other code in the working directory.
        self._finds_working_directory = sys.path[:1] == [""]
        if self._finds_working_directory:
            del sys.path[0]
        # What was in the folder when another script ran there says nothing of what is in it now.
        sys.path_importer_cache.pop(self._folder, None)
        sys.path.insert(0, self._folder)

    def clear(self) -> None:
        """Lets go of what the script's names stand for, in the order in which CPython does, so that `__del__` runs."""
        for is_private in (True, False):
            for name in list(self.namespace):
                if name != "__builtins__" and (name[:1] == "_" and name[:2] != "__") == is_private:
                    try:
                        self.namespace[name] = None
                    except BaseException:
                        # An interrupt that came here, since the program's own code runs meanwhile.
                        pass
        try:
            gc.collect()
        except BaseException:
            pass

    def leave(self) -> None:
        """Takes the script's folder from the path, and the modules that came from it out of the way of other scripts."""
        try:
            sys.path.remove(self._folder)
            if self._finds_working_directory:
                sys.path.insert(0, "")
        except (ValueError, AttributeError):
            pass
        inside = self._folder.rstrip("/") + "/"
        for name in [name for name in sys.modules if name not in self._modules]:
            origin = getattr(getattr(sys.modules[name], "__spec__", None), "origin", None)
            if isinstance(origin, str) and origin.startswith(inside):
                del sys.modules[name]
        sys.modules["__main__"] = self._session_module


def make_input_anew() -> None:
    """Standard input from its start: what the program before read ahead and did not take is gone."""
    old = sys.__stdin__
    # As CPython makes it where lines end with a line feed: nothing is translated.
    made = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8",
                            errors=getattr(old, "errors", "strict"), newline="\n")
    made.buffer.raw.name = "<stdin>"
    made.mode = "r"
    sys.stdin = sys.__stdin__ = made


def exit_code(error: BaseException) -> int:
    """The status that a process has after this `SystemExit`; a message is printed."""
    try:
        code = error.code
    except BaseException:
        code = error
    if code is None:
        return 0
    if issubclass(type(code), int):
        number = int.__index__(code)
        return number & 0xFF if -(1 << 63) <= number < 1 << 63 else 255
    try:
        print(code, file=sys.stderr)
    except BaseException:
        # Its `__str__` raised, or the stream is gone; CPython says no more either.
        pass
    return 1


def show_exception(error: BaseException, limit: int) -> int | None:
    """Shows an exception that a script did not catch, with the script's own `sys.excepthook` where it has one.

    The hook may end the process with a status of its own.
    """
    error_reports.drop_runtime_frames(error)
    hook = getattr(sys, "excepthook", None)
    if hook is not sys.__excepthook__ and hook is not None:
        try:
            hook(type(error), error, error.__traceback__)
            return None
        except BaseException as second:
            if issubclass(type(second), SystemExit):
                return exit_code(second)
            error_reports.drop_runtime_frames(second)
            _print(f"Error in sys.excepthook:\n{error_reports.report(second, limit)['rendered']}\n"
                   f"Original exception was:\n")
    _print(error_reports.report(error, limit)["rendered"])
    return None


def _print(text: str) -> None:
    try:
        sys.stdout.flush()
    except BaseException:
        pass
    try:
        sys.stderr.write(valid_unicode(text))
        sys.stderr.flush()
    except BaseException:
        # The program may have replaced or closed the stream, which is its own affair.
        pass


def end(script: Script | None, waits: bool = True) -> None:
    """Does what CPython does when a process ends: waits for threads, runs exit handlers, lets go of the script's objects,
    and writes what open files hold back.

    Exceptions of handlers are shown and ignored.
    """
    try:
        if waits:
            threads.end_pools()
            threads.finish()
    except BaseException:
        # An interrupt: the process ends without them.
        pass
    threads.drop_all()
    try:
        atexit._run_exitfuncs()
    except BaseException:
        pass
    # These registered themselves when they were imported, as part of the image; the next script needs them again.
    weakref.finalize._registered_with_atexit = False
    if (logging := sys.modules.get("logging")) is not None:
        atexit.register(logging.shutdown)
    if script is not None:
        script.clear()
    flush_files()


def flush_files() -> None:
    """Writes what the program's open files hold back; those that fail are left alone, as when CPython frees them."""
    writers = []
    for one in gc.get_objects():
        kind = type(one)
        if issubclass(kind, io.TextIOWrapper):
            _flush(io.TextIOWrapper, one)
        elif issubclass(kind, _WRITERS):
            writers.append(one)
    for one in writers:
        _flush(io.BufferedRandom if issubclass(type(one), io.BufferedRandom) else io.BufferedWriter, one)


def _flush(kind: type, file) -> None:
    try:
        kind.flush(file)
    except BaseException:
        # Closed, detached, or on a full disk.
        pass


def _exit(status):
    """Exit to the system with specified status, without normal exit processing."""
    number = status.__index__()
    if not -(1 << 31) <= number < 1 << 31:
        raise OverflowError("Python int too large to convert to C int")
    # What the streams hold back is lost, as in a process. WASI can only say success or failure, so the status comes first.
    wit_world.emit(json_text.encode({"event": "exit", "code": number & 0xFF}))
    _leave(number & 0xFF)


_leave = os._exit


def getcwd():
    """Return a unicode string representing the current working directory."""
    path = _working_directory()
    try:
        os.stat(path)
    except FileNotFoundError as error:
        # The C library only remembers a path; the directory that had it is gone.
        raise FileNotFoundError(error.errno, error.strerror) from None
    return path


def getcwdb():
    """Return a bytes string representing the current working directory."""
    return os.fsencode(getcwd())


_working_directory = os.getcwd

# The C library takes an empty path for the working directory. Of the functions that are here, all take a path first, and
# two a second.
_OF_PATHS = (
    "chdir", "chmod", "listdir", "lstat", "mkdir", "open", "readlink", "remove", "rename", "replace", "rmdir",
    "scandir", "stat", "truncate", "unlink", "utime")


class _OfPaths(built_ins.Function):
    """A function that refuses an empty path."""

    def __init__(self, name: str):
        super().__init__(getattr(os, name))
        self._count = 2 if name in ("rename", "replace") else 1

    def __call__(self, *arguments, **named):
        if arguments and (not arguments[0] or self._count == 2 and not arguments[-1]):
            self._refuse(arguments[: self._count])
        return self._act(*arguments, **named)

    def _refuse(self, paths):
        for path in paths:
            if (type(path) is str or type(path) is bytes) and not path:
                # CPython's own `utime` names no file.
                names = () if self.__name__ == "utime" else (paths[0], None, *paths[1:])
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), *names)


def strerror(code, /):
    """Translate an error code to a message string."""
    text = _strerror(code)
    return text if code == 0 or text != _strerror(0) else f"Unknown error {code}"


_strerror = os.strerror


def access(path, mode, **named):
    """Use the real uid/gid to test for access to a path."""
    return path != "" and path != b"" and _access(path, mode, **named)


_access = os.access


def umask(mask, /):
    """Set the current numeric umask and return the previous umask; files here have no permissions for it to change."""
    global _umask
    previous, _umask = _umask, mask.__index__() & 0o777
    return previous


_umask = 0o022


def install() -> None:
    """Has functions of `os` do as they do in a process."""
    posix = sys.modules.get("posix")
    functions = [built_ins.Function(one) for one in (_exit, getcwd, getcwdb, strerror)]
    if sys.platform == "wasi":
        functions += map(_OfPaths, _OF_PATHS)
        functions += map(built_ins.Function, (access, umask))
    for function in functions:
        for functions_of_system in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if getattr(os, function.__name__, None) in functions_of_system:
                functions_of_system.add(function)
        for module in (os, posix):
            if module is not None:
                setattr(module, function.__name__, function)
