"""Which tables an agency's transaction may touch on PostgreSQL: each is granted on purpose, or shut for a reason."""

from collections import defaultdict

import pytest
from sqlalchemy import Connection

import true_api.api.all_doors  # noqa: F401  (declares every table)
from tests.house.histories import ask
from true_api.kernel.rows import metadata

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)

READ, ADD, CHANGE, LET_GO = "SELECT", "INSERT", "UPDATE", "DELETE"

GRANTED: dict[str, set[str]] = {
    "access_endings": {READ},
    "agencies_tonight": {READ, ADD, CHANGE},
    "capacity_answers": {READ, CHANGE},
    "clients": {READ},
    "consent_categories": {READ},
    "consent_recipients": {READ},
    "consent_revocations": {READ},
    "consents": {READ},
    "directory_entries": {READ, ADD, CHANGE, LET_GO},
    "disclosures": {ADD},
    "export_files": {READ, ADD},
    "exports": {READ, ADD, CHANGE},
    "feed_days": {READ},
    "feed_entries": {READ, ADD},
    "hidden_terms": {READ},
    "idempotent_requests": {READ, ADD, CHANGE, LET_GO},
    "intake_onward": {READ},
    "intake_requests": {READ, ADD},
    "jobs": {ADD},
    "local_terms": {READ},
    "members": {READ},
    "minor_consent_rules": {READ},
    "offer_invitations": {READ, CHANGE},
    "offers": {READ, CHANGE},
    "on_call_exceptions": {READ},
    "on_call_hours": {READ},
    "on_call_schedules": {READ},
    "organizations": {READ},
    "participants": {READ, CHANGE},
    "pending": {ADD},
    "positions": {READ},
    "realm_codes": {READ},
    "referral_steps": {READ, ADD},
    "referrals": {READ, CHANGE},
    "sealed_cells": {READ},
    "sealed_releases": {READ},
    "sealed_texts": {READ, ADD, CHANGE, LET_GO},
    "submission_totals": {READ},
    "submissions": {READ},
    "teams": {READ},
    "trail_entries": {ADD},
    "trail_subjects": {ADD},
}
"""What agencies' doors need, said here a second time: a grant that a migration adds is found by it."""

SHUT: dict[str, str] = {
    "alerts": "what is told to teams is for the program; partners hear of it in another way",
    "capacity_questions": "who asked, and when, is for the program; what an agency is asked stands in its answer",
    "caseload": "who works with whom is for the program",
    "code_batches": "codes on sheets are the program's",
    "confirmation_words": "only recall asks for them",
    "consent_lapses": "what was carried out after a consent ran out is the program's work",
    "consents_kept_apart": "of people who were forgotten nobody outside hears",
    "counted_cells": "exact numbers are for the program",
    "counted_months": "exact numbers are for the program",
    "touched_months": "what was written is noted by the engine itself, and counted by the server",
    "covers": "who stands in for whom is for the program",
    "debrief_offers": "what is offered to somebody who grieves is between them and nobody",
    "directory_imports": "whole packages are taken in by the program",
    "disclosures_kept_apart": "of people who were forgotten nobody outside hears",
    "drug_check_results": "drug checks are for the program",
    "drug_checks": "drug checks are for the program",
    "emergency_disclosures": "an emergency is told to nobody else",
    "encounter_acts": "encounters are for the program",
    "encounter_revisions": "encounters are for the program",
    "encounter_supplies": "encounters are for the program",
    "encounters": "encounters are for the program",
    "epsilon_ledger": "what releases spent is the program's own account",
    "exclusions": "who is kept apart from whom is for the program",
    "export_coarsenings": "how a data set was made coarser is for supervisors",
    "export_subjects": "whom an export is about is for nobody but forgetting",
    "forgotten_marks": "of people who were forgotten nobody outside hears",
    "hand_overs": "who works with whom is for the program",
    "handed_over_people": "who works with whom is for the program",
    "intake_attempts": "an agency learns nothing of who tried, and when",
    "intake_peer_wishes": "what somebody asks for in a peer is for the program",
    "legal_demand_steps": "that a demand exists is confirmed to nobody",
    "legal_demands": "that a demand exists is confirmed to nobody",
    "legal_holds": "a hold is invisible even to peers",
    "matching_answers": "what peers say of themselves is read by nobody else",
    "open_needs": "it says whose need an offer is",
    "participant_endings": "that somebody died, moved or asked to end is told to no agency",
    "overdose_events": "overdose events are for the program",
    "overdose_revisions": "overdose events are for the program",
    "overdose_substances": "overdose events are for the program",
    "participant_links": "who is one person is for the program",
    "plans": "what somebody wrote for hard days, and for themselves, leaves the program with nobody but them",
    "peer_wishes": "what somebody asks for in a peer is for the program",
    "programs": "read once, by the server itself",
    "promises": "what a peer promised is between two people",
    "readiness_notes": "what somebody said of themselves is between two people",
    "recall_tokens": "recall is for the program",
    "recall_tries": "recall is for the program",
    "referral_reroutes": "where else somebody was sent is told to the program alone",
    "release_keys": "who reads numbers with which key is the admin's to say, and checked by the server itself",
    "resting_offers": "it says that an offer went with an ending",
    "resting_referrals": "it says that a referral was closed by an ending",
    "safe_contacts": "the one sealed way to a person is for their peer",
    "same_people": "who is one person is for the program",
    "synced_items": "what a peer's phone sent is the program's work",
    "sites": "where stock lies is for the program",
    "supply_entries": "the ledger of supplies is for the program",
    "supply_lots": "the ledger of supplies is for the program",
    "supply_movements": "the ledger of supplies is for the program",
    "supply_stock": "the ledger of supplies is for the program",
    "supply_thresholds": "the ledger of supplies is for the program",
    "trail_heads": "the trail is read by the operator",
    "trail_leaves": "the trail is read by the operator",
    "trail_nodes": "the trail is read by the operator",
    "turns": "the order of the trail is the sequencer's",
    "agreed_actions": "what two agreed in supervision is the program's",
    "certificates": "who works here is for the program",
    "program_leads": "who leads the program is the admin's to say",
    "sampling_shares": "how a team looks at its own work is its own",
    "sign_offs": "encounters are for the program",
    "supervision_attendance": "supervision is for the program",
    "supervision_practices": "supervision is for the program",
    "supervision_reflections": "what two people thought through is theirs",
    "supervision_sessions": "supervision is for the program",
    "support_requests": "who asked whom for support is for these two",
    "training_records": "who works here is for the program",
    "voices": "what people say of the program goes to who leads it",
    "wellness_pulses": "how somebody is who works here is theirs alone",
}
"""No grant at all, and why none is needed."""

HIDDEN = {
    "clients": {"secret_hash"},
    "participants": set(metadata.tables["participants"].c.keys())
    - {"id", "epoch", "age_band", "forgetting_since", "trail_id"},
    "submissions": {"version", "prepared_by", "reviewed_by", "review_reason"},
    "teams": set(metadata.tables["teams"].c.keys()) - {"id", "active"},
}
"""Columns of granted tables that no agency's transaction can read."""

HELD = """
SELECT c.relname AS name, v.verb, a.attname AS column
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
     (SELECT r.oid FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
       WHERE p.polname = 'agency_insert' LIMIT 1) AS role,
     unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS v (verb)
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
  AND CASE WHEN v.verb IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN has_table_privilege(role.oid, c.oid, v.verb)
           ELSE has_column_privilege(role.oid, c.oid, a.attnum, v.verb) END
"""
"""What the role may do, by table and verb and column, as PostgreSQL itself answers."""


def held(connection: Connection) -> dict[str, dict[str, set[str]]]:
    """The columns by table and verb."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in connection.exec_driver_sql(HELD):
        found[row.name][row.verb].add(row.column)
    return found


def test_every_table_is_granted_on_purpose_or_shut_for_a_reason(database_url: str) -> None:
    assert GRANTED.keys() & SHUT.keys() == set()
    assert GRANTED.keys() | SHUT.keys() == set(metadata.tables)
    assert {table: set(verbs) for table, verbs in ask(database_url, held).items()} == GRANTED


def test_what_an_agency_needs_not_stays_hidden_in_tables_that_it_reads(database_url: str) -> None:
    for table, verbs in ask(database_url, held).items():
        every = set(metadata.tables[table].c.keys())
        if READ in verbs:
            assert every - verbs[READ] == HIDDEN.get(table, set()), table
        if CHANGE in verbs:
            keys = {column.name for column in metadata.tables[table].primary_key}
            assert not verbs[CHANGE] & {*keys, "organization_id", "participant_id", "reference"}, table


def test_each_grant_has_a_policy_and_each_policy_holds_for_the_owner_too(database_url: str) -> None:
    forced = {
        row.relname: (row.relrowsecurity, row.relforcerowsecurity)
        for row in ask(database_url, lambda it: it.exec_driver_sql("SELECT * FROM pg_class").all())
    }
    policies: dict[str, set[str]] = defaultdict(set)
    for row in ask(database_url, lambda it: it.exec_driver_sql("SELECT * FROM pg_policies").all()):
        policies[row.tablename].add(row.cmd if row.policyname != "program" else "program")
        assert row.permissive == "PERMISSIVE"
    assert {table: policies[table] - {"program"} for table in policies} == GRANTED
    for table in GRANTED:
        assert "program" in policies[table]
        assert forced[table] == (True, True), table


def test_functions_that_see_more_than_their_caller_name_their_schema_and_are_shut_to_everybody_else(
    database_url: str,
) -> None:
    asked = """SELECT proname, prosecdef, proconfig, has_function_privilege('public', oid, 'EXECUTE') AS anybody
               FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'agency%'"""
    functions = ask(database_url, lambda it: it.exec_driver_sql(asked).all())
    definers = [function for function in functions if function.prosecdef]
    assert len(definers) >= 5
    for function in definers:
        assert function.proconfig == ["search_path=public, pg_temp"], function.proname
    assert not any(function.anybody for function in functions)
