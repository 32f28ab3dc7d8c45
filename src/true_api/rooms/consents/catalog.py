"""What is there to choose from and to sign: presets, forms and notices as their versions say them."""

from collections.abc import Iterator
from dataclasses import asdict

from true_api.privacy.consent_forms import Form, forms
from true_api.privacy.consents import ConsentKind
from true_api.privacy.notices import Notice, notices
from true_api.rooms.consents.presets import PRESETS, PRESETS_VERSION
from true_api.rooms.consents.schemas import (
    ConsentForms,
    ConsentPresets,
    FormSection,
    FormText,
    FormView,
    NoticeText,
    NoticeView,
    PresetView,
)


def presets() -> ConsentPresets:
    """Every preset."""
    views = [PresetView(preset=preset, **asdict(elements)) for preset, elements in PRESETS.items()]
    return ConsentPresets(version=PRESETS_VERSION, presets=views)


def forms_and_notices() -> ConsentForms:
    """Every version of the forms and of the notice."""
    return ConsentForms(
        forms=[
            FormView(
                version=form.version,
                effective_from=form.effective_from,
                languages=list(form.wordings),
                texts=list(_texts(form)),
            )
            for form in forms()
        ],
        notices=[_noticed(notice) for notice in notices()],
    )


def notice_of(version: str) -> NoticeView | None:
    """One version of the notice; None where there is none of that name."""
    return next((_noticed(notice) for notice in notices() if notice.version == version), None)


def _noticed(notice: Notice) -> NoticeView:
    return NoticeView(
        version=notice.version,
        effective_from=notice.effective_from,
        short=notice.short,
        explained=[NoticeText(language=name, text=text) for name, text in notice.explained.items()],
    )


def _texts(form: Form) -> Iterator[FormText]:
    for language, wording in form.wordings.items():
        for kind in ConsentKind:
            sections = [FormSection(**asdict(section)) for section in wording.sections(kind)]
            yield FormText(language=language, kind=kind, title=wording.titles[kind], sections=sections)
