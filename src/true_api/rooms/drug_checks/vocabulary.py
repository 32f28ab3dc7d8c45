"""The words of a drug check (domain.md, "Overdose, supplies, drug checking")."""

from enum import StrEnum


class SampleForm(StrEnum):
    """What a sample looks like."""

    POWDER = "powder"
    PILL = "pill"
    ROCK = "rock"
    LIQUID = "liquid"
    BLOTTER = "blotter"
    PLANT = "plant"
    RESIDUE = "residue"
    OTHER = "other"


class CheckTarget(StrEnum):
    """What was looked for."""

    FENTANYL = "fentanyl"
    XYLAZINE = "xylazine"
    BENZODIAZEPINE = "benzodiazepine"
    NITAZENE = "nitazene"
    MEDETOMIDINE = "medetomidine"
    OTHER = "other"


class CheckMethod(StrEnum):
    """How it was looked for; each method misses something, and the answer says what."""

    STRIP = "strip"
    FTIR = "ftir"
    GC_MS = "gc_ms"
    LC_MS = "lc_ms"
    REAGENT = "reagent"


class CheckResult(StrEnum):
    """What the method showed. None of these says that anything is harmless."""

    DETECTED = "detected"
    NOT_DETECTED = "not_detected"
    INVALID = "invalid"
    NOT_READ = "not_read"


class Abundance(StrEnum):
    """Whether it is most of the sample or little of it, where the method can tell."""

    PRIMARY = "primary"
    TRACE = "trace"


class ResultVoidReason(StrEnum):
    """Why a result should not count."""

    MISREAD = "misread"
    OTHER_SAMPLE = "other_sample"
    RECORDED_TWICE = "recorded_twice"
