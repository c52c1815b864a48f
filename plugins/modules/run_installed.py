#!/usr/bin/python
# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: run_installed
version_added: 0.2.0
short_description: Runs the modules of this collection on the controller (internal)
description:
  - The other modules of this collection use it on the controller, where their code is there already and need not be
    packed for each task. It has no options, and is not for playbooks.
author:
  - cloudops.lambda_rds maintainers (@cloudops)
options: {}
seealso:
  - module: cloudops.lambda_rds.lambda_rds_connection
"""

EXAMPLES = r"""
- name: Nothing to do with it directly; this runs it, on the controller
  cloudops.lambda_rds.lambda_rds_connection_info:
    function_names: [nightly-report]
    db_instance_identifier: orders
"""

RETURN = r"""
not_found:
  description: Where the module was to be, if it is not there. It is packed then, as Ansible does with all modules.
  returned: when it is not there
  type: str
  sample: /opt/ansible_collections/cloudops/lambda_rds/plugins/modules/lambda_rds_connection.py
"""

import json
import os
import sys
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils import modules

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._installed import (
    ENVIRONMENT_VARIABLE,
    NOT_FOUND,
    main_of,
)

# What is not ours is brought by Ansible, in the version that it has chosen, with what that imports in turn.
BROUGHT = (modules,)


def main() -> None:
    told = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if not told:
        AnsibleModule(argument_spec={}, supports_check_mode=True).fail_json(
            msg="run_installed is internal to the collection. Use its other modules, such as lambda_rds_connection."
        )
    module = Path(told)
    if not module.is_file():
        # Such as in a container that is used as an interpreter. AnsibleModule would refuse the options, which are
        # those of the module.
        sys.stdout.write(json.dumps({NOT_FOUND: told}))
        raise SystemExit(0)
    main_of(module)()


if __name__ == "__main__":
    main()
