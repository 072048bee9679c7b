# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A pytest plugin that writes one JSON line per event, so that a run that ends abruptly leaves what it had.

The environment says where: NUMPY_TESTS_RESULTS, and NUMPY_TESTS_SKIP, a file of test ids to leave out.
"""

import json
import os

import pytest

_file = None


def _write(**event):
    _file.write(json.dumps(event) + "\n")
    _file.flush()


def _name(nodeid):
    """The same on every machine: paths from the package on."""
    return nodeid[nodeid.index("numpy/") :] if "numpy/" in nodeid else nodeid


def pytest_configure(config):
    global _file
    _file = open(os.environ["NUMPY_TESTS_RESULTS"], "a")


def pytest_unconfigure(config):
    _file.close()


def pytest_collection_modifyitems(items):
    try:
        with open(os.environ["NUMPY_TESTS_SKIP"]) as file:
            skip = set(file.read().splitlines())
    except (KeyError, OSError):
        return
    items[:] = [item for item in items if _name(item.nodeid) not in skip]


def pytest_runtest_logstart(nodeid):
    _write(start=_name(nodeid))


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report):
    if report.when != "call" and report.outcome == "passed":
        return
    outcome = report.outcome
    if hasattr(report, "wasxfail"):
        outcome = "xfailed" if outcome == "skipped" else "xpassed"
    why = ""
    if outcome == "skipped":
        why = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    elif outcome == "failed":
        crash = getattr(report.longrepr, "reprcrash", None)
        why = crash.message if crash else str(report.longrepr)
    _write(id=_name(report.nodeid), when=report.when, outcome=outcome, why=why[:2000])


def pytest_collectreport(report):
    if report.outcome != "passed":
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _write(id=_name(report.nodeid), when="collect", outcome=report.outcome, why=why[-2000:])
