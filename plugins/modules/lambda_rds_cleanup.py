#!/usr/bin/python
# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lambda_rds_cleanup
version_added: 0.2.0
short_description: Delete the security groups of connections that nobody holds any more
description:
  - Finishes what M(cloudops.lambda_rds.lambda_rds_connection) had to leave behind, in one account and Region. After a
    function has left a VPC, or was deleted, Lambda's network interfaces hold its client group for 20 minutes and more.
    A nightly run of this task deletes all that have become free since.
  - Looks at the client groups that carry the tags C(cloudops.lambda_rds:database) and C(cloudops.lambda_rds:scope), of
    any database, and that no function wears. One that no published version, no network interface and no rule of others
    uses either is deleted. Where the ingress rules of ours that admit it to a database are still there, because its
    function was deleted without taking the connection back, they are revoked first; with the last client group of an
    RDS Proxy also our rules between that and its database.
  - Whatever is still held stays, is listed in RV(pending) with what frees it, and is no change. Security groups and
    rules of others are never touched.
  - May run at the same time as other tasks of this collection. A client group that no rule of ours admits yet is of a
    run that has not come far. It may be deleted, and that run makes it again. A client group that is admitted to a
    database stays, and is listed in RV(pending), if its function exists, because another run may be about to attach
    that. If its function is gone, or if it is shared by the functions of a database, it is deleted when it is still
    unused at a second look; see O(grace_period).
  - A run that is cut off is completed by running the task again.
author:
  - cloudops.lambda_rds maintainers (@cloudops)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - cloudops.lambda_rds.attributes
  - cloudops.lambda_rds.attributes.aws
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  vpc_id:
    description:
      - Look at the client groups in this VPC only. By default at those of the whole account and Region. A VPC that does
        not exist is refused.
    type: str
  grace_period:
    description:
      - How many seconds after the first look to look again, where there is a client group without a function that is
        still admitted to a database. It may be about to get a function, because that is just being replaced or is the
        first of several. Such a group is deleted if it was free both times.
      - Only such a group is waited for, once in a run however many there are, and in check mode too.
      - With V(0) there is no second look. That is for times at which no other task of this collection runs.
    type: int
    default: 60
"""

EXAMPLES = r"""
- name: Delete all client groups that nobody holds any more
  cloudops.lambda_rds.lambda_rds_cleanup:

- name: Only list what that would do
  cloudops.lambda_rds.lambda_rds_cleanup:
  check_mode: true
  diff: true
  register: leftovers

- name: Clean up one VPC, at once because nothing else is running
  cloudops.lambda_rds.lambda_rds_cleanup:
    vpc_id: vpc-0a1b2c3d4e5f60718
    grace_period: 0
"""

RETURN = r"""
changes:
  description: The writes, in order; in check mode those that the run would make, and the same.
  returned: success
  type: list
  elements: dict
  contains:
    text:
      description: The change as a line of text.
      type: str
      sample: delete security group sg-0a1b2c3d4e5f60718 (nightly-report-lambda-sg)
    action:
      description: The AWS action, in snake case. The other keys depend on it.
      type: str
      sample: delete_security_group
deleted:
  description: The client groups that were deleted; in check mode those that the run would delete.
  returned: success
  type: list
  elements: dict
  contains:
    security_group_id:
      description: The client group.
      type: str
      sample: sg-0a1b2c3d4e5f60718
    security_group_name:
      description: Its name.
      type: str
      sample: nightly-report-lambda-sg
    vpc_id:
      description: The VPC that it was in.
      type: str
      sample: vpc-0a1b2c3d4e5f60718
    database:
      description: The kind and the name of the database that it was made for.
      type: str
      sample: instance/orders
    function_name:
      description: The function that it was made for; null where all functions of the database shared it.
      type: str
      sample: nightly-report
pending:
  description: Client groups that no function wears but that could not be deleted, what holds them, and what frees them.
  returned: success
  type: list
  elements: dict
  contains:
    security_group_id:
      description: The client group.
      type: str
      sample: sg-0a1b2c3d4e5f60718
    security_group_name:
      description: Its name.
      type: str
      sample: nightly-report-lambda-sg
    network_interface_ids:
      description: The network interfaces that hold it.
      type: list
      elements: str
      sample: [eni-0a1b2c3d4e5f60718]
    function_versions:
      description: The published versions that use it.
      type: list
      elements: str
      sample: ["nightly-report:3"]
    aliases:
      description: The aliases that lead to these versions.
      type: list
      elements: str
      sample: ["nightly-report:live"]
    referenced_by:
      description: The security groups with rules of others that name it.
      type: list
      elements: str
      sample: []
    frees:
      description: What will free it.
      type: str
      sample: Lambda deletes its network interfaces by itself, usually within 20 to 40 minutes; run the task again then.
diff:
  description: The state before and after, as computed from the changes.
  returned: success
  type: dict
  sample: {"before": {}, "after": {}}
refusals:
  description: Every reason why the task was refused, when it was refused before anything was written.
  returned: when the task is refused
  type: list
  elements: dict
  contains:
    parameter:
      description: The option that it is about.
      type: str
      sample: grace_period
    value:
      description: Its value.
      type: raw
      sample: -1
    reason:
      description: What is wrong.
      type: str
      sample: is less than 0 seconds.
    remedy:
      description: What to do about it.
      type: str
      sample: Give a number of seconds, 0 or more.
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.parameters import argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.run import preview, run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.outcome import exit_module


def main() -> None:
    module = AnsibleAWSModule(argument_spec=argument_spec(), supports_check_mode=True)
    with exit_module(module) as outcome:
        want = parse(module.params)
        outcome.result = (preview if module.check_mode else run)(want, Aws(module))


if __name__ == "__main__":
    main()
