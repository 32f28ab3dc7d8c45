"""The guard's report names every origin and every kind, and holds no note."""

import pytest

from true_api.cli.guard_report import report
from true_api.outlets.measures.figures import Size
from true_api.privacy.guard.corpus.names import UNSOURCED, origins
from true_api.privacy.guard.corpus.styles import TUNED_STYLES
from true_api.privacy.guard.spans import SpanKind


@pytest.mark.proof
def test_the_report_says_everything_that_was_measured() -> None:
    page = report(Size.SMALL)
    named = [*(origin.name for origin in origins()), *UNSOURCED, *TUNED_STYLES]
    kinds = [kind.value.replace("_", " ") for kind in SpanKind]
    assert [said for said in (*named, *kinds) if said not in page] == []
