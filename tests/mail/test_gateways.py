"""The adapter against a real server: what is asked, what an answer means, and what cannot be made to happen."""

import hmac
import ipaddress
import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.mail import gateways, outside
from portal.mail.models import Gateway
from tests.mail.gateway_server import GatewayServer, dripping, endless, hanging, serving, status, took

TO = "+31612345678"
TEXT = 'Kijk in het portaal: "spoed" & {to} \\ {text}\nregel twee=1;é'
JSON = '{"to": ["{to}"], "message": {"body": "Bericht: {text}", "from": "Portaal"}, "flash": true}'
FORM = "recipient={to}\nbody={text}\nfrom=Portaal"


@pytest.fixture
def there(settings: Any) -> Iterator[GatewayServer]:
    with serving() as made:
        settings.GATEWAY_INSIDE_HOSTS = [made.host]
        yield made


def gateway(url: str, *, headers: str = "", secret: str = "", **fields: Any) -> Gateway:
    made = Gateway(**({"kind": "sms", "name": "Proef", "url": url, "body": JSON} | fields))
    made.sealed_headers = gateways.seal(made, "headers", headers)
    made.sealed_secret = gateways.seal(made, "secret", secret)
    return made


def send(made: Gateway, text: str = TEXT) -> gateways.Answer:
    return gateways.send(made, to=TO, text=text, message="0192")


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_json_request_carries_number_and_text_as_values(there: GatewayServer, method: str) -> None:
    made = gateway(there.url(), method=method, headers="Authorization: Bearer geheim\nX-Klant: 12")
    assert send(made) == gateways.Answer("accepted", "200")
    (asked,) = there.asked
    assert (asked.method, asked.path) == (method, "/v1/send")
    assert json.loads(asked.body) == {
        "to": [TO],
        "message": {"body": f"Bericht: {TEXT}", "from": "Portaal"},
        "flash": True,
    }
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Authorization"] == "Bearer geheim"
    assert asked.headers["X-Klant"] == "12"
    assert asked.headers["Idempotency-Key"] == "0192"
    assert asked.headers["Host"] == there.host


def test_a_form_carries_them_as_values_too(there: GatewayServer) -> None:
    assert send(gateway(there.url(), encoding="form", body=FORM)).outcome == "accepted"
    (asked,) = there.asked
    assert parse_qsl(asked.body.decode()) == [("recipient", TO), ("body", TEXT), ("from", "Portaal")]
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_with_get_the_form_is_the_query(there: GatewayServer) -> None:
    made = gateway(there.url() + "?key=1", method="GET", encoding="form", body=FORM)
    assert send(made).outcome == "accepted"
    (asked,) = there.asked
    query = parse_qsl(urlsplit(asked.path).query)
    assert query == [("key", "1"), ("recipient", TO), ("body", TEXT), ("from", "Portaal")]
    assert asked.body == b""


def test_a_webhook_is_signed_so_that_its_receiver_can_check(there: GatewayServer) -> None:
    made = gateway(there.url(), kind="webhook", body="", secret="een-lang-geheim-van-de-ontvanger")
    assert send(made, '{"soort": "proef"}').outcome == "accepted"
    (asked,) = there.asked
    assert asked.body == b'{"soort": "proef"}'
    at, _, mark = asked.headers["X-Portaal-Handtekening"].partition(",v1=")
    moment = at.removeprefix("t=")
    assert datetime.fromtimestamp(int(moment), UTC) == datetime(2026, 10, 5, 10, tzinfo=UTC)
    checked = hmac.new(b"een-lang-geheim-van-de-ontvanger", f"{moment}.".encode() + asked.body, sha256)
    assert hmac.compare_digest(mark, checked.hexdigest())


def test_the_example_for_receivers_works() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "webhook.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(guide.partition("```python\n")[2].partition("```")[0], names)  # our own guide
    now = int(datetime(2026, 10, 5, 10, tzinfo=UTC).timestamp())
    line = gateways.sign("geheim", b'{"a": 1}', now)
    assert names["is_echt"]("geheim", line, b'{"a": 1}')
    assert not names["is_echt"]("geheim", line, b'{"a": 2}')
    assert not names["is_echt"]("anders", line, b'{"a": 1}')
    assert not names["is_echt"]("geheim", gateways.sign("geheim", b"x", now - 301), b"x")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (200, "accepted"),
        (201, "accepted"),
        (202, "accepted"),
        (204, "accepted"),
        (301, "refused"),
        (400, "refused"),
        (401, "refused"),
        (403, "refused"),
        (404, "refused"),
        (422, "refused"),
        (408, "later"),
        (429, "later"),
        (500, "later"),
        (502, "later"),
        (503, "later"),
    ],
)
def test_what_an_answer_means(there: GatewayServer, code: int, outcome: str) -> None:
    there.answers = [status(code)]
    answer = send(gateway(there.url()))
    assert (answer.outcome, answer.said) == (outcome, str(code))


def test_a_redirect_to_the_inside_is_not_followed(there: GatewayServer) -> None:
    there.answers = [status(307, Location=f"http://{there.host}/latest/meta-data/")]
    assert send(gateway(there.url())) == gateways.Answer("refused", "307")
    assert len(there.asked) == 1


def test_an_answer_without_end_is_not_read_to_its_end(there: GatewayServer) -> None:
    there.answers = [endless]
    assert took(lambda: send(gateway(there.url()))) < 5


@pytest.mark.parametrize("silence", [hanging, dripping])
def test_a_gateway_that_hangs_is_left_in_time(
    there: GatewayServer, monkeypatch: pytest.MonkeyPatch, silence: Any
) -> None:
    monkeypatch.setattr(gateways, "SECONDS", 0.4)
    there.answers = [silence(there)]
    answers: list[gateways.Answer] = []
    assert took(lambda: answers.append(send(gateway(there.url())))) < 5
    assert answers[0].outcome == "later" or answers[0].said == "200"
    assert silence is dripping or answers[0].is_away


def test_nobody_there_is_for_later(there: GatewayServer, settings: Any) -> None:
    settings.GATEWAY_INSIDE_HOSTS = ["127.0.0.1:1"]
    assert send(gateway("http://127.0.0.1:1/")) == gateways.Answer(
        "later", "ConnectionRefusedError", is_away=True
    )


# -- the inside, and TLS ------------------------------------------------------------------------
def test_an_address_that_leads_inside_by_now_is_not_visited(
    there: GatewayServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GATEWAY_INSIDE_HOSTS = []
    monkeypatch.setattr(outside, "resolve", lambda _host, _port: ["127.0.0.1"])
    made = gateway(f"https://sms.leverancier.example:{there.port}/")
    assert send(made) == gateways.Answer("refused", "InsideAddress")
    assert there.asked == []


def test_a_name_that_changes_between_the_check_and_the_connection_changes_nothing(
    there: GatewayServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked once; what is visited is the address that was checked."""
    settings.GATEWAY_INSIDE_HOSTS = []
    turns = iter([["93.184.216.34"], ["127.0.0.1"]])
    visited: list[Any] = []
    monkeypatch.setattr(outside, "resolve", lambda _host, _port: next(turns))

    def create_connection(address: Any, **_options: Any) -> Any:
        visited.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(gateways.socket, "create_connection", create_connection)
    send(gateway(f"https://sms.leverancier.example:{there.port}/"))
    assert visited == [("93.184.216.34", there.port)]
    assert next(turns) == ["127.0.0.1"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for 127.0.0.1, and the file that makes it trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "proef")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=9000))
        .not_valid_after(now + timedelta(days=9000))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


def test_a_certificate_nobody_vouches_for_is_not_trusted(certificate: Any, settings: Any) -> None:
    with serving(certificate[0]) as made:
        settings.GATEWAY_INSIDE_HOSTS = [made.host]
        answer = send(gateway(made.url("https")))
    assert (answer.outcome, answer.said) == ("later", "SSLCertVerificationError")
    assert made.asked == []


def test_over_tls_with_a_trusted_certificate(
    certificate: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "_context", lambda: ssl.create_default_context(cafile=certificate[1]))
    with serving(certificate[0]) as made:
        settings.GATEWAY_INSIDE_HOSTS = [made.host]
        assert send(gateway(made.url("https"))).outcome == "accepted"
        # Speaking plainly to a server that expects TLS brings nothing either.
        assert send(gateway(made.url("http"))).outcome == "later"


def test_a_server_without_tls_gets_nothing_over_https(there: GatewayServer) -> None:
    assert send(gateway(there.url("https"))).outcome == "later"
    assert there.asked == []


# -- templates and headers ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        ("", "json"),
        ("{", "json"),
        ('{"to": "{to}"}', "json"),
        ('{"{to}": "x", "text": "{text}"}', "json"),
        ("[]", "json"),
        ("to={to}", "form"),
        ("{to}=x&text={text}", "form"),
        ("", "form"),
    ],
)
def test_a_template_that_cannot_work_is_refused_with_a_sentence(body: str, encoding: str) -> None:
    with pytest.raises(gateways.Wrong) as wrong:
        gateways.read_body(body, encoding)
    assert wrong.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "line",
    [
        "Authorization",
        "Authorization:",
        ": waarde",
        "Naam met spatie: x",
        "Host: elders.example",
        "content-length: 3",
        "Transfer-Encoding: chunked",
        "X-Naam: één",
        "X-Naam: a\x00b",
    ],
)
def test_a_header_that_cannot_be_sent_is_refused_with_a_sentence(line: str) -> None:
    with pytest.raises(gateways.Wrong) as wrong:
        gateways.read_headers(f"X-Goed: ja\n{line}")
    assert wrong.value.sentence.endswith(".")


def test_a_secret_opens_on_its_own_row_alone() -> None:
    made = gateway("https://x.example", headers="Authorization: geheim")
    assert "geheim" not in made.sealed_headers
    other = Gateway(kind="sms", sealed_headers=made.sealed_headers, body=JSON)
    with pytest.raises(ValueError, match="does not open"):
        gateways.request_of(other, to=TO, text="x", message="1")
    swapped = Gateway(pk=made.pk, kind="webhook", sealed_secret=made.sealed_headers)
    with pytest.raises(ValueError, match="does not open"):
        gateways.request_of(swapped, to="", text="{}", message="1")
