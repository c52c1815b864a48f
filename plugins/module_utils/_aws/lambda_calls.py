# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls of Lambda. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from .._errors import AwsError
from .calls import Calls
from .errors import MISSING, update_failed


class LambdaCalls(Calls):
    """Functions, their versions and aliases."""

    def get_function(self, name: str) -> Optional[dict[str, Any]]:
        """The function's configuration; None where there is no such function.

        GetFunction may be called 100 times a second, GetFunctionConfiguration shares 15 a second with all others
        (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
        """
        try:
            with self._doing(f"get function {name}"):
                configuration: dict[str, Any] = self._lambda.get_function(FunctionName=name)["Configuration"]
                return configuration
        except AwsError as error:
            if error.code in MISSING:
                return None
            raise

    def list_functions(self) -> Iterator[list[dict[str, Any]]]:
        """The functions of the account and Region, by pages of fifty, without the state that GetFunction knows
        (https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html)."""
        with self._doing("list functions"):
            pages = iter(self._lambda.get_paginator("list_functions").paginate())
        while True:
            with self._doing("list functions"):
                page = next(pages, None)
            if page is None:
                return
            yield page["Functions"]

    def tagged_functions(self, tags: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """The ARNs of the functions that have all of these tags, with all tags of each.

        https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
        """
        filters = [{"Key": key, "Values": [value]} for key, value in tags.items()]
        with self._doing("get the functions with the tags that are asked for"):
            pages = self._tagging.get_paginator("get_resources").paginate(
                ResourceTypeFilters=["lambda:function"], TagFilters=filters
            )
            return {
                each["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]}
                for page in pages
                for each in page["ResourceTagMappingList"]
            }

    def list_versions(self, name: str) -> list[dict[str, Any]]:
        """Every version of a function, $LATEST among them; none where there is no such function."""
        return self._lambda_list("list_versions_by_function", "Versions", f"versions of function {name}", name)

    def list_all_versions(self) -> list[dict[str, Any]]:
        """Every version of every function of the account and Region."""
        with self._doing("list functions"):
            pages = self._lambda.get_paginator("list_functions").paginate(FunctionVersion="ALL")
            return [version for page in pages for version in page["Functions"]]

    def list_aliases(self, name: str) -> list[dict[str, Any]]:
        """Every alias of a function; none where there is no such function."""
        return self._lambda_list("list_aliases", "Aliases", f"aliases of function {name}", name)

    def _lambda_list(self, call: str, key: str, what: str, name: str) -> list[dict[str, Any]]:
        try:
            with self._doing(f"list {what}"):
                return [
                    item for page in self._lambda.get_paginator(call).paginate(FunctionName=name) for item in page[key]
                ]
        except AwsError as error:
            if error.code in MISSING:
                return []
            raise

    def publish_version(self, name: str, code_sha256: str) -> str:
        """Publish $LATEST if its code is still the one that was seen; the number of the version.

        Without a change since the last one, AWS answers with that one:
        https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
        """
        code = {"CodeSha256": code_sha256} if code_sha256 else {}
        with self._doing(f"publish a version of function {name}"):
            return str(self._lambda.publish_version(FunctionName=name, **code)["Version"])

    def move_alias(self, name: str, alias: str, version: str, revision_id: Optional[str]) -> None:
        """Let an alias point to another version, if it is still as it was seen. Its weights stay."""
        revision = {} if revision_id is None else {"RevisionId": revision_id}
        with self._doing(f"move alias {alias} of function {name} to version {version}"):
            self._lambda.update_alias(FunctionName=name, Name=alias, FunctionVersion=version, **revision)

    def update_vpc_config(
        self, name: str, subnet_ids: Sequence[str], group_ids: Sequence[str], ipv6: bool, revision_id: Optional[str]
    ) -> dict[str, Any]:
        """Write VpcConfig alone, if the function's revision is still the one that was seen.

        Ipv6AllowedForDualStack is always sent: without it AWS refuses to detach a dual-stack function.
        """
        vpc = {"SubnetIds": list(subnet_ids), "SecurityGroupIds": list(group_ids), "Ipv6AllowedForDualStack": ipv6}
        revision = {} if revision_id is None else {"RevisionId": revision_id}
        with self._doing(f"update the VPC configuration of function {name}"):
            answer: dict[str, Any] = self._lambda.update_function_configuration(
                FunctionName=name, VpcConfig=vpc, **revision
            )
            return answer

    def is_updated(self, name: str) -> bool:
        """Whether an update is over.

        :raises UpdateFailedError: AWS has given it up
        """
        with self._doing(f"wait for the update of function {name}"):
            configuration = self._lambda.get_function(FunctionName=name)["Configuration"]
        status = configuration.get("LastUpdateStatus")
        if "Failed" in (status, configuration.get("State")):
            raise update_failed(name, configuration, "AWS gives no reason.")
        return bool(status != "InProgress")

    def wait_until_active(self, name: str, timeout: int) -> None:
        """Wait while a new function is Pending."""
        self._wait("function_active_v2", name, timeout)

    def wait_until_updated(self, name: str, timeout: int) -> None:
        """Wait while an update is InProgress."""
        self._wait("function_updated_v2", name, timeout)

    def wait_until_version_active(self, name: str, version: str, timeout: int) -> None:
        """Wait while a published version is Pending, as one with SnapStart is for minutes."""
        self._wait("function_active_v2", f"{name}:{version}", timeout)
