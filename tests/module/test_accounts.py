# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The inventory that docs/accounts.md shows, as it stands there, in one play over two accounts and two Regions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator, RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    make_cluster,
    make_function,
    make_group,
    make_network,
)

TOP = Path(__file__).resolve().parents[2]
ACCOUNTS = {"shop": "111111111111", "outlet": "222222222222"}


def build(account: RunningEmulator) -> Clients:
    clients = Clients.of(account)
    network = make_network(clients, "main")
    make_cluster(clients, "orders", network.subnet_ids, [make_group(clients, network.vpc_id, "db")])
    for name in ("orders-api", "orders-worker"):
        make_function(clients, name)
    return clients


def attached(clients: Clients) -> list[bool]:
    functions = clients.functions.list_functions()["Functions"]
    return [bool(function.get("VpcConfig", {}).get("SubnetIds")) for function in functions]


def play(emulator: Emulator, folder: Path) -> str:
    document = (TOP / "docs/accounts.md").read_text(encoding="utf-8")
    (folder / "accounts.yml").write_text(document.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    keys = (f"[{name}]\naws_access_key_id={key}\naws_secret_access_key=secret\n" for name, key in ACCOUNTS.items())
    (folder / "credentials").write_text("".join(keys), encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "ANSIBLE_"))}
    environment.update(
        AWS_URL=emulator.url,
        AWS_SHARED_CREDENTIALS_FILE=str(folder / "credentials"),
        ANSIBLE_HOME=str(folder / "ansible"),
        LC_ALL="C.UTF-8",
    )
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "accounts.yml"]
    command += ["cloudops.lambda_rds.attach_lambda_rds", "-e", "connect_lambda_rds_hosts=all"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_hosts_stand_for_accounts_and_regions(emulator: Emulator, tmp_path: Path) -> None:
    frankfurt, ireland, outlet = (
        build(emulator.elsewhere(account=ACCOUNTS[name], region=region))
        for name, region in (("shop", "eu-central-1"), ("shop", "eu-west-1"), ("outlet", "eu-central-1"))
    )
    emulator.set(clock_flows=True)  # nobody moves it in the processes of Ansible
    assert play(emulator, tmp_path).count("changed=1") == 2
    assert attached(frankfurt) == attached(ireland) == [True, True]
    assert attached(outlet) == [False, False]
    assert "changed=1" not in play(emulator, tmp_path)
