# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A worker as Ansible makes it, in a process group of its own, with a module under it; and signals to the worker."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

PLUGINS = "ansible_collections.cloudops.lambda_rds.plugins"

# Ends half a second after the signal, and says so.
MODULE = """
import signal, sys, time
def stop(*_):
    time.sleep(0.5)
    print("module: in order", flush=True)
    sys.exit()
signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)
print("module: at work", flush=True)
time.sleep(60)
"""

WORKER = f"""
import os, signal, subprocess, sys
from {PLUGINS}.plugin_utils import _interrupts

module, at_work, patience = sys.argv[1], sys.argv[2] == "at work", float(sys.argv[3])
_interrupts.PATIENCE_SECONDS = patience

def term(number, frame):  # as ansible.executor.process.worker has it
    print("worker: dies", flush=True)
    signal.signal(number, signal.SIG_DFL)
    os.killpg(os.getpid(), number)

signal.signal(signal.SIGINT, term)
signal.signal(signal.SIGTERM, term)

def interrupted():
    print("worker: interrupted", flush=True)
    return at_work

with _interrupts.Interrupts(interrupted, lambda: print("worker: ended", flush=True)):
    subprocess.run([sys.executable, "-c", module])
print("worker: goes on", signal.getsignal(signal.SIGINT) is term, flush=True)
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a worker; returns once its module is at work."""
    processes = []

    def started(answer: str = "at work", *, patience: float = 30, alone: bool = True, module: str = MODULE) -> object:
        arguments = [sys.executable, "-c", WORKER, module, answer, str(patience)]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, start_new_session=alone)
        processes.append(process)
        assert process.stdout
        assert process.stdout.readline() == "module: at work\n"
        return process

    yield started  # type: ignore[misc]
    for process in processes:
        process.kill()
        process.wait()
        # Not by communicate, which waits for the module too.
        assert process.stdout
        process.stdout.close()


def rest(worker: subprocess.Popen[str]) -> str:
    """All that it still says. Not by communicate, which does not see what readline has read ahead."""
    assert worker.stdout
    output = worker.stdout.read()
    worker.wait(20)
    return output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_worker_waits_for_the_module_and_dies_as_it_would_have(start: Start, number: signal.Signals) -> None:
    worker = start()
    worker.send_signal(number)
    output = rest(worker)
    assert output == "worker: interrupted\nmodule: in order\nworker: ended\nworker: dies\n"
    assert worker.returncode == -number


def test_further_signals_change_nothing(start: Start) -> None:
    """Ansible sends SIGTERM right after SIGINT."""
    worker = start()
    worker.send_signal(signal.SIGINT)
    assert worker.stdout
    assert worker.stdout.readline() == "worker: interrupted\n"
    worker.send_signal(signal.SIGTERM)
    output = rest(worker)
    assert output == "module: in order\nworker: ended\nworker: dies\n"
    assert worker.returncode == -signal.SIGINT


def test_what_does_not_end_in_order_is_left_to_ansible(start: Start) -> None:
    worker = start("not at work")
    worker.send_signal(signal.SIGINT)
    output = rest(worker)
    assert sorted(output.splitlines()) == ["module: in order", "worker: dies", "worker: interrupted"]
    assert worker.returncode == -signal.SIGINT


def test_patience_ends(start: Start) -> None:
    worker = start(patience=0.1, module=MODULE.replace("time.sleep(0.5)", "time.sleep(5)"))
    worker.send_signal(signal.SIGINT)
    assert worker.wait(4) == 1


def test_a_worker_that_shares_its_process_group_is_left_to_ansible(start: Start) -> None:
    """Our signal to the group would reach others: the tests, here."""
    worker = start(alone=False, module='print("module: at work", flush=True)')
    output = rest(worker)
    assert output == "worker: goes on True\n"


def test_a_worker_that_nobody_interrupts_goes_on(start: Start) -> None:
    worker = start(module='print("module: at work", flush=True)')
    output = rest(worker)
    assert output == "worker: goes on True\n"
    assert worker.returncode == 0
