# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding functions of the emulator by their tags, beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

FUNCTIONS = ["lambda:function"]


def names(resources: list[dict[str, Any]]) -> list[str]:
    return [resource["ResourceARN"].rpartition(":")[2] for resource in resources]


def test_functions_are_found_that_have_all_tags_with_one_of_the_values(aws: Clients, emulator: Emulator) -> None:
    for name, tags in {
        "api": {"team": "shop", "stage": "prod"},
        "cart": {"team": "shop", "stage": "test"},
        "mail": {"team": "news", "stage": "prod"},
        "cron": {},
    }.items():
        world.make_function(aws, name, Tags=tags)
    world.make_group(aws, world.make_network(aws, "shop").vpc_id, "a group", tags={"team": "shop"})
    tagging = emulator.client("resourcegroupstaggingapi")

    def found(**filters: list[str]) -> list[str]:
        asked = [{"Key": key, "Values": values} for key, values in filters.items()]
        return names(tagging.get_resources(TagFilters=asked, ResourceTypeFilters=FUNCTIONS)["ResourceTagMappingList"])

    assert found(team=["shop"]) == ["api", "cart"]
    assert found(team=["shop", "news"], stage=["prod"]) == ["api", "mail"]
    assert found(team=[]) == ["api", "cart", "mail"]
    assert found(team=["shop"], owner=[]) == []
    aws.functions.tag_resource(
        Resource=aws.functions.get_function(FunctionName="cron")["Configuration"]["FunctionArn"], Tags={"team": "shop"}
    )
    assert found(team=["shop"]) == ["api", "cart", "cron"]


@plain_moto_fails("takes a token once")
def test_resources_come_in_pages_whose_tokens_can_be_used_again(aws: Clients, emulator: Emulator) -> None:
    for number in range(7):
        world.make_function(aws, f"api-{number}", Tags={"team": "shop"})
    tagging = emulator.client("resourcegroupstaggingapi")
    first = tagging.get_resources(ResourcesPerPage=3, ResourceTypeFilters=FUNCTIONS)
    for _time in range(2):
        second = tagging.get_resources(
            ResourcesPerPage=3, ResourceTypeFilters=FUNCTIONS, PaginationToken=first["PaginationToken"]
        )
        assert names(second["ResourceTagMappingList"]) == ["api-3", "api-4", "api-5"]
    emulator.set(page_size=2)
    pages = list(tagging.get_paginator("get_resources").paginate(ResourceTypeFilters=FUNCTIONS))
    assert [len(page["ResourceTagMappingList"]) for page in pages] == [2, 2, 2, 1]
    assert names([each for page in pages for each in page["ResourceTagMappingList"]]) == [f"api-{n}" for n in range(7)]
    assert pages[-1]["PaginationToken"] == ""


@plain_moto_fails("cannot copy what is left to list")
def test_a_list_may_be_under_way_at_a_checkpoint(aws: Clients, emulator: Emulator) -> None:
    for number in range(3):
        world.make_function(aws, f"api-{number}", Tags={"team": "shop"})
    emulator.client("resourcegroupstaggingapi").get_resources(ResourcesPerPage=2)
    emulator.checkpoint("listing")
    emulator.restore("listing")


@plain_moto_fails("takes any filters together")
@pytest.mark.parametrize(
    "asked",
    [
        {
            "ResourceARNList": ["arn:aws:lambda:eu-central-1:123456789012:function:api"],
            "ResourceTypeFilters": FUNCTIONS,
        },
        {"TagFilters": [{"Key": "team", "Values": [str(number) for number in range(21)]}]},
        {"TagFilters": [{"Key": f"key-{number}"} for number in range(51)]},
    ],
    ids=["ARNs and types", "21 values", "51 keys"],
)
def test_what_cannot_be_asked_for_is_refused(emulator: Emulator, asked: Any) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        emulator.client("resourcegroupstaggingapi").get_resources(**asked)


def test_a_token_of_another_kind_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ClientError, match="PaginationTokenExpiredException"):
        emulator.client("resourcegroupstaggingapi").get_resources(PaginationToken="MTc=")


@plain_moto_fails("allows everything")
def test_finding_by_tags_can_be_denied(emulator: Emulator) -> None:
    emulator.set(denied_actions=["tag:GetResources"])
    with pytest.raises(ClientError, match="not authorized to perform: tag:GetResources") as refused:
        emulator.client("resourcegroupstaggingapi").get_resources()
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert [str(call) for call in emulator.calls()] == ["tag:GetResources"]
