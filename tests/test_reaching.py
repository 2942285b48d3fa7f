"""Whether an address answers, and that the question never goes inside a private network. No connection is opened."""

import socket
import ssl

import pytest

from mentorship.lib import reaching

PUBLIC = "93.184.215.14"


@pytest.fixture
def web(monkeypatch):
    """Answers by address and method; `asked` is what was asked, `names` where a name leads."""

    class Web:
        def __init__(self):
            self.answers, self.names, self.asked = {}, {}, []

        def addresses_of(self, host, port):
            return [(None, None, None, "", (address, port)) for address in self.names.get(host, [PUBLIC])]

        def open_address(self, address, host, port, method, path):
            self.asked.append((address, host, port, method, path))
            answer = self.answers.get(f"{method} {host}{path}", (200, ""))
            if isinstance(answer, Exception):
                raise answer
            return answer

    web = Web()
    monkeypatch.setattr(reaching, "addresses_of", web.addresses_of)
    monkeypatch.setattr(reaching, "open_address", web.open_address)
    return web


def test_a_page_that_answers_is_asked_once_without_its_text(web):
    assert reaching.failure_of("https://school.example/policy?id=1") == ""
    assert web.asked == [(PUBLIC, "school.example", 443, "HEAD", "/policy?id=1")]


def test_where_that_is_not_understood_the_page_itself_is_asked(web):
    web.answers["HEAD school.example/"] = (405, "")

    assert reaching.failure_of("https://school.example") == ""
    assert [method for *_, method, _ in web.asked] == ["HEAD", "GET"]


def test_a_page_that_is_gone_is_named(web):
    web.answers |= {f"{method} school.example/": (404, "") for method in ("HEAD", "GET")}

    assert reaching.failure_of("https://school.example/") == "It answers “404 Not Found”."


def test_it_follows_to_another_public_page(web):
    web.answers["HEAD school.example/old"] = (301, "/new")
    web.answers["HEAD school.example/new"] = (302, "https://www.school.example/newer")

    assert reaching.failure_of("https://school.example/old") == ""
    assert [host + path for _, host, _, _, path in web.asked] == [
        "school.example/old",
        "school.example/new",
        "www.school.example/newer",
    ]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.9",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "100.64.0.1",
        "0.0.0.0",
    ],
)
def test_nothing_inside_a_private_network_is_asked_even_beside_a_public_address(web, address):
    web.names["school.example"] = [PUBLIC, address]

    assert reaching.failure_of("https://school.example/") == "It leads into a private network."
    assert web.asked == []


def test_a_redirection_into_a_private_network_is_not_followed(web):
    web.answers["HEAD school.example/"] = (302, "https://inside.example/")
    web.names["inside.example"] = ["10.0.0.1"]

    assert reaching.failure_of("https://school.example/") == "It leads into a private network."
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "url",
    ["http://school.example/", "ftp://school.example/", "https://", "https://me:secret@school.example/"],
)
def test_what_is_not_https_or_carries_a_password_is_not_asked(web, url):
    assert reaching.failure_of(url) == "It leads to an address that isn’t https."
    assert web.asked == []


def test_a_redirection_away_from_https_is_not_followed(web):
    web.answers["HEAD school.example/"] = (301, "http://school.example/")

    assert reaching.failure_of("https://school.example/") == "It leads to an address that isn’t https."


def test_it_does_not_go_round_in_circles_for_ever(web):
    web.answers["HEAD school.example/"] = (301, "/")

    assert reaching.failure_of("https://school.example/") == "It leads on and on to other addresses."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "It doesn’t answer within 10 seconds."),
        (ssl.SSLCertVerificationError(), "Its certificate isn’t valid."),
        (ConnectionRefusedError(), "It can’t be reached."),
        (ValueError(), "It can’t be reached."),
    ],
)
def test_whatever_goes_wrong_is_a_sentence(web, error, said):
    web.answers["HEAD school.example/"] = error

    assert reaching.failure_of("https://school.example/") == said


def test_a_name_that_nobody_knows_is_a_sentence(monkeypatch):
    def unknown(host, port):
        raise socket.gaierror

    monkeypatch.setattr(reaching, "addresses_of", unknown)

    assert reaching.failure_of("https://nowhere.example/") == "It can’t be reached."


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    tried = []

    def connect(address, *args):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(ConnectionRefusedError):
        reaching.open_address(PUBLIC, "school.example", 443, "HEAD", "/")
    assert tried == [(PUBLIC, 443)]
