# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import VpcConfig
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.notes import (
    note_in,
    note_keys,
    noted_functions,
    saved_attachment,
    serialize,
    tags_for,
)

ids = st.text("0123456789abcdef", min_size=8, max_size=17)
attachments = st.builds(
    VpcConfig,
    st.lists(ids.map("subnet-{}".format), min_size=1, max_size=16, unique=True).map(tuple),
    st.lists(ids.map("sg-{}".format), min_size=1, max_size=5, unique=True).map(tuple),
    st.booleans(),
)


@given(attachments, attachments)
def test_an_attachment_survives_in_tags_that_ec2_takes(one: VpcConfig, other: VpcConfig) -> None:
    tags = {**tags_for("f", serialize(one)), **tags_for("f-2", serialize(other)), "Team": "a"}
    assert saved_attachment(note_in(tags, "f")) == one
    assert saved_attachment(note_in(tags, "f-2")) == other
    assert noted_functions(tags) == {"f", "f-2"}
    assert all(len(key) <= 128 and len(value) <= 256 for key, value in tags.items())


def test_the_widest_attachment_takes_two_tags() -> None:
    widest = VpcConfig(
        tuple(f"subnet-{number:017x}" for number in range(16)),
        tuple(f"sg-{number:017x}" for number in range(5)),
        True,  # noqa: FBT003 - the class's own order
    )
    assert note_keys(tags_for("f", serialize(widest)), "f") == (
        "cloudops.lambda_rds:before:f",
        "cloudops.lambda_rds:before:f:1",
    )


def test_no_note_says_nothing() -> None:
    assert note_in({"Team": "a"}, "f") is None
    assert saved_attachment(None) is None
    assert saved_attachment("worn") is None
