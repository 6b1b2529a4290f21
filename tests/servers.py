"""True servers, each started by the tests for themselves: IMAP, SMTP, PostgreSQL.

A test that needs one is skipped, with the reason, where it is not installed.
"""

from __future__ import annotations

import base64
import getpass
import grp
import hmac
import json
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

USER, PASSWORD = "pmo@exemple.invalid", "Mot de passe é 1"


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Trust:
    """An authority of the tests' own, and its certificate for this machine."""

    authority: trustme.CA
    certificate: trustme.LeafCert

    @classmethod
    def new(cls) -> Trust:
        """Make them."""
        authority = trustme.CA()
        return cls(authority, authority.issue_cert("localhost", "127.0.0.1"))

    def client(self) -> ssl.SSLContext:
        """Return what a client needs to trust the servers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return context

    def server(self) -> ssl.SSLContext:
        """Return what a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate.configure_cert(context)
        return context


@contextmanager
def public_folder() -> Iterator[Path]:
    """Give a folder that servers may enter which do not run as who runs the tests."""
    with tempfile.TemporaryDirectory(prefix="servers-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


_DOVECOT = """
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols = imap
ssl = required
ssl_cert = <{place}/cert.pem
ssl_key = <{place}/key.pem
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
mail_location = maildir:{place}/mail
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=plain {place}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {place}/oauth2
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {secure_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={place}/keys/
username_attribute = sub
"""
_KEY = b"a key of the tests"


def token() -> str:
    """Return a token of OAuth 2 that the server takes for its user's."""
    parts = (
        {"typ": "JWT", "alg": "HS256"},
        {"sub": USER, "iat": 1, "exp": 4_000_000_000},
    )
    told = ".".join(_plain64(json.dumps(part).encode()) for part in parts)
    return f"{told}.{_plain64(hmac.digest(_KEY, told.encode(), 'sha256'))}"


def _plain64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Imap:
    """A mail server that is running."""

    port: int
    secure_port: int
    trust: Trust


@contextmanager
def dovecot() -> Iterator[Imap]:
    """Give an IMAP server with one mailbox."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    if not Path(program).exists():
        pytest.skip("dovecot is not installed")
    who = pwd.getpwnam("dovecot" if os.geteuid() == 0 else getpass.getuser())
    trust, ports = Trust.new(), (free_port(), free_port())
    with public_folder() as place:
        trust.certificate.private_key_pem.write_to_path(place / "key.pem")
        trust.certificate.cert_chain_pems[0].write_to_path(place / "cert.pem")
        (place / "mail").mkdir()
        os.chown(place / "mail", who.pw_uid, who.pw_gid)
        told = _DOVECOT.format(
            place=place,
            user=who.pw_name,
            group=_group(who.pw_gid),
            uid=who.pw_uid,
            gid=who.pw_gid,
            port=ports[0],
            secure_port=ports[1],
        )
        (place / "conf").write_text(told)
        (place / "users").write_text(f"{USER}:{PASSWORD}\n")
        (place / "oauth2").write_text(_OAUTH2.format(place=place))
        (place / "keys" / "default" / "HS256").mkdir(parents=True)
        key = base64.b64encode(_KEY).decode()
        (place / "keys" / "default" / "HS256" / "default").write_text(key)
        command = [program, "-F", "-c", str(place / "conf")]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
            try:
                _until_listening(ports[1], server)
                yield Imap(*ports, trust)
            finally:
                server.terminate()


@contextmanager
def smtp(trust: Trust, security: str) -> Iterator[tuple[int, list[Envelope]]]:
    """Give the port of a server that takes mail over TLS, and what it took.

    It lets ``USER`` in with ``PASSWORD``, and knows nobody called *inconnu*.

    Args:
        trust: Its certificate.
        security: ``tls`` from the first byte, or ``starttls``.
    """
    taken: list[Envelope] = []

    class Handler:
        async def handle_RCPT(  # noqa: N802
            self,
            server: object,
            session: object,
            envelope: Envelope,
            address: str,
            options: object,
        ) -> str:
            if address.startswith("inconnu"):
                return "550 nobody of that name"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(  # noqa: N802
            self, server: object, session: object, envelope: Envelope
        ) -> str:
            taken.append(envelope)
            return "250 OK"

    def authenticate(*given: object) -> AuthResult:
        said = given[-1]
        right = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=said == right, handled=False)

    told = {"authenticator": authenticate, "auth_required": True, "hostname": "127.0.0.1", "port": free_port()}  # fmt: skip
    if security == "tls":
        controller = Controller(Handler(), ssl_context=trust.server(), auth_require_tls=False, **told)  # fmt: skip
    else:
        controller = Controller(Handler(), tls_context=trust.server(), require_starttls=True, **told)  # fmt: skip
    controller.start()
    try:
        yield controller.port, taken
    finally:
        controller.stop()


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the URL of a PostgreSQL server with an empty database."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not places:
        pytest.skip("PostgreSQL is not installed")
    programs, as_owner = places[-1].parent, []
    with public_folder() as place:
        if os.geteuid() == 0:  # it refuses to run as root
            as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]  # fmt: skip
            shutil.chown(place, "postgres", "postgres")
        data, port = place / "data", free_port()
        made = [str(programs / "initdb"), "-D", str(data), "-U", "pmo", "-A", "trust", "-N"]  # fmt: skip
        subprocess.run([*as_owner, *made], check=True, capture_output=True, cwd=place)
        run = [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(place), "-F"]  # fmt: skip
        with subprocess.Popen([*as_owner, *run], stderr=subprocess.PIPE, cwd=place) as server:  # fmt: skip
            try:
                _until_ready(programs / "pg_isready", port, server)
                yield f"postgresql://pmo@127.0.0.1:{port}/postgres"
            finally:
                server.send_signal(signal.SIGINT)  # at once, whoever is connected


def _until_ready(asks: Path, port: int, server: subprocess.Popen[bytes]) -> None:
    command = [str(asks), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while server.poll() is None:
        if subprocess.run(command, check=False).returncode == 0:
            return
    assert server.stderr is not None
    pytest.fail(f"the server ended: {server.stderr.read().decode()[-2000:]}")


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


def _until_listening(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers; one that ends instead says why."""
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    assert server.stderr is not None
    pytest.fail(f"the server ended: {server.stderr.read().decode()[-2000:]}")
