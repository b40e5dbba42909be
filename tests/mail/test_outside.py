"""Which addresses a gateway may have: every door to the inside is refused, with a sentence."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.mail import outside

PUBLIC = "93.184.216.34"
INSIDE_NETWORKS = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/29",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "168.63.129.16/32",
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fd00:ec2::254/128",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the name servers say, by name; a name that is not in it is unknown."""
    names: dict[str, list[str]] = {"sms.leverancier.example": [PUBLIC]}
    monkeypatch.setattr(outside, "resolve", lambda host, _port: names.get(host, []))
    return names


@given(st.sampled_from(INSIDE_NETWORKS).map(ipaddress.ip_network), st.data())
def test_no_address_of_a_reserved_network_is_outside(network: Any, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, network.num_addresses - 1))
    assert not outside.is_outside(str(network[offset]))


@given(st.ip_addresses(v=4))
def test_an_inside_address_is_inside_in_every_disguise(found: ipaddress.IPv4Address) -> None:
    assert not outside.is_outside(f"::ffff:{found}")
    assert not outside.is_outside(f"64:ff9b::{found}")
    assert not outside.is_outside(f"::{found}")
    if outside.is_outside(str(found)):
        assert found.is_global


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450::1"])
def test_the_internet_is_outside(address: str) -> None:
    assert outside.is_outside(address)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://sms.leverancier.example", "sms.leverancier.example", 443, "/"),
        ("https://SMS.Leverancier.example/v1/send?x=1", "sms.leverancier.example", 443, "/v1/send?x=1"),
        ("https://sms.leverancier.example:8443/v1", "sms.leverancier.example", 8443, "/v1"),
    ],
)
def test_a_good_address(known: Any, url: str, host: str, port: int, path: str) -> None:
    target = outside.check(url)
    assert (target.host, target.port, target.path, target.addresses) == (host, port, path, (PUBLIC,))
    assert target.is_https


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://sms.leverancier.example/", "https://"),
        ("ftp://sms.leverancier.example/", "klopt niet"),
        ("file:///etc/passwd", "klopt niet"),
        ("//sms.leverancier.example/", "klopt niet"),
        ("sms.leverancier.example", "klopt niet"),
        ("", "klopt niet"),
        ("https://", "klopt niet"),
        ("https:///pad", "klopt niet"),
        ("https://sms.leverancier.example:0/", "klopt niet"),
        ("https://sms.leverancier.example:70000/", "klopt niet"),
        ("https://sms.leverancier.example:poort/", "klopt niet"),
        ("https://sms.leverancier.example/\npad", "klopt niet"),
        ("https://sms.leverancier.example\\@binnen/", "klopt niet"),
        ("https://sms.leverancier.example/een pad", "klopt niet"),
        ("https://smś.leverancier.example/", "klopt niet"),
        ("https://sms%2eleverancier.example/", "klopt niet"),
        ("https://[::1/", "klopt niet"),
        ("https://sms.leverancier.example/" + "x" * 500, "klopt niet"),
        ("https://iemand@sms.leverancier.example/", "wachtwoord"),
        ("https://iemand:geheim@sms.leverancier.example/", "wachtwoord"),
        ("https://@sms.leverancier.example/", "wachtwoord"),
        ("https://sms.leverancier.example/#deel", "#"),
        ("https://sms.leverancier.example/#", "#"),
        ("https://localhost/", "naam van de server"),
        ("https://127.0.0.1/", "naam van de server"),
        ("https://93.184.216.34/", "naam van de server"),
        ("https://127.1/", "naam van de server"),
        ("https://2130706433/", "naam van de server"),
        ("https://0x7f000001/", "naam van de server"),
        ("https://0x7f.0.0.1/", "naam van de server"),
        ("https://0177.0.0.1/", "naam van de server"),
        ("https://169.254.169.254/latest/meta-data/", "naam van de server"),
        ("https://[::1]/", "naam van de server"),
        ("https://[::ffff:127.0.0.1]/", "naam van de server"),
        ("https://sms.leverancier.example./", "naam van de server"),
        ("https://-sms.leverancier.example/", "naam van de server"),
        ("https://onbekend.example/", "niet te vinden"),
    ],
)
def test_a_bad_address_is_refused_with_a_sentence(known: Any, url: str, why: str) -> None:
    with pytest.raises(outside.Refused) as refused:
        outside.check(url)
    assert why in refused.value.sentence
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["fd00::1"], [PUBLIC, "192.168.1.1"]],
)
def test_a_name_that_leads_inside_is_refused_with_a_sentence(known: Any, found: list[str]) -> None:
    known["sms.leverancier.example"] = found
    with pytest.raises(outside.Refused) as refused:
        outside.check("https://sms.leverancier.example/")
    assert refused.value.sentence == (
        "Dit adres leidt naar binnen, naar het eigen netwerk. Gebruik een adres op het internet."
    )


@pytest.mark.parametrize(
    ("named", "url", "fits"),
    [
        (["127.0.0.1:8120"], "http://127.0.0.1:8120/x", True),
        (["127.0.0.1:8120"], "http://127.0.0.1:8121/x", False),
        (["127.0.0.1:8120"], "http://127.0.0.1.leverancier.example:8120/x", False),
        (["sms.binnen"], "http://sms.binnen:99/x", True),
        (["SMS.binnen"], "https://sms.BINNEN/x", True),
        (["sms.binnen"], "https://x.sms.binnen/", False),
        (["sms.binnen:443"], "https://sms.binnen/", True),
    ],
)
def test_the_operator_may_name_hosts_on_the_own_network(
    known: Any, settings: Any, named: list[str], url: str, fits: bool
) -> None:
    settings.GATEWAY_INSIDE_HOSTS = named
    known |= {"127.0.0.1": ["127.0.0.1"], "sms.binnen": ["10.0.0.9"], "x.sms.binnen": ["10.0.0.9"]}
    if fits:
        assert outside.check(url).addresses in {("127.0.0.1",), ("10.0.0.9",)}
    else:
        with pytest.raises(outside.Refused):
            outside.check(url)


def test_a_name_that_is_not_answered_in_time_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    never = Event()
    monkeypatch.setattr(outside.socket, "getaddrinfo", lambda *_args, **_kwargs: never.wait(10) and [])
    monkeypatch.setattr(outside, "RESOLVE_SECONDS", 0.05)
    assert outside.resolve("sms.leverancier.example", 443) == []
    never.set()
