"""The words of matching: what somebody lived through, how full a caseload is, and why somebody is suggested."""

from enum import StrEnum


class LivedExperience(StrEnum):
    """What somebody lived through themselves; the list is open."""

    ALCOHOL = "alcohol"
    BUPRENORPHINE = "buprenorphine"
    CHILD_WELFARE = "child_welfare"
    CHRONIC_PAIN = "chronic_pain"
    DISABILITY = "disability"
    FAITH = "faith"
    GRIEF_AFTER_OVERDOSE = "grief_after_overdose"
    HARM_REDUCTION = "harm_reduction"
    HEPATITIS_C = "hepatitis_c"
    IMMIGRATION = "immigration"
    INCARCERATION = "incarceration"
    INJECTING = "injecting"
    LEAVING_A_GANG = "leaving_a_gang"
    LGBTQ = "lgbtq"
    LIVING_WITH_HIV = "living_with_hiv"
    MENTAL_HEALTH = "mental_health"
    METHADONE = "methadone"
    MILITARY_SERVICE = "military_service"
    MUTUAL_AID = "mutual_aid"
    NALTREXONE = "naltrexone"
    OPIOIDS = "opioids"
    OVERDOSE_SURVIVED = "overdose_survived"
    PARENTING = "parenting"
    PARTNER_VIOLENCE = "partner_violence"
    PREGNANCY = "pregnancy"
    PROBATION_OR_PAROLE = "probation_or_parole"
    PSYCHIATRIC_HOSPITAL = "psychiatric_hospital"
    RESIDENTIAL_TREATMENT = "residential_treatment"
    SEX_WORK = "sex_work"
    SOMEBODY_CLOSE_USES = "somebody_close_uses"
    STIMULANTS = "stimulants"
    SUICIDAL_THOUGHTS = "suicidal_thoughts"
    UNHOUSED = "unhoused"
    WITHDRAWAL = "withdrawal"


class CaseloadFullness(StrEnum):
    """How many people somebody works with, coarse."""

    FEW = "few"
    SOME = "some"
    MANY = "many"


class MatchReason(StrEnum):
    """Why somebody is suggested; it says what was asked for, and never what anybody answered."""

    LANGUAGE = "language"
    GENDER = "gender"
    COMMUNITY = "community"
    EXPERIENCE = "experience"
    OF_WHAT_WAS_ASKED_FOR = "of_what_was_asked_for"
