#!/usr/bin/python
# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lambda_rds_connection_info
version_added: 0.2.0
short_description: Tell whether Lambda functions reach an RDS database, and where the path ends
description:
  - Looks at the path from Lambda functions to an RDS or Aurora database, whoever connected them, and says whether it is
    open. The function's state and VPC, security groups, routes, network ACLs with return traffic, names, the database's
    state and, for an RDS Proxy, the second hop and the health of its target are all looked at.
  - A path is RV(connections[].reachable) if fewer than 1 in 100 connections fail. What closes a smaller share is a risk
    with its RV(connections[].findings[].share), such as the one ephemeral port of 64,512 that is closed when network
    ACLs deny RDP. That some pairs of subnets work and some do not is a finding of its own.
  - All pairs of subnets count, all addresses that AWS assigns in them, and all ephemeral ports (1024 to 65535) of
    return traffic. The share is the mean over the function's subnets, for the worst subnet that the database can be
    in. Each hop, to a proxy and from it to the database, is judged by itself.
  - Names all that is wrong at once, each with a remedy, and what is worth knowing besides. What may not be read is a
    finding too, never an assumption.
  - Packets are not sent, and nothing is written. What the operating system, the database's own configuration or a
    firewall appliance refuses is not seen.
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
  function_name:
    description:
      - The Lambda function, by its name or its ARN (full, or partial as in V(123456789012:function:my-function)).
      - The verdict is about its C($LATEST); aliases that lead to versions with another VPC configuration are a finding.
      - Exactly one of O(function_name), O(function_names), or a choice by O(function_name_prefix) and
        O(function_tags) is needed.
    type: str
  function_names:
    description:
      - Several Lambda functions, each by its name or its ARN.
      - Those of one name in different accounts or Regions are refused. Name each in a task of its own.
    type: list
    elements: str
  function_name_prefix:
    description:
      - All Lambda functions of the account and Region whose names begin so. With O(function_tags), those of them that
        have the tags too.
    type: str
    version_added: 0.2.0
  function_tags:
    description:
      - All Lambda functions of the account and Region that have all of these tags. They are found by the Resource
        Groups Tagging API, so C(tag:GetResources) has to be allowed.
    type: dict
    version_added: 0.2.0
  db_instance_identifier:
    description:
      - The database, as the identifier of an RDS instance.
      - At most one of O(db_instance_identifier), O(db_cluster_identifier), O(db_proxy_name) and O(db_hostname) may be
        given. With none of them, O(vpc_id), O(rds_security_group_ids) and O(port) name the database by hand.
    type: str
  db_cluster_identifier:
    description:
      - The database, as the identifier of an Aurora or Multi-AZ cluster. It may be in any subnet of its subnet group.
    type: str
  db_proxy_name:
    description:
      - The database, as the name of an RDS Proxy. Both hops are judged, to the proxy and from it to the database.
      - Whether it reaches the database is told as AWS says it, which may be some minutes old.
    type: str
  db_hostname:
    description:
      - The database, as the host name of its endpoint, without the port.
    type: str
  vpc_id:
    description:
      - The VPC of the functions. Required where no database is named.
    type: str
  rds_security_group_ids:
    description:
      - The security groups of the database. Of one that is named those that RDS shows are judged, and any others given
        here are a finding that blocks.
      - Required where no database is named. The database is then where network interfaces wear all of these groups;
        those of functions do not count, and where there are some that RDS made, no others do. Where there are none (the
        database is not there yet, or in another account), only the security groups are judged, and
        RV(connections[].path) is V(unknown) unless they close it.
    type: list
    elements: str
  port:
    description:
      - The TCP port of the database, from 1 to 65535. Of one that is named that of its endpoint is judged, and another
        one given here is a finding that blocks.
      - Required where no database is named.
    type: int
  language:
    description:
      - The language of messages and pictures, English or Japanese.
    type: str
    choices: [en, ja]
    default: en
seealso:
  - module: cloudops.lambda_rds.lambda_rds_connection
  - module: cloudops.lambda_rds.rds_db_proxy_info
"""

EXAMPLES = r"""
- name: Why does the function time out?
  cloudops.lambda_rds.lambda_rds_connection_info:
    function_name: nightly-report
    db_instance_identifier: orders
  register: path

- name: Fail with what is wrong and what to do
  ansible.builtin.assert:
    that: path.reachable
    fail_msg: "{{ path.msg }}"

- name: Look at all functions of an Aurora cluster
  cloudops.lambda_rds.lambda_rds_connection_info:
    function_names: [orders-api, orders-worker, orders-report]
    db_cluster_identifier: orders

- name: Look at both hops of a proxy, in Japanese
  cloudops.lambda_rds.lambda_rds_connection_info:
    function_name: orders-api
    db_proxy_name: orders-proxy
    language: ja

- name: Look by the host name that the function has in its configuration
  cloudops.lambda_rds.lambda_rds_connection_info:
    function_name: arn:aws:lambda:eu-west-1:123456789012:function:nightly-report
    db_hostname: orders.cluster-cabcdefghijk.eu-west-1.rds.amazonaws.com

- name: Look at a database that is known by its ids
  cloudops.lambda_rds.lambda_rds_connection_info:
    function_name: nightly-report
    vpc_id: vpc-0a1b2c3d4e5f60718
    rds_security_group_ids: [sg-0a1b2c3d4e5f60718]
    port: 5432

- name: Keep a report of it
  ansible.builtin.copy:
    content: "{{ path | cloudops.lambda_rds.reachability_report }}"
    dest: nightly-report.html
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
msg:
  description: The verdict in one line; where the path is closed, with each cause and its remedy.
  returned: success
  type: str
  sample: 1 of 1 functions reach instance orders.
path:
  description: V(open) if every path is, V(closed) if one is, otherwise V(unknown).
  returned: success
  type: str
  sample: closed
reachable:
  description: Whether it is proved that every function reaches the database (RV(path) is V(open)).
  returned: success
  type: bool
  sample: false
language:
  description: The language of messages and pictures.
  returned: success
  type: str
  sample: en
database:
  description:
    - The database; of one that is given by ids, or is not there, only what is known. C(target) is the database behind a
      proxy, with the same keys.
  returned: success
  type: dict
  sample:
    kind: instance
    identifier: orders
    endpoint: orders.cabcdefghijk.eu-west-1.rds.amazonaws.com
    port: 5432
    vpc_id: vpc-0a1b2c3d4e5f60718
    subnet_ids: [subnet-0a1b2c3d4e5f60718]
    security_group_ids: [sg-08192a3b4c5d6e7f0]
    status: available
    resource_id: db-ABCDEFGHIJKLMNOPQRSTUVWXYZ
connections:
  description: One entry for each function, in the order in which they were named.
  returned: success
  type: list
  elements: dict
  contains:
    function_name:
      description: The function.
      type: str
      sample: nightly-report
    function_arn:
      description: Its ARN; null where there is no such function, or it may not be read.
      type: str
      sample: arn:aws:lambda:eu-west-1:123456789012:function:nightly-report
    state:
      description: Its state, in AWS's words.
      type: str
      sample: Active
    last_update_status:
      description: The status of its last update, in AWS's words.
      type: str
      sample: Successful
    vpc_id:
      description: The VPC that it is in; null where it is in none.
      type: str
      sample: vpc-0a1b2c3d4e5f60718
    subnet_ids:
      description: Its subnets.
      type: list
      elements: str
      sample: [subnet-0a1b2c3d4e5f60718]
    security_group_ids:
      description: Its security groups.
      type: list
      elements: str
      sample: [sg-0a1b2c3d4e5f60718]
    rules:
      description: The rules between its groups and the database's, and between a proxy's and the database's behind it.
      type: list
      elements: dict
      sample:
        - direction: egress
          security_group_id: sg-0a1b2c3d4e5f60718
          proto: tcp
          from_port: 5432
          to_port: 5432
          peer: sg-08192a3b4c5d6e7f0
    managed:
      description: Whether M(cloudops.lambda_rds.lambda_rds_connection) made the connection; null where there is none.
      type: bool
      sample: true
    path:
      description:
        - V(open) if every station is open, V(closed) if one is closed, be it for some subnets only. V(unknown) if
          nothing closes it, but something is not known, because it may not be read, or because it is not known where a
          database that is given by its groups is.
      type: str
      sample: closed
    reachable:
      description: Whether it is proved that the function reaches the database (RV(connections[].path) is V(open)).
      type: bool
      sample: false
    hops:
      description: The stations of a packet, in order.
      type: list
      elements: dict
      contains:
        kind:
          description:
            - V(function), V(egress), V(route), V(acl_out), V(acl_in), V(ingress), V(return) (network ACLs and routes
              for return traffic), V(proxy) or V(database).
          type: str
          sample: ingress
        leg:
          description: V(1) from the function, V(2) from a proxy to the database behind it.
          type: int
          sample: 1
        state:
          description:
            - V(open), V(closed), V(partly) (for some subnets, addresses or ports) or V(unknown). V(open) also if only
              causes that are a risk close a small share of it.
          type: str
          sample: closed
        resources:
          description: The ids or names of what it consists of.
          type: list
          elements: str
          sample: [sg-08192a3b4c5d6e7f0]
        detail:
          description: The protocol and port, where they count.
          type: str
          sample: tcp/5432
        codes:
          description: The codes of the findings that close it.
          type: list
          elements: str
          sample: [ingress_closed]
        text:
          description: The same as a line of text.
          type: str
          sample: "Security group, inbound: closed (sg-08192a3b4c5d6e7f0, tcp/5432)"
    findings:
      description: All that is wrong or worth knowing, what closes the path first.
      type: list
      elements: dict
      contains:
        code:
          description:
            - A stable name; docs/findings.md says what each means.
            - V(acl_in_closed), V(acl_out_closed), V(acl_return_in_closed), V(acl_return_out_closed),
              V(acl_unknown), V(alias_not_connected), V(cluster_no_members), V(cluster_reader_not_available),
              V(cluster_writer_not_available), V(database_busy), V(database_group_adding),
              V(database_group_removing), V(database_missing), V(database_no_endpoint), V(database_no_vpc),
              V(database_not_available), V(database_place_unknown), V(database_public), V(dns_support_off),
              V(egress_closed), V(egress_partly), V(egress_wrong_port), V(endpoint_closed), V(few_free_addresses),
              V(function_deactivated), V(function_deleting), V(function_failed), V(function_inactive),
              V(function_missing), V(function_not_invocable), V(function_pending), V(group_not_on_database),
              V(groups_near_quota), V(https_egress_closed), V(ingress_closed), V(ingress_partly),
              V(ingress_wrong_port), V(interfaces_near_quota), V(ipv6_closed), V(no_free_addresses), V(no_internet),
              V(no_ipv4_addresses), V(no_route), V(no_spare_addresses), V(not_in_vpc), V(not_its_port),
              V(not_looked_at), V(not_read), V(on_capacity_provider), V(other_vpc), V(proxy_no_reader),
              V(proxy_no_target), V(proxy_target_pending), V(proxy_target_unhealthy), V(proxy_target_unreachable),
              V(public_name_over_peering), V(role_cannot_make_interfaces), V(role_limited_by_conditions),
              V(route_beyond_view), V(route_blackhole), V(route_elsewhere), V(route_table_unknown),
              V(rules_near_quota), V(services_unreachable), V(short_timeout), V(snap_start), V(some_pairs),
              V(subnets_unknown), V(update_failed), V(update_in_progress).
          type: str
          sample: ingress_closed
        severity:
          description: V(blocks) (the path is closed, or not proved to be open), V(risk) or V(note).
          type: str
          sample: blocks
        resource:
          description: What it is about.
          type: str
          sample: sg-08192a3b4c5d6e7f0
        share:
          description:
            - The share of the connections that it closes, as an exact fraction; V(1) is all of them. From 1/100 on it
              closes the path, and so do several causes that together close as much.
          returned: if it closes the path, or a share of it
          type: str
          sample: 1/64512
        message:
          description: What is wrong.
          type: str
          sample: The security groups of orders (sg-08192a3b4c5d6e7f0) let nothing in from nightly-report on tcp/5432.
        remedy:
          description: What to do about it.
          type: str
          sample: Add an ingress rule for tcp/5432 from sg-0a1b2c3d4e5f60718.
        source:
          description: The page that it rests on.
          type: str
          sample: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
    diagram:
      description: The path as a Mermaid flowchart, which GitHub, GitLab and editors draw.
      type: str
      sample: flowchart TB
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.outcome import exit_module
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.parameters import argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.run import run


def main() -> None:
    module = AnsibleAWSModule(argument_spec=argument_spec(), supports_check_mode=True)
    with exit_module(module) as outcome:
        outcome.result = run(parse(module.params, module.region), module.params["language"], Aws(module))


if __name__ == "__main__":
    main()
