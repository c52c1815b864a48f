# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Network namespaces of Linux: made, entered, and taken away again."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET of sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)
_NUMBERS = itertools.count(1)


class Namespace:
    """One of its own, with a name that no other process has. Its loopback is up and packets are taken as they come."""

    def __init__(self, role: str) -> None:
        self.name = f"packets-{os.getpid()}-{next(_NUMBERS)}-{role}"
        _run(["ip", "netns", "add", self.name])
        self._here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self._there = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        self.write("ipv4/ip_forward", 1)
        for where in ("all", "default"):
            self.write(f"ipv4/conf/{where}/rp_filter", 0)
            self.write(f"ipv4/conf/{where}/accept_local", 1)
            self.write(f"ipv4/conf/{where}/send_redirects", 0)
        self.ip("link set lo up")

    def close(self) -> None:
        os.close(self._here)
        os.close(self._there)
        _run(["ip", "netns", "delete", self.name])

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """This thread is in it, and so are the sockets and processes that it makes."""
        _set_namespace(self._there)
        try:
            yield
        finally:
            _set_namespace(self._here)

    def write(self, setting: str, value: int) -> None:
        with self.entered():
            Path("/proc/sys/net", setting).write_text(str(value))

    def ip(self, commands: str) -> None:
        """iproute2's commands, one a line."""
        self.run(["ip", "-batch", "-"], commands + "\n")

    def nft(self, ruleset: str) -> None:
        """In the place of all rules that there were, at once."""
        self.run(["nft", "-f", "-"], f"flush ruleset\n{ruleset}\n")

    def run(self, command: list[str], given: str) -> None:
        with self.entered():
            _run(command, given)


def _set_namespace(descriptor: int) -> None:
    # os.setns is of Python 3.12.
    if _LIBC.setns(descriptor, _NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")


def _run(command: list[str], given: str = "") -> None:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}\n{given}")
