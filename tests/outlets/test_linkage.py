"""Linkage: what two agencies are told does not tell which of their codes are of one person, and the attack works."""

import pytest

from true_api.outlets.measures import linkage
from true_api.outlets.measures.figures import Size
from true_api.outlets.measures.linkage import Trial, as_told, with_raw_times_and_profile, with_wishes_and_days_kept
from true_api.outlets.measures.two_agencies import people_of_both
from true_api.rooms.intake.schemas import AgencyIntakeView
from true_api.rooms.referrals.schemas import AgencyReferralRecord, AgencyReferralView

A_FEW = Trial(seed=1, people=500, sampled=100)
"""Among so few people linking is easier than among 3,000, for whom the goals are set."""


def test_the_attack_works_where_raw_times_and_the_profile_are_given_and_not_with_what_is_told() -> None:
    assert A_FEW.share_linked(with_raw_times_and_profile) >= 90
    told = A_FEW.share_linked(as_told)
    assert told <= 8
    # Wishes go with the person like a profile, so an agency reads them until the referral ends, and not for ever.
    assert A_FEW.share_linked(with_wishes_and_days_kept) > told


def test_it_looks_at_every_column_that_an_agency_is_told() -> None:
    assert set(AgencyReferralRecord.model_fields) == linkage.COLUMNS
    assert set(AgencyReferralView.model_fields) < linkage.COLUMNS
    assert "code" not in AgencyIntakeView.model_fields, "nothing ties an agency's own request to a code"


def test_a_column_that_it_does_not_look_at_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    (person,) = people_of_both(1, 1)
    as_told(person, 0)
    monkeypatch.setattr(linkage, "COLUMNS", linkage.COLUMNS - {"changed_in"})
    with pytest.raises(linkage.NotLookedAt):
        as_told(person, 0)


def test_the_two_sides_of_a_person_have_no_name_in_common() -> None:
    for person in people_of_both(50, 7):
        sides = [person.told(agency) for agency in (0, 1)]
        names = [{record.code for record in side} | {str(record.reference) for record in side} for side in sides]
        assert not names[0] & names[1]
        assert all(len({record.code for record in side}) == 1 for side in sides)


def test_the_same_seed_gives_the_same_people() -> None:
    assert people_of_both(20, 3) == people_of_both(20, 3) != people_of_both(20, 4)


@pytest.mark.proof
def test_linking_two_agencies_complete_outputs_for_3000_people_gets_nowhere() -> None:
    """And with days or weeks it would: what is told is as coarse as it has to be."""
    found = {figure.name: figure for figure in linkage.figures(Size.FULL)}
    for figure in found.values():
        print(figure)
        assert figure.met in (True, None), figure
    for finer in ("linked if days were told", "linked if weeks were told"):
        assert float(found[finer].value) > linkage.MOST_ABOVE_CHANCE[Size.FULL]
