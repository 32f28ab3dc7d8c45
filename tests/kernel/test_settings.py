"""Settings are read once, and refused at the start when they are unknown, unreadable or unsafe."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from true_api.kernel.settings import Settings, UnsafeSettings, is_loopback, read_settings
from true_api.kernel.stores import Store

SAID = "marigold"


def refusal(**variables: str) -> str:
    """In which words an environment is refused."""
    with pytest.raises(UnsafeSettings) as refused:
        read_settings(variables)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None or refused.value.__suppress_context__
    return str(refused.value)


def test_an_empty_environment_is_a_safe_one() -> None:
    settings = read_settings({})
    assert (settings.demo, settings.host, settings.port) == (False, "127.0.0.1", 8000)
    assert settings.issuer == "http://127.0.0.1:8000"
    assert settings.keys_dir == Path("var/keys")
    assert settings.effective_database_url == f"sqlite:///{Path('var/true.db').absolute()}"


def test_every_setting_is_read_from_a_variable_of_its_name() -> None:
    given = {
        "TRUE_DEMO": "true",
        "TRUE_DATA_DIR": "elsewhere",
        "TRUE_DATABASE_URL": "postgresql://h/d",
        "TRUE_AGENCY_DATABASE_URL": "postgresql://outside@h/d",
        "TRUE_KEYRING_URL": "postgresql://h/keyring",
        "TRUE_MASTER_KEY_FILE": "/run/secrets/master.keys",
        "TRUE_MASTER_KEY": "read-when-the-keyring-opens",
        "TRUE_PKCS11_MODULE": "/usr/lib/softhsm/libsofthsm2.so",
        "TRUE_PKCS11_TOKEN": "true-api",
        "TRUE_PKCS11_PIN": "0000",
        "TRUE_PKCS11_LABEL": "another-label",
        "TRUE_HOST": "::1",
        "TRUE_PORT": "8123",
        "TRUE_PUBLIC_URL": "https://api.example.org/",
        "TRUE_TOKEN_LIFETIME": "43200",
        "TRUE_BODY_LIMIT": "1024",
        "TRUE_IMPORT_LIMIT": "1048576",
        "TRUE_BODY_SECONDS": "1",
        "TRUE_RATE_PER_ADDRESS": "1/second",
        "TRUE_RATE_PER_CALLER": "2/hour",
        "TRUE_RATE_VOICES": "3/day",
        "TRUE_TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16,::1",
        "TRUE_CARD_LINE": "Peers on the van",
        "TRUE_HEADS_DIR": "/mnt/another-machine/heads",
        "TRUE_SECURITY_CONTACT": "mailto:security@example.org",
        "TRUE_POOL_SIZE": "2",
        "TRUE_AGENCY_POOL_SIZE": "3",
        "TRUE_WORKER": "apart",
        "TRUE_RELEASE_DAY": "15",
        "TRUE_FISCAL_YEAR_STARTS": "10",
        "TRUE_PREPARED_STATEMENTS": "no",
    }
    assert {name.removeprefix("TRUE_").lower() for name in given} == set(Settings.model_fields)
    settings, usual = read_settings(given), read_settings({})
    assert [name for name in Settings.model_fields if getattr(settings, name) == getattr(usual, name)] == []
    assert settings.issuer == "https://api.example.org"
    assert settings.effective_database_url == "postgresql+asyncpg://h/d"


def test_what_a_command_says_wins_over_the_environment_unless_it_says_nothing() -> None:
    environment = {"TRUE_PORT": "8123"}
    assert read_settings(environment, port=9000).port == 9000
    assert read_settings(environment, port=None).port == 8123


def test_a_name_that_is_no_setting_is_refused_and_its_value_is_not_told() -> None:
    said = refusal(TRUE_RATE_PER_ADRESS=SAID)
    assert said.startswith("TRUE_RATE_PER_ADRESS is not a setting of TRUE API.")
    assert SAID not in said


def test_names_of_others_and_of_tests_are_nobodys_business_here() -> None:
    others = {"PATH": SAID, "TRUECOLOR": SAID, "true_port": "1", "TRUE_TEST_DATABASE_URL": SAID, "TRUE": SAID}
    assert read_settings(others) == read_settings({})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TRUE_DEMO", SAID, "boolean"),
        ("TRUE_DATABASE_URL", f"mysql://{SAID}", "sqlite:/// or postgresql://"),
        ("TRUE_DATABASE_URL", SAID, "sqlite:/// or postgresql://"),
        ("TRUE_DATABASE_URL", f"postgres://{SAID}", "sqlite:/// or postgresql://"),
        ("TRUE_PORT", SAID, "integer"),
        ("TRUE_PORT", "0", "greater than or equal to 1"),
        ("TRUE_PORT", "65536", "less than or equal to 65535"),
        ("TRUE_TOKEN_LIFETIME", "29", "greater than or equal to 30"),
        ("TRUE_BODY_LIMIT", "1023", "greater than or equal to 1024"),
        ("TRUE_BODY_LIMIT", "1048577", "less than or equal to 1048576"),
        ("TRUE_BODY_SECONDS", "0", "greater than or equal to 1"),
        ("TRUE_BODY_SECONDS", "61", "less than or equal to 60"),
        ("TRUE_RATE_PER_ADDRESS", SAID, "written like 600/minute"),
        ("TRUE_RATE_PER_CALLER", f"many/{SAID}", "written like 600/minute"),
        ("TRUE_RATE_PER_CALLER", "", "written like 600/minute"),
        ("TRUE_RATE_VOICES", SAID, "written like 600/minute"),
        ("TRUE_TRUSTED_PROXIES", "*", "never a wildcard"),
        ("TRUE_TRUSTED_PROXIES", "0.0.0.0/0", "never a wildcard"),
        ("TRUE_TRUSTED_PROXIES", "10.0.0.1,::/0", "never a wildcard"),
        ("TRUE_TRUSTED_PROXIES", f"{SAID}.example", "never a wildcard"),
        ("TRUE_POOL_SIZE", "0", "greater than or equal to 1"),
        ("TRUE_POOL_SIZE", "65", "less than or equal to 64"),
        ("TRUE_PREPARED_STATEMENTS", SAID, "boolean"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name_and_never_repeated(
    name: str, value: str, words: str
) -> None:
    said = refusal(**{name: value})
    assert said.startswith(f"{name} ")
    assert words in said
    assert SAID not in said


def test_a_token_outlives_ten_minutes_in_demo_mode_alone_and_twelve_hours_nowhere() -> None:
    assert "at most 600 seconds" in refusal(TRUE_TOKEN_LIFETIME="601")
    assert read_settings({"TRUE_TOKEN_LIFETIME": "43200", "TRUE_DEMO": "true"}).token_lifetime == 43_200
    assert "TRUE_TOKEN_LIFETIME" in refusal(TRUE_TOKEN_LIFETIME="43201", TRUE_DEMO="true")


def test_a_demo_is_for_this_machine_alone() -> None:
    for host in ("0.0.0.0", "::", "10.0.0.7", f"{SAID}.example"):
        said = refusal(TRUE_DEMO="true", TRUE_HOST=host)
        assert "serves loopback only" in said
        assert SAID not in said


@pytest.mark.parametrize("address", [f"http://{SAID}.example", f"ftp://{SAID}.example", SAID, "http://10.0.0.7"])
def test_callers_reach_another_machine_by_https_alone(address: str) -> None:
    said = refusal(TRUE_PUBLIC_URL=address)
    assert said == "TRUE_PUBLIC_URL starts with https:// unless it names loopback"


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:9", "https://x.example"]
)
def test_loopback_may_be_reached_in_the_clear(address: str) -> None:
    assert read_settings({"TRUE_PUBLIC_URL": address}).issuer == address


def test_all_that_is_wrong_is_said_at_once() -> None:
    said = refusal(TRUE_PORT="0", TRUE_POOL_SIZE="0")
    assert "TRUE_PORT" in said
    assert "TRUE_POOL_SIZE" in said


def test_settings_never_change_and_never_show_the_database_url() -> None:
    settings = read_settings({"TRUE_DATABASE_URL": f"postgresql://{SAID}:petal@h/d"})
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]
    assert SAID not in f"{settings!r} {settings!s}"


@pytest.mark.parametrize(
    ("main", "keyring"),
    [
        ("sqlite:///here/one.db", "sqlite:///here/../here/./one.db"),
        ("postgresql://one:secret@h/d", "postgresql://two@h:5432/d"),
        ("postgresql://localhost/d", "postgresql+asyncpg:///d"),
    ],
)
def test_the_keyring_never_shares_a_database_with_what_its_keys_seal(main: str, keyring: str) -> None:
    said = refusal(TRUE_DATABASE_URL=main, TRUE_KEYRING_URL=keyring)
    assert said == "TRUE_KEYRING_URL names another database than TRUE_DATABASE_URL"


def test_the_keyring_may_stand_beside_the_database_on_one_server() -> None:
    settings = read_settings({"TRUE_DATABASE_URL": "postgresql://h/d", "TRUE_KEYRING_URL": "postgresql://h/keyring"})
    assert settings.url_of(Store.KEYRING) == "postgresql+asyncpg://h/keyring"


def test_without_a_url_of_its_own_the_keyring_is_a_file_in_the_data_directory() -> None:
    settings = read_settings({"TRUE_DATABASE_URL": "postgresql://h/d", "TRUE_DATA_DIR": "elsewhere"})
    assert settings.url_of(Store.KEYRING) == f"sqlite:///{Path('elsewhere/keyring.db').absolute()}"


@pytest.mark.parametrize("alone", ["TRUE_PKCS11_MODULE", "TRUE_PKCS11_TOKEN"])
def test_a_hardware_module_and_its_token_are_named_together(alone: str) -> None:
    assert "set together" in refusal(**{alone: SAID})


@pytest.mark.parametrize("url", [f"sqlite:{SAID}", f"postgresql://h:{SAID}/d"])
def test_a_url_that_cannot_be_read_is_refused_without_being_told(url: str) -> None:
    assert "cannot be read as a URL" in refusal(TRUE_DATABASE_URL=url)


@pytest.mark.parametrize(
    ("host", "so"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("[::1]", True),
        ("", False),
        ("0.0.0.0", False),
        (f"{SAID}.local", False),
    ],
)
def test_loopback_is_what_can_only_be_this_machine(host: str, so: bool) -> None:
    assert is_loopback(host) is so


@pytest.mark.parametrize(
    ("main", "theirs"),
    [
        ("", "postgresql://outside@h/d"),
        ("postgresql://h/d", "postgresql://outside@h/e"),
        ("sqlite:///a", "sqlite:///a"),
    ],
)
def test_agencies_come_into_the_same_postgresql_database_or_the_start_is_refused(main: str, theirs: str) -> None:
    said = refusal(TRUE_DATABASE_URL=main, TRUE_AGENCY_DATABASE_URL=theirs)
    assert said.startswith("TRUE_AGENCY_DATABASE_URL names the PostgreSQL database of TRUE_DATABASE_URL")
