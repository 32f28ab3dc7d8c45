"""PostgreSQL itself keeps agencies to their own rows: a role, what it is granted, and a policy for each grant."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

from true_api.kernel.database_schema import MigrationRefused

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OWN = "organization_id = agency_organization()"
OF_CALLER = "caller_id = agency_account()"
ACCOUNT = f"id = agency_account() AND {OWN}"
EVERY = "true"
NONE = "false"
SENT = f"{OWN} AND state NOT IN ('draft', 'entered_in_error') AND mode <> 'goes_alone'"
REFERRED = f"{SENT} AND agency_agreed(participant_id, 'referral')"
# What went on from the agency's own request, where the person agreed that it may follow that.
WENT_ON = """state NOT IN ('draft', 'entered_in_error')
    AND EXISTS (SELECT FROM intake_onward o WHERE o.referral_id = referrals.id)
    AND agency_agreed(participant_id, 'onward_status')"""
POSTED = f"{OWN} AND (participant_id IS NOT NULL OR state <> 'connected') AND NOT agency_leaving(participant_id)"
OF_OWN_REFERRAL = "EXISTS (SELECT FROM referrals r WHERE r.id = {} AND r." + OWN + ")"
OWN_STEP = "by_agency AND " + OF_OWN_REFERRAL.format("referral_steps.referral_id")
OF_OWN_REQUEST = "EXISTS (SELECT FROM intake_requests q WHERE q.id = {})"
NAMED = "EXISTS (SELECT FROM consent_recipients r WHERE r.consent_id = {} AND r." + OWN + ")"
LIVE = f"""{NAMED.format("consents.id")} AND agency_today() BETWEEN valid_from AND valid_to
    AND (decision = 'deny' OR purpose = ANY (agency_purposes())) AND NOT agency_superseded(id)
    AND NOT EXISTS (SELECT FROM consent_revocations v WHERE v.consent_id = consents.id)"""
OF_ARRANGEMENT = f"""place IN ('referrals.location', 'referrals.ask_for_desk')
    AND {OF_OWN_REFERRAL.format("sealed_texts.row_id")}"""
WORDS = f"""
    (place IN ('intake_requests.note', 'intake_requests.own_reference', 'intake_requests.safe_contact')
     AND {OF_OWN_REQUEST.format("sealed_texts.row_id")})
    OR (place = 'referral_steps.note' AND EXISTS (SELECT FROM referral_steps s WHERE s.id = sealed_texts.row_id))
    OR ({OF_ARRANGEMENT})"""
OFFERED = f"{OWN} AND declined_on IS NULL AND agency_offered(open_need_id)"
INVITED = "EXISTS (SELECT FROM offer_invitations i WHERE i.open_need_id = offers.open_need_id)"
ASKED = f"{OWN} AND closes_on >= agency_today()"
WROTE = "agency_wrote(entry_id)"
ERRANDS = f"""
    (kind IN ('intake_first_contact', 'intake_withdrawal') AND {OF_OWN_REQUEST.format("jobs.record_id")})
    OR (kind = 'offer_hold_ends' AND EXISTS (SELECT FROM offers o WHERE o.id = jobs.record_id))"""

READ: dict[str, tuple[str, str]] = {
    "members": ("id, version, organization_id, team_id, role, label, active, created_at", ACCOUNT),
    "clients": ("id, version, organization_id, role, label, active, created_at", ACCOUNT),
    "organizations": ("", "id = agency_organization()"),
    "idempotent_requests": ("", OF_CALLER),
    "referrals": ("", f"({REFERRED}) OR ({WENT_ON})"),
    "referral_steps": ("", OWN_STEP),
    "intake_requests": ("", POSTED),
    "intake_onward": ("", OF_OWN_REQUEST.format("intake_onward.intake_request_id")),
    "offers": ("", INVITED),
    "offer_invitations": ("", OFFERED),
    "capacity_answers": ("", ASKED),
    "agencies_tonight": ("", OWN),
    "sealed_texts": ("", WORDS),
    "consent_recipients": ("", OWN),
    "consents": ("", LIVE),
    "consent_categories": ("", NAMED.format("consent_categories.consent_id")),
    "consent_revocations": ("", NAMED.format("consent_revocations.consent_id")),
    "minor_consent_rules": ("", EVERY),
    "access_endings": ("", OWN),
    "participants": ("id, epoch, age_band, forgetting_since, trail_id", "agency_knows(id)"),
    "realm_codes": ("", "realm_id = agency_organization()"),
    "local_terms": ("", EVERY),
    "on_call_schedules": ("", EVERY),
    "on_call_hours": ("", EVERY),
    "on_call_exceptions": ("", EVERY),
    "teams": ("id, active", EVERY),
    "releases": ("", EVERY),
    "release_cells": ("", EVERY),
}
"""By table: the columns (all where none is named) that an agency's transaction may read, and of which rows."""

ADD: dict[str, str] = {
    "trail_entries": f"{OWN} AND actor_id = agency_account()",
    "trail_subjects": WROTE,
    "pending": WROTE,
    "disclosures": f"{OWN} AND basis = 'consent' AND {WROTE}",
    "idempotent_requests": OF_CALLER,
    "intake_requests": f"{OWN} AND state = 'new' AND source = 'partner_agency' AND participant_id IS NULL",
    "jobs": ERRANDS,
    "referral_steps": OWN_STEP,
    "sealed_texts": WORDS,
    "agencies_tonight": OWN,
}
"""Which rows it may add."""

CHANGE: dict[str, tuple[str, str, str]] = {
    "idempotent_requests": ("replays", OF_CALLER, OF_CALLER),
    "referrals": (
        "version, state, reason, decided_by, outcomes, requested_on, changed_on, no_answer_since,"
        " arranged_on, arranged_part_of_day, held_until, bring",
        REFERRED,
        REFERRED,
    ),
    "sealed_texts": ("version, sealed, sealing_subject, schema_version", OF_ARRANGEMENT, OF_ARRANGEMENT),
    "offers": (
        "version, held_by, held_until",
        f"{INVITED} AND (held_by IS NULL OR held_by = agency_organization() OR held_until <= agency_now())",
        f"{INVITED} AND (held_by IS NULL OR held_by = agency_organization())",
    ),
    "offer_invitations": ("claims", OFFERED, OFFERED),
    "capacity_answers": ("version, answer, places, answered_at", ASKED, ASKED),
    "agencies_tonight": ("version, takes_people_tonight, needs, places, said_at, holds_until", OWN, OWN),
    # To lock a row for the epoch asks for the right to change some column of it; no change itself is let in.
    "participants": ("epoch", "agency_knows(id)", NONE),
}
"""Which columns it may change, of which rows, and what they have to be afterwards."""

LET_GO: dict[str, str] = {"idempotent_requests": OF_CALLER, "sealed_texts": OF_ARRANGEMENT}
"""Which rows it may delete."""

SAID = "nullif(current_setting('agency.{}', true), '')"
"""What the transaction said of its caller; null where it said nothing, and null opens nothing."""

FUNCTIONS = {
    "agency_organization()": f"""RETURNS uuid LANGUAGE sql STABLE AS
        $$ SELECT {SAID.format("organization")}::uuid $$""",
    "agency_account()": f"""RETURNS uuid LANGUAGE sql STABLE AS
        $$ SELECT {SAID.format("account")}::uuid $$""",
    "agency_today()": f"""RETURNS date LANGUAGE sql STABLE AS
        $$ SELECT {SAID.format("today")}::date $$""",
    "agency_now()": f"""RETURNS timestamptz LANGUAGE sql STABLE AS
        $$ SELECT {SAID.format("now")}::timestamptz $$""",
    "agency_purposes()": f"""RETURNS text[] LANGUAGE sql STABLE AS
        $$ SELECT CASE {SAID.format("purpose")}
             WHEN 'COC' THEN ARRAY['coordination_of_care', 'treatment_payment_operations']
             WHEN 'TREAT' THEN ARRAY['treatment', 'treatment_payment_operations'] END $$""",
    # Written apart from the predicate of privacy/consents.py on purpose: where the two disagree, a test shows it.
    "agency_agreed(person uuid, what text)": """RETURNS boolean {as_owner} AS $$
        DECLARE
          whom uuid := agency_organization();
          day date := agency_today();
          uses text[] := agency_purposes();
          young boolean;
          gone boolean;
          rule text;
          yes boolean;
          refused boolean;
        BEGIN
          IF person IS NULL OR whom IS NULL OR day IS NULL OR uses IS NULL THEN RETURN false; END IF;
          SELECT p.age_band = 'under_18', p.forgetting_since IS NOT NULL INTO young, gone
            FROM participants p WHERE p.id = person;
          IF NOT FOUND OR gone THEN RETURN false; END IF;
          IF young THEN SELECT m.rule INTO rule FROM minor_consent_rules m ORDER BY m.number DESC LIMIT 1; END IF;
          SELECT bool_or(c.decision = 'deny'),
                 bool_or(c.decision = 'permit' AND c.purpose = ANY (uses) AND (
                   NOT young OR rule = 'minor_alone'
                   OR (rule = 'with_guardian' AND c.evidence = 'signed_paper_with_guardian')))
            INTO refused, yes
            FROM consents c
            JOIN consent_recipients r ON r.consent_id = c.id AND r.organization_id = whom
            JOIN consent_categories g ON g.consent_id = c.id AND g.category = what
           WHERE c.participant_id = person AND day BETWEEN c.valid_from AND c.valid_to
             AND NOT EXISTS (SELECT FROM consent_revocations v WHERE v.consent_id = c.id)
             AND NOT EXISTS (SELECT FROM consents l WHERE l.supersedes_id = c.id);
          RETURN coalesce(yes AND NOT refused, false);
        END $$""",
    "agency_superseded(consent uuid)": """RETURNS boolean {as_owner} AS $$
        BEGIN
          RETURN EXISTS (SELECT FROM consents l WHERE l.supersedes_id = consent);
        END $$""",
    "agency_leaving(person uuid)": """RETURNS boolean {as_owner} AS $$
        BEGIN
          RETURN EXISTS (SELECT FROM participants p WHERE p.id = person AND p.forgetting_since IS NOT NULL);
        END $$""",
    # Whom the agency once had to do with: the epoch that the seal asserts, and the trail's name of who was refused.
    "agency_knows(person uuid)": """RETURNS boolean {as_owner} AS $$
        DECLARE whom uuid := agency_organization();
        BEGIN
          RETURN EXISTS (SELECT FROM consents c JOIN consent_recipients r ON r.consent_id = c.id
                          WHERE c.participant_id = person AND r.organization_id = whom)
              OR EXISTS (SELECT FROM intake_requests q WHERE q.participant_id = person AND q.organization_id = whom);
        END $$""",
    "agency_offered(the_need uuid)": """RETURNS boolean {as_owner} AS $$
        BEGIN
          RETURN EXISTS (SELECT FROM offers o WHERE o.open_need_id = the_need AND o.state = 'open'
                          AND o.expires_on >= agency_today());
        END $$""",
    "agency_wrote(entry uuid)": """RETURNS boolean {as_owner} AS $$
        BEGIN
          RETURN EXISTS (SELECT FROM trail_entries e WHERE e.id = entry AND e.actor_id = agency_account()
                          AND e.organization_id = agency_organization());
        END $$""",
}
TRIES = 20
AS_OWNER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {}, pg_temp"

MAY_NOT_CREATE = (
    "The migration needs a role of PostgreSQL that agencies' requests take on, and this login may not make it."
    " Ask a superuser to run, once: CREATE ROLE {role} NOLOGIN; GRANT {role} TO {login}; and migrate again."
)


def upgrade() -> None:
    """Go forward; SQLite has no roles, and there the gate's predicates are the only wall."""
    if op.get_context().dialect.name != "postgresql":
        return
    role, schema = _role(), _quoted(_asked("SELECT current_schema()"))
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name} {body.format(as_owner=AS_OWNER.format(schema))}")
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {role}")
    for table in _walled():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY program ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    for table, (columns, rows) in READ.items():
        _grant(table, "SELECT", role, f"USING ({rows})", columns)
    for table, rows in ADD.items():
        _grant(table, "INSERT", role, f"WITH CHECK ({rows})")
    for table, (columns, rows, become) in CHANGE.items():
        _grant(table, "UPDATE", role, f"USING ({rows}) WITH CHECK ({become})", columns)
    for table, rows in LET_GO.items():
        _grant(table, "DELETE", role, f"USING ({rows})")


def _walled() -> list[str]:
    return sorted({*READ, *ADD, *CHANGE, *LET_GO})


def _grant(table: str, verb: str, role: str, rows: str, columns: str = "") -> None:
    named = f" ({columns})" if columns else ""
    op.execute(f"GRANT {verb}{named} ON {table} TO {role}")
    op.execute(f"CREATE POLICY agency_{verb.lower()} ON {table} FOR {verb} TO {role} {rows}")


def downgrade() -> None:
    """Go back. The role stays: another database of this cluster may know it."""
    if op.get_context().dialect.name != "postgresql":
        return
    role, schema = _quoted(_known_role()), _quoted(_asked("SELECT current_schema()"))
    for table in _walled():
        op.execute(f"REVOKE ALL ON {table} FROM {role}")
        for policy in ("program", "agency_select", "agency_insert", "agency_update", "agency_delete"):
            op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}")
    op.execute(f"REVOKE USAGE ON SCHEMA {schema} FROM {role}")


def _asked(question: str, **parameters: Any) -> str:
    if op.get_context().as_sql:
        return {"SELECT current_schema()": "public"}.get(question, "")
    return str(op.get_bind().execute(sa.text(question), parameters).scalar() or "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _known_role() -> str:
    """The role as it is called in this database already: in its own schema, or in the one that a backup is made of."""
    return _asked(
        "SELECT r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)"
        " WHERE p.polname = 'agency_insert' LIMIT 1"
    )


def _role() -> str:
    """The role that agencies' requests take on, quoted. Roles belong to the cluster: it is named after the login.

    Whoever signs in as somebody else, for another installation, cannot take it on.
    """
    if known := _known_role():
        return _quoted(known)
    login = _asked("SELECT current_user") or "true_api"
    role = _quoted(f"{login[:56]}_agency")
    # Several databases of one cluster may be migrated at this moment: who comes second finds the role there, and can
    # take it on once the first has committed.
    _tried(f"CREATE ROLE {role} NOLOGIN")
    for _ in range(TRIES):
        _tried(f"GRANT {role} TO CURRENT_USER")
        if _tried(f"SET LOCAL ROLE {role}"):
            return role
        _tried("SELECT pg_sleep(0.1)")
    raise MigrationRefused(MAY_NOT_CREATE.format(role=role, login=_quoted(login)))


def _tried(statement: str) -> bool:
    """Whether PostgreSQL carried it out; a role is taken on until it is put off again, and made for good."""
    bind = op.get_bind()
    if op.get_context().as_sql:
        op.execute(statement.replace("SET LOCAL ROLE", "-- To be allowed: SET LOCAL ROLE"))
        return True
    try:
        with bind.begin_nested():
            bind.exec_driver_sql(statement)
            bind.exec_driver_sql("RESET ROLE")
    except DBAPIError:
        return False
    return True
