# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One emulator in this process: HTTP on the loopback interface, nothing else."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests import botocore_models

HOST = "127.0.0.1"


def make_server(port: int, *, plain: bool = False) -> Any:
    """A server that listens already, so its port is known and in nobody else's hands; `plain` is moto as it is."""
    gc.disable()  # nothing that is loaded here is garbage
    # moto reads the environment and its data while it is imported, so not before.
    _leave_out_machines()
    botocore_models.share()
    import werkzeug.serving
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges import install
    from ansible_collections.cloudops.lambda_rds.tests.emulator.server import application
    from ansible_collections.cloudops.lambda_rds.tests.emulator.server.connection import ConnectionHandler
    from ansible_collections.cloudops.lambda_rds.tests.emulator.server.direct import create_app

    install.install(plain=plain)
    # What is loaded by now stays: the garbage collector need not look through it again and again.
    gc.freeze()
    gc.enable()
    moto = DomainDispatcherApplication(create_backend_app if plain else create_app)
    app = application.EmulatorApplication(moto, plain=plain)
    return werkzeug.serving.make_server(HOST, port, app, threaded=True, request_handler=ConnectionHandler)


def _leave_out_machines() -> None:
    """Machine images and instance types take a while to load, and are not used."""
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    from moto.utilities import utils

    load = utils.load_resource
    utils.load_resource = lambda path: {} if path.startswith("ec2/resources/instance_type") else load(path)


def serve(server: Any, ready_file: Path | None = None) -> None:
    """Until SystemExit or KeyboardInterrupt; the URL is printed, and written to a file once calls are answered."""
    url = f"http://{HOST}:{server.server_port}"
    try:
        if ready_file is not None:
            unfinished = ready_file.with_name(f"{ready_file.name}.{os.getpid()}")
            unfinished.write_text(url, encoding="utf-8")
            unfinished.replace(ready_file)  # at once: a reader sees all of it or nothing
        print(url, flush=True)
        server.serve_forever()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.server_close()
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)
