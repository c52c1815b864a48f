#!/usr/bin/python
# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: rds_db_proxy
version_added: 0.2.0
short_description: Put an RDS Proxy before a database, with its rules and a healthy target, and take it back
description:
  - Makes an RDS Proxy for an RDS instance or an Aurora or Multi-AZ cluster, gives it a security group, opens the
    database's port between the two, sets the connection pool, registers the database, and waits until the proxy can
    use it. O(state=absent) takes all of it back.
  - Only what differs is written, and what cannot be changed on a proxy that exists (its subnets, its engine family) is
    refused. Everything that can be known to fail is refused before the first write, all of it in one message. A run
    that is cut off is completed by running the task again.
  - What this module makes carries the tag C(cloudops.lambda_rds:proxy) with the proxy's name. A proxy without it was
    made by others. Then only what the task names is changed, its tags are not purged, it is never pointed to another
    database, and O(state=absent) is refused. Security groups and rules of others stay as they are; an equivalent rule
    that is there already is used, not doubled.
  - A proxy listens on a fixed port, 5432 for PostgreSQL, 3306 for MySQL and MariaDB, and 1433 for SQL Server, whatever
    the port of its database.
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
      - V(present) makes the proxy, or makes it right. V(absent) deletes it, with the rules and the security group that
        were made for it; it needs neither the proxy nor the database, because what was made is found by its tag.
      - V(absent) is refused while M(cloudops.lambda_rds.lambda_rds_connection) has functions connected through it.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the proxy, 1 to 63 letters, digits and single hyphens. It is not case-sensitive; a new proxy gets it
        in lower case.
    type: str
    required: true
    aliases: [db_proxy_name]
  db_instance_identifier:
    description:
      - The database, as the identifier of an RDS instance that is neither a read replica nor a member of a cluster.
      - Exactly one of O(db_instance_identifier) and O(db_cluster_identifier) is needed for O(state=present). The engine
        family of the proxy follows from the engine of the database.
    type: str
  db_cluster_identifier:
    description:
      - The database, as the identifier of an Aurora or Multi-AZ cluster.
    type: str
  auth:
    description:
      - How the proxy logs in to the database, an entry for each database user. It replaces the whole list; what an
        entry leaves out stays as it is for that secret.
      - A new proxy needs this or O(default_auth_scheme=iam_auth).
    type: list
    elements: dict
    suboptions:
      secret_arn:
        description: The ARN of a secret of Secrets Manager with the user's name and password. Never the secret itself.
        type: str
        required: true
      iam_auth:
        description:
          - Whether clients have to authenticate by IAM when they connect to the proxy. V(enabled), for SQL Server only,
            leaves it to them.
        type: str
        choices: [disabled, required, enabled]
        default: disabled
      client_password_auth_type:
        description:
          - How clients authenticate by password. By default what AWS chooses for the engine family.
        type: str
        choices:
          - mysql_native_password
          - mysql_caching_sha2_password
          - postgres_scram_sha_256
          - postgres_md5
          - sql_server_authentication
      description:
        description: A description, 1 to 1000 characters.
        type: str
  default_auth_scheme:
    description:
      - V(iam_auth) authenticates end to end by IAM, from the clients to the proxy and from the proxy to the database.
        V(none) is AWS's default, and needs O(auth). Needs a version of boto3 that knows it.
    type: str
    choices: [none, iam_auth]
  role_arn:
    description:
      - The ARN of the IAM role by which the proxy reads the secrets. V(rds.amazonaws.com) has to be able to assume it.
      - Required for a new proxy.
    type: str
  subnet_ids:
    description:
      - The subnets of a new proxy, in the VPC of the database and in at least two Availability Zones. By default those
        of the database's subnet group. They cannot be changed later.
    type: list
    elements: str
  vpc_security_group_ids:
    description:
      - Existing security groups for the proxy. Rules for the database are added to them, and nothing else.
      - By default a group is made for a new proxy, closed but for the rule to the database. A proxy that exists keeps
        its groups.
    type: list
    elements: str
  security_group_name:
    description:
      - The name of the group that is made, 1 to 255 characters. By default the proxy's name with V(-proxy-sg).
    type: str
  require_tls:
    description:
      - Whether clients have to use TLS. A new proxy gets V(true), which is not AWS's default.
    type: bool
  idle_client_timeout:
    description:
      - After how many seconds the proxy closes an idle connection of a client, from 1 to 28800. A new proxy gets 1800.
    type: int
  debug_logging:
    description:
      - Whether the proxy logs its connections and queries in detail, which costs money and time, and shows the text of
        queries to who may read the log. A new proxy gets V(false).
    type: bool
  connection_pool:
    description:
      - The proxy's connections to the database.
    type: dict
    suboptions:
      max_connections_percent:
        description:
          - How many connections the proxy may open at most, in percent of the database's max_connections, from 1 to
            100. A new proxy gets 100, for SQL Server 10.
        type: int
      max_idle_connections_percent:
        description:
          - How many idle connections it keeps, in percent of the database's max_connections, from 0 to
            O(connection_pool.max_connections_percent). A new proxy gets 50, for SQL Server 5. Left out, it becomes half
            of O(connection_pool.max_connections_percent) where it would be more than that.
        type: int
      connection_borrow_timeout:
        description:
          - For how many seconds a client waits for a connection when all are in use, from 0 to 300. A new proxy gets
            120.
        type: int
      init_query:
        description:
          - SQL statements that each new connection begins with. They are shown to all who may look at the proxy. Empty
            for none.
        type: str
      session_pinning_filters:
        description:
          - What does not tie a client to its connection, for MySQL and MariaDB only.
        type: list
        elements: str
        choices: [exclude_variable_sets]
  tags:
    description:
      - Tags of the proxy and of the security group that is made for it. Keys that begin with C(cloudops.lambda_rds:) or
        C(aws:) are refused.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description:
      - Whether tags that are not in O(tags) are removed from what this module made. Without O(tags) none is.
    type: bool
    default: true
  wait:
    description:
      - Wait until the proxy is available and its target healthy, or the proxy gone, and ten minutes at most for its
        network interfaces to follow it. Without it the task does what can be done at once, and lists the rest in
        RV(pending) for the next run.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait in all, in seconds. A new proxy takes some minutes.
      - A target that the proxy cannot reach or log in to fails after three minutes, because only a change mends that.
    type: int
    default: 1800
  preview_after:
    description:
      - In check mode, what earlier tasks of the play returned, which were not carried out either. The preview goes on
        from where they would have led, and so says what the run would do. For a proxy that goes
        once its connections are taken back, for example.
      - A list of the variables that tasks of this collection registered, in the order of the tasks. One that was
        skipped changes nothing. A run ignores them all, and goes by what there is.
      - What they say of a proxy counts for connections through it, not for a later task of
        this module. Published versions and aliases are left out.
    type: list
    elements: dict
    version_added: 0.2.0
"""

EXAMPLES = r"""
- name: Put a proxy before a database
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    db_instance_identifier: orders
    auth:
      - secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-app-a1b2c3
    role_arn: arn:aws:iam::123456789012:role/orders-proxy
  register: proxy

- name: Show the endpoint
  ansible.builtin.debug:
    msg: "{{ proxy.proxy.endpoint }}:{{ proxy.proxy.port }}"

- name: Show what it would change
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    db_instance_identifier: orders
    idle_client_timeout: 600
  check_mode: true
  diff: true

- name: Before a cluster, with two users, one of whom has to authenticate by IAM
  cloudops.lambda_rds.rds_db_proxy:
    name: shop
    db_cluster_identifier: shop
    auth:
      - secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-app-a1b2c3
        iam_auth: required
        description: the application
      - secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-report-d4e5f6
        client_password_auth_type: mysql_caching_sha2_password
    role_arn: arn:aws:iam::123456789012:role/shop-proxy
    connection_pool:
      max_connections_percent: 80
      max_idle_connections_percent: 20
      connection_borrow_timeout: 30
      init_query: SET time_zone = '+00:00'
      session_pinning_filters: [exclude_variable_sets]
    tags:
      CostCenter: "4711"
    purge_tags: false

- name: Authenticate end to end by IAM, without any secret
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    db_instance_identifier: orders
    default_auth_scheme: iam_auth
    role_arn: arn:aws:iam::123456789012:role/orders-proxy

- name: Choose the subnets and the name of the security group
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    db_instance_identifier: orders
    auth:
      - secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-app-a1b2c3
    role_arn: arn:aws:iam::123456789012:role/orders-proxy
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-08192a3b4c5d6e7f0]
    security_group_name: orders-db-proxy

- name: Use security groups that exist, allow clients without TLS, and log in detail
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    db_instance_identifier: orders
    vpc_security_group_ids: [sg-0a1b2c3d4e5f60718]
    require_tls: false
    debug_logging: true

- name: Start it and go on at once; a later run of the same task completes it
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    db_instance_identifier: orders
    auth:
      - secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-app-a1b2c3
    role_arn: arn:aws:iam::123456789012:role/orders-proxy
    wait: false

- name: Take the proxy back, and wait up to ten minutes until it is gone
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    state: absent
    wait_timeout: 600

- name: Take the proxy back after its last connection, and show in check mode how, though that still stands
  cloudops.lambda_rds.rds_db_proxy:
    name: orders
    state: absent
    preview_after:
      - "{{ connection }}" # registered by the task of cloudops.lambda_rds.lambda_rds_connection
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
      sample: register instance orders with proxy orders
    action:
      description: The AWS action, in snake case. The other keys depend on it.
      type: str
      sample: register_db_proxy_targets
proxy:
  description: The proxy; null when it is gone. In check mode, ARN and endpoint of a new one are null.
  returned: success
  type: dict
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
targets:
  description: What the proxy connects to. A cluster is shown with its members.
  returned: success
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
security_group_id:
  description: The security group of ours that the proxy wears, or that is taken back; null where there is none.
  returned: success
  type: str
  sample: sg-0a1b2c3d4e5f60718
rules:
  description: The rules between the proxy and its database, whoever made them.
  returned: success
  type: list
  elements: dict
  sample:
    - direction: egress
      security_group_id: sg-0a1b2c3d4e5f60718
      proto: tcp
      from_port: 6432
      to_port: 6432
      peer: sg-08192a3b4c5d6e7f0
pending:
  description:
    - What is left to a later run of the same task, a security group that is still held, or with O(wait=false) the
      changes that have to wait for the proxy.
  returned: success
  type: list
  elements: dict
  contains:
    text:
      description: What is left to do.
      type: str
      sample: delete security group sg-0a1b2c3d4e5f60718 (orders-proxy-sg)
    frees:
      description: When it can be done.
      type: str
      sample: Remove the rules that others made for it in sg-08192a3b4c5d6e7f0.
    security_group_id:
      description: The group that is held.
      type: str
      sample: sg-0a1b2c3d4e5f60718
    security_group_name:
      description: Its name.
      type: str
      sample: orders-proxy-sg
    network_interface_ids:
      description: The network interfaces that hold it.
      type: list
      elements: str
      sample: []
    referenced_by:
      description: The security groups with rules of others that name it, those of connected functions for example.
      type: list
      elements: str
      sample: [sg-08192a3b4c5d6e7f0]
findings:
  description: Things to know, though nothing is wrong with the task.
  returned: success
  type: list
  elements: dict
  contains:
    code:
      description:
        - A stable name; docs/findings.md says what each means.
        - V(not_ours), V(serverless_does_not_pause).
      type: str
      sample: serverless_does_not_pause
    severity:
      description: V(risk), which is also shown as a warning, or V(note).
      type: str
      sample: risk
    resource:
      description: What it is about.
      type: str
      sample: shop
    message:
      description: What is the case.
      type: str
      sample: The cluster shop can scale to zero, but with a proxy it does not pause.
    remedy:
      description: What to do about it.
      type: str
      sample: Expect it to be billed all the time, or connect without a proxy.
    source:
      description: The page that says so.
      type: str
      sample: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
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
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._preview.previewed_aws import previewed_aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.outcome import exit_module
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Progress, Stage
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.parameters import argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.run import preview, run


def main() -> None:
    module = AnsibleAWSModule(argument_spec=argument_spec(), supports_check_mode=True)
    progress = Progress.of_environment()
    with exit_module(module) as outcome:
        progress.tell(Stage(Phase.LOOK))
        want = parse(module.params, module.region)
        aws = Aws(module)
        if module.check_mode:
            outcome.result = preview(want, previewed_aws(aws, module.params["preview_after"]))
        else:
            outcome.result = run(want, aws, progress=progress)


if __name__ == "__main__":
    main()
