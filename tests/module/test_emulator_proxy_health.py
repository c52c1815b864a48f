# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health of what an RDS Proxy of the emulator connects to.

moto's is available at the second look, whatever happens.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

ALL_IPV4 = "0.0.0.0/0"


class Shop:
    """A database on port 6432 and the groups of a proxy, closed but for AWS's allow-all egress."""

    def __init__(self, emulator: Emulator, aws: Clients) -> None:
        self.emulator = emulator
        self.aws = aws
        self.network = world.make_network(aws, "shop")
        self.group = world.make_group(aws, self.network.vpc_id, "database")
        self.proxy_group = world.make_group(aws, self.network.vpc_id, "proxy")
        self.database = world.make_instance(aws, "orders", self.network.subnet_ids, [self.group], port=6432)

    def open(self) -> str:
        """The ingress rule from the proxy; its id."""
        return world.allow(self.aws, self.group, "ingress", self.proxy_group, 6432)

    def connect(self, **settings: Any) -> None:
        """The proxy, and all that it knows of its target by then."""
        world.make_proxy(
            self.aws, "pool", self.network.subnet_ids, [self.proxy_group], target=self.database, **settings
        )

    def health(self) -> tuple[str, ...]:
        health = self.target()["TargetHealth"]
        assert ("Description" in health) == (health["State"] == "UNAVAILABLE")
        return tuple(health[key] for key in ("State", "Reason") if key in health)

    def target(self) -> Any:
        (target,) = world.proxy_targets(self.aws, "pool")
        return target

    def later(self) -> tuple[str, ...]:
        """The health once changes have shown."""
        self.emulator.advance(15)
        return self.health()


UNREACHABLE = ("UNAVAILABLE", "UNREACHABLE")
AUTH_FAILURE = ("UNAVAILABLE", "AUTH_FAILURE")
AVAILABLE = ("AVAILABLE",)


@pytest.fixture
def shop(emulator: Emulator, aws: Clients) -> Shop:
    return Shop(emulator, aws)


@plain_moto_fails("waits for no capacity")
def test_a_target_is_registering_then_waits_for_capacity(emulator: Emulator, shop: Shop) -> None:
    shop.open()
    world.make_proxy(shop.aws, "pool", shop.network.subnet_ids, [shop.proxy_group])
    world.register(shop.aws, "pool", shop.database)
    emulator.advance(9)
    assert (shop.health(), shop.target()["Role"]) == (("REGISTERING",), "UNKNOWN")
    emulator.advance(1)
    assert (shop.health(), shop.target()["Role"]) == (("UNAVAILABLE", "PENDING_PROXY_CAPACITY"), "UNKNOWN")
    emulator.advance(119)
    assert shop.health() == ("UNAVAILABLE", "PENDING_PROXY_CAPACITY")
    emulator.advance(1)
    assert (shop.health(), shop.target()["Role"]) == (AVAILABLE, "READ_WRITE")


@plain_moto_fails("looks at no rule")
def test_without_a_rule_the_database_is_unreachable(shop: Shop) -> None:
    shop.connect()
    assert (shop.health(), shop.target()["Role"]) == (UNREACHABLE, "UNKNOWN")


@plain_moto_fails("looks at no rule")
def test_a_change_of_the_rules_shows_a_little_later(emulator: Emulator, shop: Shop) -> None:
    shop.connect()
    rule = shop.open()
    emulator.advance(14)
    assert shop.health() == UNREACHABLE
    emulator.advance(1)
    assert shop.health() == AVAILABLE
    shop.aws.ec2.revoke_security_group_ingress(GroupId=shop.group, SecurityGroupRuleIds=[rule])
    emulator.advance(14)
    assert shop.health() == AVAILABLE
    emulator.advance(1)
    assert shop.health() == UNREACHABLE


def test_a_rule_that_is_back_in_time_was_never_missed(emulator: Emulator, shop: Shop) -> None:
    rule = shop.open()
    shop.connect()
    shop.aws.ec2.revoke_security_group_ingress(GroupId=shop.group, SecurityGroupRuleIds=[rule])
    emulator.advance(14)
    shop.open()
    emulator.advance(1)
    assert shop.health() == AVAILABLE
    assert shop.later() == AVAILABLE


RANGES: list[tuple[str, int, tuple[str, ...]]] = [
    (ALL_IPV4, 6432, AVAILABLE),
    ("10.0.0.0/23", 6432, AVAILABLE),
    ("10.0.0.0/24", 6432, UNREACHABLE),  # one of the proxy's two subnets
    ("10.1.0.0/16", 6432, UNREACHABLE),
    (ALL_IPV4, 5432, UNREACHABLE),  # the proxy's port, not the database's
]


@plain_moto_fails("looks at no rule")
def test_a_range_lets_in_what_it_covers(shop: Shop) -> None:
    shop.connect()
    for peer, port, health in RANGES:
        rule = world.allow(shop.aws, shop.group, "ingress", peer, port)
        assert shop.later() == health
        shop.aws.ec2.revoke_security_group_ingress(GroupId=shop.group, SecurityGroupRuleIds=[rule])


@plain_moto_fails("looks at no rule")
def test_the_proxy_must_be_let_out_too(shop: Shop) -> None:
    shop.open()
    shop.connect()
    (allow_all,) = shop.aws.ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [shop.proxy_group]}]
    )["SecurityGroupRules"]
    rule_ids = [allow_all["SecurityGroupRuleId"]]
    shop.aws.ec2.revoke_security_group_egress(GroupId=shop.proxy_group, SecurityGroupRuleIds=rule_ids)
    assert shop.later() == UNREACHABLE
    world.allow(shop.aws, shop.proxy_group, "egress", shop.group, 5432)
    assert shop.later() == UNREACHABLE
    world.allow(shop.aws, shop.proxy_group, "egress", shop.group, 6432)
    assert shop.later() == AVAILABLE


@plain_moto_fails("looks at no group")
def test_the_groups_of_today_count(shop: Shop) -> None:
    shop.open()
    shop.connect()
    another = world.make_group(shop.aws, shop.network.vpc_id, "another")
    shop.aws.rds.modify_db_proxy(DBProxyName="pool", SecurityGroups=[another])
    assert shop.later() == UNREACHABLE
    world.wait_for_proxy(shop.aws, "pool")
    shop.aws.rds.modify_db_proxy(DBProxyName="pool", SecurityGroups=[another, shop.proxy_group])
    assert shop.later() == AVAILABLE
    shop.aws.rds.modify_db_instance(DBInstanceIdentifier="orders", VpcSecurityGroupIds=[another], ApplyImmediately=True)
    assert shop.later() == UNREACHABLE


@plain_moto_fails("looks at no secret")
def test_a_secret_must_be_there(shop: Shop) -> None:
    shop.open()
    shop.connect()
    shop.aws.secrets.delete_secret(SecretId="pool-secret", ForceDeleteWithoutRecovery=True)
    assert (shop.later(), shop.target()["Role"]) == (AUTH_FAILURE, "READ_WRITE")
    assert shop.target()["TargetHealth"]["Description"] == "Proxy does not have any registered credentials"
    secret_arn = world.make_secret(shop.aws, "pool-secret")  # with another ARN
    assert shop.later() == AUTH_FAILURE
    world.make_proxy_role(shop.aws, "pool-proxy-role", [secret_arn])
    shop.aws.rds.modify_db_proxy(DBProxyName="pool", Auth=[{"SecretArn": secret_arn}])
    assert shop.later() == AVAILABLE


@plain_moto_fails("looks at no secret")
def test_a_secret_that_is_to_be_deleted_is_gone(shop: Shop) -> None:
    shop.open()
    shop.connect()
    shop.aws.secrets.delete_secret(SecretId="pool-secret", RecoveryWindowInDays=7)
    assert shop.later() == AUTH_FAILURE
    shop.aws.secrets.restore_secret(SecretId="pool-secret")
    assert shop.later() == AVAILABLE


@plain_moto_fails("looks at no role")
def test_the_role_must_be_allowed_to_read_the_secret(shop: Shop) -> None:
    shop.open()
    secret_arn = world.make_secret(shop.aws, "master")
    role_arn = world.make_proxy_role(shop.aws, "reader", ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:x"])
    shop.connect(Auth=[{"SecretArn": secret_arn}], RoleArn=role_arn)
    assert shop.health() == AUTH_FAILURE
    for resource, health in (
        ("*", AVAILABLE),
        (secret_arn[:-6] + "??????", AVAILABLE),
        (secret_arn[:-7] + "?", AUTH_FAILURE),
        (secret_arn, AVAILABLE),
    ):
        world.make_proxy_role(shop.aws, "reader", [resource])
        assert shop.later() == health


@plain_moto_fails("looks at no role")
def test_what_the_role_is_denied_it_may_not(shop: Shop) -> None:
    shop.open()
    shop.connect()
    denied = {"Effect": "Deny", "Action": ["secretsmanager:*"], "Resource": "*"}
    shop.aws.iam.put_role_policy(
        RoleName="pool-proxy-role",
        PolicyName="none",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": denied}),
    )
    assert shop.later() == AUTH_FAILURE
    shop.aws.iam.delete_role_policy(RoleName="pool-proxy-role", PolicyName="none")
    assert shop.later() == AVAILABLE


@plain_moto_fails("looks at no key")
def test_a_secret_with_a_key_of_its_own_must_be_decrypted(emulator: Emulator, shop: Shop) -> None:
    shop.open()
    key: Any = emulator.client("kms").create_key()["KeyMetadata"]
    value = json.dumps({"username": "admin_user", "password": "not-a-secret"})
    secret_arn = shop.aws.secrets.create_secret(Name="master", SecretString=value, KmsKeyId=key["KeyId"])["ARN"]
    shop.connect(Auth=[{"SecretArn": secret_arn}])
    assert shop.health() == AUTH_FAILURE
    for service, health in (("s3", AUTH_FAILURE), ("secretsmanager", AVAILABLE)):
        through = {"StringEquals": {"kms:ViaService": f"{service}.eu-central-1.amazonaws.com"}}
        may = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key["Arn"], "Condition": through}
        shop.aws.iam.put_role_policy(
            RoleName="pool-proxy-role",
            PolicyName="decrypt",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may]}),
        )
        assert shop.later() == health


@plain_moto_fails("has a target available, whatever happens")
@pytest.mark.parametrize("reason", ["CONNECTION_FAILED", "INVALID_REPLICATION_STATE", "PENDING_PROXY_CAPACITY"])
def test_a_reason_can_be_given(emulator: Emulator, shop: Shop, reason: str) -> None:
    shop.open()
    shop.connect()
    emulator.set(failing_proxy_targets={"pool": reason})
    assert (shop.health(), shop.target()["Role"]) == (("UNAVAILABLE", reason), "UNKNOWN")
    emulator.set(failing_proxy_targets={})
    assert shop.health() == AVAILABLE
