# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Published versions and aliases of the emulator's functions."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import DETACHED, configuration, make_placed, place, update


def publish(aws: Clients, **options: Any) -> str:
    return aws.functions.publish_version(FunctionName="api", **options)["Version"]


@plain_moto_fails("has no RevisionId")
def test_a_published_version_keeps_its_vpc_config_and_has_its_own_revision(aws: Clients) -> None:
    where = place(aws)
    make_placed(aws, where)
    before = configuration(aws)
    published = aws.functions.publish_version(FunctionName="api")
    assert published["Version"] == "1"
    assert published["RevisionId"] not in (before["RevisionId"], configuration(aws)["RevisionId"])
    assert configuration(aws)["RevisionId"] != before["RevisionId"]
    update(aws, VpcConfig=DETACHED)
    version = configuration(aws, Qualifier="1")
    assert version["VpcConfig"]["SecurityGroupIds"] == where["SecurityGroupIds"]
    assert version["RevisionId"] == published["RevisionId"]
    assert (version["State"], version["LastUpdateStatus"]) == ("Active", "Successful")


@plain_moto_fails("updates published versions")
@pytest.mark.parametrize("name", ["api:1", "{arn}:1", "123456789012:function:api:1", "{arn}:live", "api:newest"])
def test_a_published_version_or_an_alias_cannot_be_updated(aws: Clients, name: str) -> None:
    name = name.format(arn=world.make_function(aws, "api", package="Image"))
    publish(aws)
    aws.functions.create_alias(FunctionName="api", Name="live", FunctionVersion="1")
    aws.functions.create_alias(FunctionName="api", Name="newest", FunctionVersion="$LATEST")
    before = configuration(aws), configuration(aws, Qualifier="1")
    with pytest.raises(ClientError, match=r"InvalidParameterValueException.*unqualified function ARN"):
        aws.functions.update_function_configuration(FunctionName=name, Timeout=9)
    with pytest.raises(ClientError, match=r"InvalidParameterValueException.*unqualified function ARN"):
        aws.functions.update_function_code(FunctionName=name, ImageUri="elsewhere/api:2")
    assert (configuration(aws), configuration(aws, Qualifier="1")) == before


def test_a_version_that_is_not_there_is_not_found(aws: Clients) -> None:
    world.make_function(aws, "api")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        aws.functions.update_function_configuration(FunctionName="api:7", Timeout=9)


@plain_moto_fails("publishes what is published already")
def test_only_a_change_makes_a_new_version(aws: Clients) -> None:
    world.make_function(aws, "api")
    assert [publish(aws), publish(aws, Description="the same code")] == ["1", "1"]
    update(aws, Timeout=9)
    assert [publish(aws, Description="patient"), publish(aws)] == ["2", "2"]
    assert configuration(aws, Qualifier="2")["Description"] == "patient"
    update(aws, Timeout=9)
    assert publish(aws) == "2"
    update(aws, VpcConfig=place(aws))
    assert publish(aws) == "3"


@plain_moto_fails("gives a number again")
def test_the_number_of_a_deleted_version_is_not_given_again(aws: Clients) -> None:
    world.make_function(aws, "api")
    publish(aws)
    aws.functions.delete_function(FunctionName="api", Qualifier="1")
    assert publish(aws) == "2"
    aws.functions.delete_function(FunctionName="api")
    world.make_function(aws, "api")
    assert publish(aws) == "1"


@plain_moto_fails("ignores RevisionId")
def test_only_the_revision_that_was_seen_is_published(aws: Clients) -> None:
    world.make_function(aws, "api")
    seen = configuration(aws).get("RevisionId", "")
    update(aws, Timeout=9)
    with pytest.raises(ClientError, match="PreconditionFailedException"):
        publish(aws, RevisionId=seen)
    assert publish(aws, RevisionId=configuration(aws)["RevisionId"]) == "1"


@plain_moto_fails("publishes the code that comes later too")
def test_a_published_version_keeps_its_code(aws: Clients) -> None:
    world.make_function(aws, "api", package="Image")
    publish(aws)
    before = aws.functions.get_function(FunctionName="api", Qualifier="1")["Code"]
    aws.functions.update_function_code(FunctionName="api", ImageUri="elsewhere/api:2")
    assert aws.functions.get_function(FunctionName="api", Qualifier="1")["Code"] == before


def test_code_may_be_published_with_its_update(aws: Clients) -> None:
    world.make_function(aws, "api", package="Image")
    updated = aws.functions.update_function_code(FunctionName="api", ImageUri="elsewhere/api:2", Publish=True)
    assert updated["Version"] == "1"
    assert configuration(aws, Qualifier="1")["CodeSha256"] == configuration(aws)["CodeSha256"]


@plain_moto_fails("lists no versions by ARN, and those of no function")
def test_versions_are_listed_by_any_name_of_a_function_that_is_there(aws: Clients) -> None:
    arn = world.make_function(aws, "api")
    publish(aws)
    for name in ("api", "function:api", arn):
        versions = aws.functions.list_versions_by_function(FunctionName=name)["Versions"]
        assert [version["Version"] for version in versions] == ["$LATEST", "1"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        aws.functions.list_versions_by_function(FunctionName="none")


@plain_moto_fails("keeps an alias's RevisionId for ever, and checks none")
def test_an_alias_has_a_new_revision_after_each_update_and_refuses_an_older_one(aws: Clients) -> None:
    world.make_function(aws, "api")
    publish(aws)
    weights: Any = {"AdditionalVersionWeights": {"2": 0.1}}
    made = aws.functions.create_alias(FunctionName="api", Name="live", FunctionVersion="1", RoutingConfig=weights)
    assert (made["FunctionVersion"], made["RoutingConfig"]) == ("1", weights)
    named: Any = {"FunctionName": "api", "Name": "live"}
    updated = aws.functions.update_alias(**named, Description="for customers", RevisionId=made["RevisionId"])
    assert updated["RevisionId"] != made["RevisionId"]
    with pytest.raises(ClientError, match="PreconditionFailedException") as refused:
        aws.functions.update_alias(**named, FunctionVersion="$LATEST", RevisionId=made["RevisionId"])
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    kept = aws.functions.get_alias(**named)
    assert (kept["FunctionVersion"], kept["RoutingConfig"], kept["Description"]) == ("1", weights, "for customers")


@plain_moto_fails("lists all aliases at once, of any version")
def test_aliases_come_in_pages_and_by_version(aws: Clients) -> None:
    arn = world.make_function(aws, "api")
    publish(aws)
    names = [f"alias-{number:02}" for number in range(51)]
    for name in names:
        version = "$LATEST" if name == "alias-07" else "1"
        aws.functions.create_alias(FunctionName="api", Name=name, FunctionVersion=version)
    first: Any = aws.functions.list_aliases(FunctionName="api")
    assert len(first["Aliases"]) == 50
    paged = aws.functions.get_paginator("list_aliases").paginate(FunctionName=arn, PaginationConfig={"PageSize": 20})
    assert [alias["Name"] for page in paged for alias in page["Aliases"]] == names
    latest = aws.functions.list_aliases(FunctionName="api", FunctionVersion="$LATEST")
    assert [alias["Name"] for alias in latest["Aliases"]] == ["alias-07"]
