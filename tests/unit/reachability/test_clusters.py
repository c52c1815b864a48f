# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A cluster takes connections by its instances: which of them matter hangs on the endpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.databases import cluster_from
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.names import CLUSTER
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Snapshot

from ..fake_aws import FakeAws
from .snapshots import blocking, open_snapshot, others, proxied_scene, verdict, with_database
from .test_reads import account, ask, findings

MEMBERS = {"kind": CLUSTER, "members": ("one", "two", "three"), "writers": ("one",)}


def clustered(role: str = "writer", **states: str) -> Snapshot:
    """The cluster of a writer and two readers, by its endpoint of that role."""
    known = {**dict.fromkeys(("one", "two", "three"), "available"), **states}
    return replace(with_database(open_snapshot(), **MEMBERS, role=role), member_states=known)


class TestMembers:
    @pytest.mark.parametrize("role", ["writer", "reader", "custom"])
    def test_all_serve(self, role: str) -> None:
        assert verdict(clustered(role)).findings == ()

    def test_none(self) -> None:
        snapshot = with_database(open_snapshot(), kind=CLUSTER, role="writer")
        assert blocking(snapshot) == ["cluster_no_members"]
        closed = {hop.kind: hop.codes for hop in verdict(snapshot).hops if hop.state == "closed"}
        assert closed == {"database": ("cluster_no_members",)}
        assert blocking(with_database(snapshot, without_members=True)) == []

    @pytest.mark.parametrize("status", ["stopped", "creating", "failed", "storage-full", "deleting"])
    def test_the_writer(self, status: str) -> None:
        snapshot = clustered("writer", one=status)
        assert blocking(snapshot) == ["cluster_writer_not_available"]
        (finding,) = verdict(snapshot).findings
        assert (finding.resource, finding.values) == ("orders", {"member": "one", "status": status})
        assert blocking(clustered("reader", one=status)) == []

    def test_readers_of_the_writer_s_endpoint_do_not_matter(self) -> None:
        assert verdict(clustered("writer", two="stopped", three="rebooting")).findings == ()

    def test_one_reader_of_two(self) -> None:
        snapshot = clustered("reader", two="stopped")
        assert blocking(snapshot) == []
        assert others(snapshot) == ["cluster_reader_not_available"]

    def test_all_readers(self) -> None:
        snapshot = clustered("reader", two="stopped", three="failed")
        assert blocking(snapshot) == ["cluster_reader_not_available"] * 2

    def test_without_readers_their_endpoint_leads_to_the_writer(self) -> None:
        snapshot = with_database(clustered("reader", one="stopped"), members=("one",))
        assert blocking(snapshot) == ["cluster_writer_not_available"]

    def test_a_custom_endpoint_leads_to_any(self) -> None:
        assert blocking(clustered("custom", one="stopped", two="stopped")) == []
        assert others(clustered("custom", one="stopped")) == ["cluster_writer_not_available"]
        assert len(blocking(clustered("custom", one="stopped", two="stopped", three="stopped"))) == 3

    def test_without_a_writer_it_may_be_any(self) -> None:
        """As while a new one is chosen."""
        snapshot = with_database(clustered("writer", two="stopped"), writers=())
        assert (blocking(snapshot), others(snapshot)) == ([], ["cluster_reader_not_available"])

    def test_one_at_work(self) -> None:
        (finding,) = verdict(clustered("writer", one="rebooting")).findings
        assert (finding.code, finding.severity, finding.resource) == ("database_busy", "risk", "one")

    def test_states_that_could_not_be_read(self) -> None:
        assert verdict(replace(clustered(), member_states={})).findings == ()

    @pytest.mark.parametrize(
        ("settings", "code"),
        [({"status": "stopped"}, "database_not_available"), ({"port": None}, "database_no_endpoint")],
    )
    def test_what_is_wrong_with_the_whole_is_told_once(self, settings: dict[str, Any], code: str) -> None:
        assert blocking(with_database(clustered("writer", one="stopped"), **settings)) == [code]

    def test_behind_a_proxy(self) -> None:
        snapshot = proxied_scene()
        assert snapshot.proxy_target is not None
        proxy_target = replace(snapshot.proxy_target, **MEMBERS, role="writer")  # type: ignore[arg-type]
        assert blocking(replace(snapshot, proxy_target=proxy_target, member_states={"one": "stopped"})) == [
            "cluster_writer_not_available"
        ]

    def test_an_instance_has_none(self) -> None:
        assert blocking(with_database(clustered("writer", one="stopped"), kind="instance")) == []


CLUSTER_ANSWER: dict[str, Any] = {
    "DBClusterIdentifier": "stock",
    "Endpoint": "stock.cluster-abc.eu-central-1.rds.amazonaws.com",
    "ReaderEndpoint": "Stock.cluster-ro-abc.eu-central-1.rds.amazonaws.com",
    "CustomEndpoints": ["reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com"],
}


class TestAnswers:
    @pytest.mark.parametrize(
        ("hostname", "role"),
        [
            (None, "writer"),
            ("stock.cluster-abc.eu-central-1.rds.amazonaws.com", "writer"),
            ("stock.cluster-ro-abc.eu-central-1.rds.amazonaws.com", "reader"),
            ("reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com", "custom"),
        ],
    )
    def test_the_endpoint_tells_the_role(self, hostname: str | None, role: str) -> None:
        assert cluster_from(CLUSTER_ANSWER, {}, hostname).role == role

    @pytest.mark.parametrize(
        ("settings", "without"),
        [
            ({}, False),
            ({"EngineMode": "provisioned"}, False),
            ({"EngineMode": "serverless"}, True),
            ({"ClusterScalabilityType": "standard"}, False),
            ({"ClusterScalabilityType": "limitless"}, True),
            ({"LimitlessDatabase": {"Status": "enabled"}}, True),
            ({"LimitlessDatabase": {"Status": "not-in-use"}}, False),
        ],
    )
    def test_what_serves_without_instances(self, settings: dict[str, Any], without: bool) -> None:
        assert cluster_from({**CLUSTER_ANSWER, **settings}, {}, None).without_members is without

    def test_members_and_the_writer_among_them(self) -> None:
        members = [{"DBInstanceIdentifier": name, "IsClusterWriter": name == "b"} for name in "ab"]
        found = cluster_from({**CLUSTER_ANSWER, "DBClusterMembers": members}, {}, None)
        assert (found.members, found.writers) == (("a", "b"), ("b",))


class TestReads:
    def with_cluster(self, **settings: Any) -> FakeAws:
        aws = account()
        (vpc,) = aws.vpcs
        (group,) = (key for key, each in aws.groups.items() if each["GroupName"] == "db")
        aws.add_cluster("stock", vpc, list(aws.subnets), [group])
        aws.clusters["stock"]["Port"] = 5432
        aws.add_members("stock", "stock-1", "stock-2", **settings)
        return aws

    def ask(self, aws: FakeAws, **options: Any) -> list[tuple[str, str, str]]:
        named = {"db_instance_identifier": None, "db_cluster_identifier": "stock", **options}
        return findings(ask(aws, **named))

    def test_the_members_are_asked_for_together(self) -> None:
        aws = self.with_cluster()
        assert self.ask(aws) == []
        assert aws.calls.count("describe_cluster_members") == 1
        assert "describe_db_instances" not in aws.calls

    def test_the_writer_is_stopped(self) -> None:
        aws = self.with_cluster(DBInstanceStatus="stopped")
        assert self.ask(aws) == [("blocks", "cluster_writer_not_available", "stock")]
        by_reader = {"db_cluster_identifier": None, "db_hostname": aws.clusters["stock"]["ReaderEndpoint"]}
        assert self.ask(aws, **by_reader) == [("blocks", "cluster_reader_not_available", "stock")]

    def test_instances_of_other_clusters_do_not_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        aws = self.with_cluster()
        other = {**aws.instances["stock-1"], "DBInstanceIdentifier": "other", "DBInstanceStatus": "stopped"}
        shown = type(aws).describe_cluster_members
        monkeypatch.setattr(type(aws), "describe_cluster_members", lambda aws, name: [other, *shown(aws, name)])
        assert self.ask(aws) == []

    def test_members_that_may_not_be_read(self) -> None:
        aws = self.with_cluster()
        aws.fail = {"describe_cluster_members": [AwsError("look", "AccessDenied", "no")]}
        assert self.ask(aws) == [("risk", "not_looked_at", "rds:DescribeDBInstances")]

    def test_without_members_there_is_nothing_to_ask_for(self) -> None:
        aws = self.with_cluster()
        aws.clusters["stock"]["DBClusterMembers"] = []
        assert self.ask(aws) == [("blocks", "cluster_no_members", "stock")]
        assert "describe_cluster_members" not in aws.calls
