#!/usr/bin/python
# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: rds_db_proxy_info
version_added: 0.2.0
short_description: Look at RDS proxies, their targets and what is wrong with these
description:
  - Shows one RDS Proxy or all of the account and Region, with their connection pools, endpoints and targets. Where a
    target is not healthy, it says why and what to do, in the words of M(cloudops.lambda_rds.rds_db_proxy). Where the
    database cannot be reached, it names the security group rules that are missing.
  - Never writes anything.
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
    support: none
  idempotent:
    support: full
options:
  name:
    description:
      - The name of the proxy. By default all proxies are shown.
    type: str
    aliases: [db_proxy_name]
seealso:
  - module: cloudops.lambda_rds.rds_db_proxy
"""

EXAMPLES = r"""
- name: Look at one proxy
  cloudops.lambda_rds.rds_db_proxy_info:
    name: orders
  register: found

- name: Fail if it cannot use its database
  ansible.builtin.assert:
    that: found.proxies[0].targets | selectattr('message') | length == 0
    fail_msg: "{{ found.proxies[0].targets | map(attribute='message') | select | join(' ') }}"

- name: Look at all proxies
  cloudops.lambda_rds.rds_db_proxy_info:
"""

RETURN = r"""
proxies:
  description: The proxies; none where there is no such proxy.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: orders
    arn:
      description: Its ARN.
      type: str
      sample: arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0a1b2c3d4e5f60718
    resource_id:
      description: The id by which IAM policies name it in C(rds-db:connect).
      type: str
      sample: prx-0a1b2c3d4e5f60718
    status:
      description: Its status, in AWS's words.
      type: str
      sample: available
    endpoint:
      description: The host name to connect to.
      type: str
      sample: orders.proxy-cabcdefghijk.eu-west-1.rds.amazonaws.com
    port:
      description: The TCP port to connect to, whatever the database's.
      type: int
      sample: 5432
    engine_family:
      description: V(MYSQL), V(POSTGRESQL) or V(SQLSERVER).
      type: str
      sample: POSTGRESQL
    vpc_id:
      description: Its VPC.
      type: str
      sample: vpc-0a1b2c3d4e5f60718
    subnet_ids:
      description: Its subnets.
      type: list
      elements: str
      sample: [subnet-0a1b2c3d4e5f60718, subnet-08192a3b4c5d6e7f0]
    security_group_ids:
      description: All security groups on it.
      type: list
      elements: str
      sample: [sg-0a1b2c3d4e5f60718]
    auth:
      description: How it logs in to the database, as in the option.
      type: list
      elements: dict
      sample:
        - secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-app-a1b2c3
          iam_auth: disabled
          client_password_auth_type: postgres_scram_sha_256
          description: null
    default_auth_scheme:
      description: V(none) or V(iam_auth).
      type: str
      sample: none
    role_arn:
      description: The role by which it reads the secrets.
      type: str
      sample: arn:aws:iam::123456789012:role/orders-proxy
    require_tls:
      description: Whether clients have to use TLS.
      type: bool
      sample: true
    idle_client_timeout:
      description: After how many seconds it closes an idle connection of a client.
      type: int
      sample: 1800
    debug_logging:
      description: Whether it logs in detail.
      type: bool
      sample: false
    connection_pool:
      description: Its connections to the database, as in the option.
      type: dict
      sample:
        max_connections_percent: 100
        max_idle_connections_percent: 50
        connection_borrow_timeout: 120
        init_query: ""
        session_pinning_filters: []
    tags:
      description: Its tags.
      type: dict
      sample: {"cloudops.lambda_rds:proxy": orders}
    managed:
      description: Whether this module made it.
      type: bool
      sample: true
    functions:
      description: The Lambda functions that M(cloudops.lambda_rds.lambda_rds_connection) has connected through it.
      type: list
      elements: str
      sample: [orders-api]
    targets:
      description: What the proxy connects to. A cluster is shown with its members.
      type: list
      elements: dict
      contains:
        identifier:
          description: The identifier of the instance or cluster.
          type: str
          sample: orders
        type:
          description: The kind of target, in AWS's words.
          type: str
          sample: RDS_INSTANCE
        role:
          description: V(READ_WRITE), V(READ_ONLY) or V(UNKNOWN), where AWS shows it.
          type: str
          sample: READ_WRITE
        endpoint:
          description: The host name that the proxy connects to.
          type: str
          sample: orders.cabcdefghijk.eu-west-1.rds.amazonaws.com
        port:
          description: The TCP port that it connects to.
          type: int
          sample: 6432
        state:
          description: The state of the connection, in AWS's words.
          type: str
          sample: AVAILABLE
        reason:
          description: AWS's reason for the state.
          type: str
          sample: null
        description:
          description: AWS's description of it.
          type: str
          sample: null
        message:
          description: What is wrong and what to do about it; null where nothing is.
          type: str
          sample: null
    endpoints:
      description: The endpoints that the proxy has besides its own.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the endpoint.
          type: str
          sample: orders-reports
        endpoint:
          description: The host name to connect to.
          type: str
          sample: orders-reports.endpoint.proxy-cabcdefghijk.eu-west-1.rds.amazonaws.com
        status:
          description: Its status, in AWS's words.
          type: str
          sample: available
        target_role:
          description: V(READ_WRITE) or V(READ_ONLY).
          type: str
          sample: READ_ONLY
        vpc_id:
          description: Its VPC, which may be another one than the proxy's.
          type: str
          sample: vpc-0a1b2c3d4e5f60718
        subnet_ids:
          description: Its subnets.
          type: list
          elements: str
          sample: [subnet-0a1b2c3d4e5f60718, subnet-08192a3b4c5d6e7f0]
        security_group_ids:
          description: Its security groups.
          type: list
          elements: str
          sample: [sg-0a1b2c3d4e5f60718]
role_arns:
  description: The IAM role of every proxy of the account and Region, by the name of the proxy.
  returned: success
  type: dict
  sample: {"orders": "arn:aws:iam::123456789012:role/cloudops-lambda-rds/eu-west-1/orders-eu-west-1-rds-proxy"}
region:
  description: The Region that was looked at.
  returned: success
  type: str
  sample: eu-west-1
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.outcome import exit_module
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.info import argument_spec, read_proxies


def main() -> None:
    module = AnsibleAWSModule(argument_spec=argument_spec(), supports_check_mode=True)
    with exit_module(module) as outcome:
        outcome.result = read_proxies(module.params["name"], Aws(module), module.region)


if __name__ == "__main__":
    main()
