"""The words of training: twelve competencies with labels of our own, and what hours are spent on."""

from enum import StrEnum


class Competency(StrEnum):
    """What peer support asks somebody to be able to do: the twelve categories of SAMHSA (2015), in our own words."""

    CARING_RELATIONSHIPS = "caring_relationships"
    GIVING_SUPPORT = "giving_support"
    SHARING_LIVED_EXPERIENCE = "sharing_lived_experience"
    FITTING_SUPPORT_TO_THE_PERSON = "fitting_support_to_the_person"
    RECOVERY_PLANNING = "recovery_planning"
    LINKING_TO_RESOURCES = "linking_to_resources"
    HEALTH_AND_WELLNESS_SKILLS = "health_and_wellness_skills"
    SUPPORT_IN_CRISIS = "support_in_crisis"
    COMMUNICATION = "communication"
    WORKING_TOGETHER = "working_together"
    LEADERSHIP_AND_ADVOCACY = "leadership_and_advocacy"
    GROWTH_AND_DEVELOPMENT = "growth_and_development"


class TrainingKind(StrEnum):
    """What the hours were: learning, practice under supervision, or work for others who do this work."""

    COURSE = "course"
    SUPERVISED_WORK = "supervised_work"
    PEER_LEADERSHIP = "peer_leadership"
    ADVOCACY = "advocacy"


TRAINING_TERMS: tuple[type[StrEnum], ...] = (Competency, TrainingKind)
"""Every list of terms of this room."""
