#!/usr/bin/python
# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lambda_rds_connection
version_added: 0.1.0
short_description: Connect Lambda functions to an RDS database, and take the connection back
description:
  - Puts Lambda functions into the VPC of an RDS or Aurora database and opens the database's port between them. A
    client group (a security group) on the functions gets egress to each of the database's security groups, and each
    of these gets the matching ingress rule. O(state=absent) takes all of it back.
  - Only the VPC configuration of the functions is written, never another setting. Security groups and rules of others
    stay as they are; an equivalent rule that is there already is used, not doubled. What this module makes carries
    the tags C(cloudops.lambda_rds:database), C(cloudops.lambda_rds:scope) and, where it serves one function,
    C(cloudops.lambda_rds:function).
  - Everything that can be known to fail is refused before the first write, all of it in one message. A run that is
    cut off is completed by running the task again.
  - Needs neither the function nor the database for O(state=absent), because what it made is found by its tags.
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
  state:
    description:
      - V(present) connects the functions, V(absent) takes the connection back.
      - V(absent) returns in seconds. Lambda keeps the network interfaces of a function for 20 minutes and more after
        it has left a VPC, and these hold the client group. The group is then listed in RV(pending), and a later run
        of the same task deletes it; see also O(release_timeout).
    type: str
    choices: [present, absent]
    default: present
  function_name:
    description:
      - The Lambda function, by its name or its ARN (full, or partial as in V(123456789012:function:my-function)).
      - A qualifier (a version or an alias) is refused, because published versions cannot be changed.
      - Exactly one of O(function_name), O(function_names), or a choice by O(function_name_prefix) and
        O(function_tags) is needed.
    type: str
  function_names:
    description:
      - Several Lambda functions, each by its name or its ARN, to connect to the one database. There may be thousands.
      - They are written side by side, as fast as Lambda allows an account (15 changes a second). One that fails does
        not stop the others. The task fails at the end and names it, see RV(failures), and the next run does only what
        is left.
      - The state of more than three functions, such as an update that is under way, is looked at where they are
        changed, and with O(verify). For others it would take a call each.
      - Those of one name in different accounts or Regions are refused. Name each in a task of its own.
    type: list
    elements: str
  function_name_prefix:
    description:
      - All Lambda functions of the account and Region whose names begin so. With O(function_tags), those of them that
        have the tags too.
      - With O(state=absent) also functions that are deleted, as far as their client groups are still there. If no
        function is chosen, O(state=present) is refused, and O(state=absent) warns.
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
      - The database, as the identifier of an RDS instance. A member of an Aurora or Multi-AZ cluster has the security
        groups and the port of its cluster.
      - At most one of O(db_instance_identifier), O(db_cluster_identifier), O(db_proxy_name) and O(db_hostname) may be
        given. With none of them, O(vpc_id), O(rds_security_group_ids) and O(port) name the database by hand.
    type: str
  db_cluster_identifier:
    description:
      - The database, as the identifier of an Aurora or Multi-AZ cluster.
    type: str
  db_proxy_name:
    description:
      - The database, as the name of an RDS Proxy. Both hops are paired, the function with the proxy on the port that
        the proxy listens on (5432 for PostgreSQL, 3306 for MySQL and MariaDB, 1433 for SQL Server, whatever the port of
        the database), and the proxy with the database behind it on the database's own port.
      - The functions of a proxy share the second hop, whichever of its endpoints they connect to. It leads from the
        proxy's own security groups, and is taken back with the last of them.
      - M(cloudops.lambda_rds.rds_db_proxy) makes a proxy.
    type: str
  db_hostname:
    description:
      - The database, as the host name of its endpoint, without the port. An instance's endpoint, a cluster's (writer,
        reader or custom), or a proxy's (its own, or a further one, whose subnets and security groups are for those who
        connect to it, and may be of another VPC than the proxy's).
    type: str
  db_users:
    description:
      - Users of the database as whom the functions may log in by IAM. Their execution roles get C(rds-db:connect) for
        exactly these users of this database or proxy, by one inline policy for each role and database, named
        C(cloudops-lambda-rds-REGION-KIND-NAME). Functions that share a role share the policy, so give their tasks the
        same users. V(*) is IAM's wildcard.
      - An empty list, or O(state=absent) with any list, deletes these policies, also of roles whose function or
        database is gone, except where another function of the role is still connected to the database. A policy of that
        name with another text is never touched.
      - By default nothing of IAM is read or written. IAM authentication has to be enabled on the database, or required
        by the proxy. Not for a database that is given by O(vpc_id).
    type: list
    elements: str
    version_added: 0.2.0
  vpc_id:
    description:
      - The VPC to put the functions into. By default the database's own. Another one has to be peered with the
        database's, and needs O(subnet_ids).
      - Required where no database is named.
    type: str
  subnet_ids:
    description:
      - The subnets for the functions, at most 16, all of one VPC. By default those of the database's subnet group, or
        of the proxy. A function that is in the VPC already keeps its own subnets unless this is given.
    type: list
    elements: str
  rds_security_group_ids:
    description:
      - The security groups of the database, or of the proxy, to open. By default those that RDS shows on it. They exist
        already; rules are added to them and nothing else.
      - Beside a database that is named they have to be on it, or the rules lead nowhere. O(verify) judges the groups
        and the port that RDS shows, and names those given that are not the database's.
      - Required where no database is named.
    type: list
    elements: str
  port:
    description:
      - The TCP port of the database, or of the proxy, from 1 to 65535. By default the port of its endpoint.
      - Required where no database is named.
    type: int
  security_group_scope:
    description:
      - V(function) makes a client group for each function. V(database) makes one that all functions of the database
        share, with one pair of rules and one set of network interfaces however many functions there are.
    type: str
    choices: [function, database]
    default: function
  security_group_id:
    description:
      - An existing security group to use as the client group. Rules are added to it, and taken back by
        O(state=absent), which takes the group off the function only if this module put it on. The group itself is
        never deleted.
      - Cannot be combined with the options that shape a group of our own.
    type: str
  security_group_name:
    description:
      - The name of the client group to make, 1 to 255 characters.
      - By default the function's name with V(-lambda-sg), or the database's with V(-lambda-clients) when
        O(security_group_scope=database). A function that is connected to a second database gets a second group, which
        has the database in its name too.
      - Where the database is given by ids, the name tells the connections of a function apart.
    type: str
  console_names:
    description:
      - Name the client group C(lambda-rds-n) with the next free number. The AWS console lists a function among the
        connected compute resources of a database only if its group is named so.
    type: bool
    default: false
  allow_all_outbound:
    description:
      - Let the client group keep an egress rule for all IPv4 traffic. Otherwise AWS's default rules, which allow
        everything, are removed once the rule for the database is there.
    type: bool
    default: false
  egress_rules:
    description:
      - Further egress rules for the client group, HTTPS to a VPC endpoint of Secrets Manager for example.
    type: list
    elements: dict
    suboptions:
      proto:
        description: The IP protocol, V(tcp), V(udp), V(icmp), V(icmpv6), a protocol number, or V(-1) for all.
        type: str
        default: tcp
      from_port:
        description: The first port, from 0 to 65535. Required for V(tcp) and V(udp).
        type: int
      to_port:
        description: The last port, from 0 to 65535. By default the first.
        type: int
      cidr_ip:
        description:
          - An IPv4 network as the peer. Exactly one of O(egress_rules[].cidr_ip), O(egress_rules[].cidr_ipv6),
            O(egress_rules[].group_id) and O(egress_rules[].ip_prefix) is needed.
        type: str
      cidr_ipv6:
        description: An IPv6 network as the peer.
        type: str
      group_id:
        description: A security group as the peer.
        type: str
      ip_prefix:
        description: A prefix list as the peer, such as V(pl-0123456789abcdef0).
        type: str
      rule_desc:
        description: A description of the rule, at most 255 characters.
        type: str
        default: ""
  purge_egress_rules:
    description:
      - Remove egress rules that others added to the client group. Rules that this module added and that are no longer
        asked for go in any case.
    type: bool
    default: false
  allow_vpc_change:
    description:
      - Move a function that is in another VPC. It loses its subnets and groups there; O(state=absent) gives them back.
    type: bool
    default: false
  ipv6_allowed_for_dual_stack:
    description:
      - Whether the functions may send IPv6 traffic in dual-stack subnets. By default left as it is, and off for a
        function that is put into the VPC.
    type: bool
  publish:
    description:
      - Publish a version with the connection, unless the newest version or, with O(alias), the one that the alias
        points to has it already. A published version keeps the VPC configuration and the code that it was published
        with, so that connecting a function leaves its versions and their aliases as they were; RV(findings) names
        such aliases.
      - The version gets the function's code of now, also where that was not published before.
      - With O(state=absent) the version published is one without the connection. Versions are never deleted; those
        that keep a client group in use are listed in RV(pending).
    type: bool
    default: false
    version_added: 0.2.0
  alias:
    description:
      - Let this alias of the functions point to the version with the connection (with O(state=absent), without it).
        It has to exist, and needs O(publish=true). Weights of other versions in the alias stay.
    type: str
    version_added: 0.2.0
  tags:
    description:
      - Tags of the client group. Keys that begin with C(cloudops.lambda_rds:) or C(aws:) are refused.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description:
      - Whether tags of the client group that are not in O(tags) are removed. Without O(tags) none is.
    type: bool
    default: true
  wait:
    description:
      - Wait until Lambda has made new functions ready and carried out the update of the functions. Without it a failure
        of that update is not seen, and a client group that functions leave for another one stays with its rules until a
        later run, because it serves them until their updates are done.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait until a function is ready, and then for its update, in seconds each. At most so long is waited,
        too, for what AWS says of a proxy (O(verify)).
    type: int
    default: 600
  release_timeout:
    description:
      - How long O(state=absent) may wait for Lambda to delete the network interfaces that hold the client group, in
        seconds. With V(0) the group is left to a later run.
    type: int
    default: 0
  request_pace:
    description:
      - The share of the requests AWS allows an account and Region that the task may send, from V(0.05) to V(1). These
        are 15 a second to change functions and 5 a second for each action that changes security groups, after a few
        that need not wait
        (U(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html),
        U(https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html)).
      - V(0.5) leaves half of them to deployments and others who call Lambda and EC2 meanwhile. Whatever the share is,
        the task slows down when AWS refuses requests because there are too many.
      - V(0) sends them as fast as they are answered, which suits an emulator that has no such limits.
    type: float
    default: 1.0
    version_added: 0.2.0
  verify:
    description:
      - Whether to judge the path to the database afterwards, as M(cloudops.lambda_rds.lambda_rds_connection_info) does,
        and to fail if something closes it, or may not be read. What was made stays.
      - What closes fewer than 1 in 100 connections, such as a network ACL that denies the ephemeral port 3389, is a
        risk and does not fail the task.
      - In check mode the verdict is about what the task would make. A function that is still Pending then does not
        fail it, and neither does it with O(wait=false).
      - Where all is open, but AWS still says that a proxy does not reach its database, this looks again for up to 180
        seconds, and O(wait_timeout) at most, because AWS tries that only from time to time. With O(wait=false), and in
        check mode, that is a risk, and no failure.
      - Of a database that is given by hand, while no network interface that can be seen wears its groups (it is not
        there yet, or in another account), only the security groups are judged. If these are open the task succeeds,
        and warns that the rest is not known (RV(findings), code C(database_place_unknown)).
      - Of more than three functions, aliases are looked at only with O(publish=true), because it takes the list of all
        published versions of the account.
      - O(state=absent) is never judged, and neither is a task of whose functions some failed (RV(failures)). The reads
        that it takes are in that module's part of the IAM policy.
    type: bool
    default: false
    version_added: 0.2.0
  language:
    description:
      - The language of RV(findings) and RV(reachability), English or Japanese.
    type: str
    choices: [en, ja]
    default: en
    version_added: 0.2.0
  preview_after:
    description:
      - In check mode, what earlier tasks of the play returned, which were not carried out either. The preview goes on
        from where they would have led, and so says what the run would do. For a connection through
        a proxy that is yet to be made, for example.
      - A list of the variables that tasks of this collection registered, in the order of the tasks. One that was
        skipped changes nothing. A run ignores them all, and goes by what there is.
      - What they say of a proxy counts for connections through it, not for a later task of
        M(cloudops.lambda_rds.rds_db_proxy). Published versions and aliases are left out.
    type: list
    elements: dict
    version_added: 0.2.0
seealso:
  - module: cloudops.lambda_rds.lambda_rds_connection_info
  - module: cloudops.lambda_rds.lambda_rds_cleanup
  - module: cloudops.lambda_rds.rds_db_proxy
"""

EXAMPLES = r"""
- name: Connect a function to a database by its identifier
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders

- name: Show what that would change
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
  check_mode: true
  diff: true

- name: Connect by ids, as the Terraform recipe does
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    vpc_id: vpc-0a1b2c3d4e5f60718
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-08192a3b4c5d6e7f0]
    rds_security_group_ids: [sg-0a1b2c3d4e5f60718]
    port: 5432

- name: Connect many functions to an Aurora cluster with one shared client group
  cloudops.lambda_rds.lambda_rds_connection:
    function_names: [orders-api, orders-worker, orders-report]
    db_cluster_identifier: orders
    security_group_scope: database

- name: Connect all functions of a team, however many they are
  cloudops.lambda_rds.lambda_rds_connection:
    function_name_prefix: orders-
    function_tags: {team: shop}
    db_cluster_identifier: orders
    security_group_scope: database

- name: Connect by the host name that the function has in its configuration
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: arn:aws:lambda:eu-west-1:123456789012:function:nightly-report
    db_hostname: orders.cluster-cabcdefghijk.eu-west-1.rds.amazonaws.com

- name: Connect through an RDS Proxy, the function with the proxy and the proxy with the database
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: orders-api
    db_proxy_name: orders-proxy

- name: Let the function reach Secrets Manager by its VPC endpoint too
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    egress_rules:
      - from_port: 443
        group_id: sg-08192a3b4c5d6e7f0
        rule_desc: Secrets Manager endpoint
      - {proto: udp, from_port: 6000, to_port: 6010, cidr_ip: 10.0.0.0/16}
      - {from_port: 443, cidr_ipv6: "2001:db8::/32"}
      - {from_port: 443, ip_prefix: pl-0123456789abcdef0}
    purge_egress_rules: true
    security_group_name: nightly-report-db
    tags:
      CostCenter: "4711"
    purge_tags: false

- name: Keep all outbound traffic open, and let the console list the connection
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    allow_all_outbound: true
    console_names: true

- name: Connect, and let the function log in by IAM as one user of the database
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    db_users: [report]

- name: Use a security group that exists already as the client group
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    security_group_id: sg-0a1b2c3d4e5f60718

- name: Move a function over from another VPC, with IPv6, and wait up to 15 minutes
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    allow_vpc_change: true
    ipv6_allowed_for_dual_stack: true
    wait_timeout: 900

- name: Connect all functions of a team, while deployments go on in the same account
  cloudops.lambda_rds.lambda_rds_connection:
    function_tags:
      team: shop
    db_instance_identifier: orders
    security_group_scope: database
    request_pace: 0.5

- name: Connect a function that is called by an alias, and let the alias point to a version with the connection
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    publish: true
    alias: live

- name: Take the connection back, and leave the client group to a later run if Lambda still holds it
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    state: absent

- name: Take the connection back, and wait up to an hour until the client group can be deleted
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    state: absent
    release_timeout: 3600

- name: Start the update and go on at once
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    wait: false

- name: Connect, and fail if the path is not open all the same, with what closes it in Japanese
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: nightly-report
    db_instance_identifier: orders
    verify: true
    language: ja

- name: Connect through a proxy that an earlier task makes, and show in check mode how, though it does not exist yet
  cloudops.lambda_rds.lambda_rds_connection:
    function_name: orders-api
    db_proxy_name: orders
    preview_after:
      - "{{ proxy }}" # registered by the task of cloudops.lambda_rds.rds_db_proxy
"""

RETURN = r"""
changes:
  description:
    - The writes, in order; in check mode those that the run would make, and the same.
    - A security group that does not exist yet is shown as new, by the name that it will have.
  returned: success
  type: list
  elements: dict
  contains:
    text:
      description: The change as a line of text.
      type: str
      sample: "authorize ingress on sg-0a1b2c3d4e5f60718: tcp/5432 from (new: nightly-report-lambda-sg)"
    action:
      description: The AWS action, in snake case. The other keys depend on it.
      type: str
      sample: authorize_security_group_ingress
connections:
  description: One entry for each function.
  returned: success
  type: list
  elements: dict
  contains:
    function_name:
      description: The function's name.
      type: str
      sample: nightly-report
    function_arn:
      description: The function's ARN; null where the function does not exist.
      type: str
      sample: arn:aws:lambda:eu-west-1:123456789012:function:nightly-report
    function_role:
      description: The ARN of the function's execution role; null where the function does not exist.
      type: str
      sample: arn:aws:iam::123456789012:role/nightly-report
    status:
      description:
        - V(connected), V(disconnected), or V(pending) while its client group waits to be deleted.
        - V(failed) for a function that was given up while others went on; it is as it was.
      type: str
      sample: connected
    vpc_id:
      description: The VPC that the function is in; null outside any.
      type: str
      sample: vpc-0a1b2c3d4e5f60718
    subnet_ids:
      description: The function's subnets.
      type: list
      elements: str
      sample: [subnet-0a1b2c3d4e5f60718]
    security_group_ids:
      description: All security groups on the function.
      type: list
      elements: str
      sample: [sg-0a1b2c3d4e5f60718]
    security_group_id:
      description: The client group.
      type: str
      sample: sg-0a1b2c3d4e5f60718
    security_group_name:
      description: The client group's name.
      type: str
      sample: nightly-report-lambda-sg
    published_version:
      description: The newest published version; null where there is none, or where versions did not matter.
      type: str
      sample: "7"
    port:
      description: The database's TCP port.
      type: int
      sample: 5432
    rules:
      description: The rules of the client group, and those that admit it; with a proxy, also those of the second hop.
      type: list
      elements: dict
      sample:
        - direction: egress
          security_group_id: sg-0a1b2c3d4e5f60718
          proto: tcp
          from_port: 5432
          to_port: 5432
          peer: sg-08192a3b4c5d6e7f0
database:
  description:
    - The database. Of one that is given by ids, or gone, only what is known.
    - C(endpoint) is the host name for the function's configuration, which the module never writes.
    - C(resource_id) is what IAM knows it by in C(rds-db:connect). C(target) is the database behind a proxy, with the
      same keys.
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
failures:
  description: The functions that were given up while others went on, each with the reason. The task fails then.
  returned: when some of several functions fail
  type: list
  elements: dict
  contains:
    function_name:
      description: The function.
      type: str
      sample: nightly-report
    error:
      description: What AWS said, and what to do about it.
      type: str
      sample: "Could not update the VPC configuration of function nightly-report: AccessDeniedException: ..."
pending:
  description: Client groups of ours that could not be deleted yet, what holds them, and what will free them.
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
      description: The function versions that use it.
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
findings:
  description: Things to know, though nothing is wrong with the task.
  returned: success
  type: list
  elements: dict
  contains:
    code:
      description:
        - A stable name; docs/findings.md says what each means.
        - V(alias_gets_other_code), V(alias_not_connected), V(internet_lost), V(left_on), V(login_policy_kept),
          V(login_policy_not_ours), V(login_roles_not_searched), V(none_chosen), V(not_given_back),
          V(proxy_no_reader), V(proxy_target_pending), V(proxy_target_unhealthy), V(proxy_target_unreachable).
        - With O(verify=true), also the codes of lambda_rds_connection_info that say why a path is not known though
          nothing closes it, such as C(database_place_unknown).
      type: str
      sample: internet_lost
    severity:
      description: V(risk), which is also shown as a warning, or V(note).
      type: str
      sample: risk
    resource:
      description: What it is about.
      type: str
      sample: nightly-report
    message:
      description: What is the case.
      type: str
      sample: The function nightly-report was outside any VPC.
    remedy:
      description: What to do about it.
      type: str
      sample: See that the subnets have what the function calls.
    source:
      description: The page that says so.
      type: str
      sample: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
reachability:
  description:
    - The verdict on each function, with the keys of
      RV(cloudops.lambda_rds.lambda_rds_connection_info#module:connections).
    - C(path) is V(open), V(closed) or V(unknown); C(reachable) is true only for V(open).
  returned: with O(verify=true) and O(state=present), also when the task fails because the path is not open
  type: list
  elements: dict
  sample:
    - function_name: nightly-report
      path: open
      reachable: true
      findings: []
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
      description: The option, or options, that it is about.
      type: str
      sample: subnet_ids
    value:
      description: Its value.
      type: raw
      sample: subnet-0a1b2c3d4e5f60718
    reason:
      description: What is wrong.
      type: str
      sample: no such subnets in this account and Region.
    remedy:
      description: What to do about it.
      type: str
      sample: Check the ids.
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.parameters import argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview, run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._preview.previewed_aws import previewed_aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.outcome import exit_module
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Progress, Stage


def main() -> None:
    module = AnsibleAWSModule(argument_spec=argument_spec(), supports_check_mode=True)
    progress = Progress.of_environment()
    with exit_module(module) as outcome:
        progress.tell(Stage(Phase.LOOK))
        want = parse(module.params, module.region)
        aws = Aws(module, module.params["request_pace"])
        if module.check_mode:
            outcome.result = preview(want, previewed_aws(aws, module.params["preview_after"]))
        else:
            outcome.result = run(want, aws, progress=progress)


if __name__ == "__main__":
    main()
