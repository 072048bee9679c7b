# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The guest of test_virtualized.py: what can be imported must be imported here."""

import codecs
import encodings.cp437
import encodings.idna
import encodings.latin_1
import glob
import hashlib
import io
import os
import pathlib
import random
import secrets
import shutil
import socket
import sqlite3
import sys
import tarfile
import tempfile
import time
import traceback
import uuid
import zipfile

import wit_world
from componentize_py_types import Err

variables = {}


class WitWorld(wit_world.WitWorld):
    def eval(self, expression):
        try:
            return repr(eval(expression, variables))
        except BaseException:
            raise Err(traceback.format_exc())

    def exec(self, statements):
        try:
            exec(statements, variables)
        except BaseException:
            raise Err(traceback.format_exc())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
