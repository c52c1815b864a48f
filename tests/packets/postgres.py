# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A real PostgreSQL in the database's namespace, and psql in the function's."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.packets.machine import programs_of_postgres
from ansible_collections.cloudops.lambda_rds.tests.packets.wires import Wires

# psql's own least is two seconds.
PATIENCE = "1.2"
_TRUSTED = "local all all trust\nhost all all all trust\n"


@contextlib.contextmanager
def postgres(wires: Wires, port: int) -> Iterator[None]:
    """Answers on that port until the end of the block. It does not run as root, so its files are not pytest's."""
    programs = programs_of_postgres()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="packets-") as folder:
        shutil.chown(folder, "postgres")
        data, control = Path(folder, "data"), str(programs / "pg_ctl")
        settings = f"-p {port} -k {folder} -c listen_addresses=* -c fsync=off -c hba_file={folder}/hba"
        Path(folder, "hba").write_text(_TRUSTED)
        with wires.database.entered():
            _as_postgres(folder, str(programs / "initdb"), "--no-sync", "--pgdata", str(data))
            _as_postgres(folder, control, "start", "-w", "-D", str(data), "-l", f"{folder}/log", "-o", settings)
        try:
            yield
        finally:
            _as_postgres(folder, control, "stop", "-m", "immediate", "-D", str(data))


def _as_postgres(folder: str, *command: str) -> None:
    # What is started stays, and would keep a pipe open.
    with Path(folder, "output").open("w+", encoding="utf-8") as output:
        done = subprocess.run(
            command,
            user="postgres",
            group="postgres",
            extra_groups=(),
            cwd=folder,
            stdout=output,
            stderr=output,
            check=False,
        )
        output.seek(0)
        assert done.returncode == 0, output.read()


def answer(wires: Wires, address: str, port: int) -> str | None:
    """What psql gets for SELECT 1 from the function's side; None where it gets no connection."""
    server = ("--host", address, "--port", str(port), "--username", "postgres", "--dbname", "postgres")
    ask = ("psql", *server, "--no-psqlrc", "--tuples-only", "--no-align", "--command", "SELECT 1")
    # Python's own time-out would sleep, which moves the emulator's clock (fixtures.py) and needs its network.
    command = ["timeout", PATIENCE, *ask]
    environment = {**os.environ, "PGSSLMODE": "disable", "PGGSSENCMODE": "disable"}
    with wires.function.entered():
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done.stdout.strip() if done.returncode == 0 else None
