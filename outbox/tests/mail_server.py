"""A mail server on this machine that says what a test wants it to say."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message as Email

DROP = "drop"  # in place of a reply: close the connection without a word


class MailServer(socketserver.ThreadingTCPServer):
    """`replies` gives for (verb, address) what to answer in place of "250 OK"; what was accepted is in `received`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, replies: dict[tuple[str, str], str]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.replies = replies
        self.received: list[Email] = []
        self.connections = 0

    @property
    def addresses(self) -> list[str]:
        return [email["To"] for email in self.received]


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer
    receiver = ""

    def handle(self) -> None:
        self.server.connections += 1
        if not self.say(self.server.replies.get(("CONNECT", ""), "220 ready")):
            return
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "RCPT":
                self.receiver = line.split("<")[1].split(">")[0]
            if verb == "QUIT":
                self.say("221 bye")
                return
            known = self.server.replies.get((verb, self.receiver))
            if not self.say(known or ("354 go on" if verb == "DATA" else "250 OK")):
                return
            if verb == "DATA" and not known and not self.take():
                return

    def take(self) -> bool:
        lines = iter(self.rfile.readline, b".\r\n")
        email = message_from_bytes(b"".join(lines))
        reply = self.server.replies.get(("BODY", self.receiver), "250 taken")
        if reply.startswith("250"):
            self.server.received.append(email)
        return self.say(reply)

    def say(self, reply: str) -> bool:
        if reply == DROP:
            return False
        self.wfile.write(f"{reply}\r\n".encode())
        return not reply.startswith("421")


@contextmanager
def mail_server(settings, replies: dict[tuple[str, str], str] | None = None):
    """The server at work, and Django's mail turned to it."""
    with MailServer(replies or {}) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()
        thread.join()
